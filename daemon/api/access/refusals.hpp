// Refusals: requests that were refused, as lines of the log: one of a kind a minute, however many there are.
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

    /// One from this address. Nothing of what the client sent is kept.
    void note(RefusalKind kind, const std::string& peer);
    /// The lines that are due at `now` (monotonic), at most one of a kind and minute; each counts those that had none.
    std::vector<std::string> take(Time now);

private:
    struct Seen {
        std::string peer{};  ///< of the latest
        std::size_t count = 0;
        std::optional<Time> taken{};
    };
    std::mutex mutex_;
    std::array<Seen, 5> seen_{};  ///< by kind
};

}  // namespace volt::api
