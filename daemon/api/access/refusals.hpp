// Refusals: log lines about rejected requests, at most one of a kind per minute.
#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "rules/time.hpp"

namespace volt::api {

enum class RefusalKind : std::uint8_t { name, page, key, session, code };

/// Safe from any thread.
class Refusals {
public:
    static constexpr Duration pause = 1min;

    /// Counts one from this address. Keeps nothing that the client sent.
    void note(RefusalKind kind, const std::string& peer);
    /// Returns the lines due at `now` (monotonic), at most one of a kind per minute. Each counts the suppressed ones.
    std::vector<std::string> take(Time now);

private:
    struct Seen {
        std::string peer{};  ///< address of the latest
        std::size_t count = 0;
        std::optional<Time> taken{};
    };
    std::mutex mutex_;
    std::array<Seen, 5> seen_{};  ///< by kind
};

}  // namespace volt::api
