// LiveChanges: which objects moved between the pages of the loop, so that a browser that polls receives only those. It compares
// texts on the server's thread that asks; the loop knows nothing of it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/journal/status_snapshot.hpp"

namespace volt::api {

/// An object's text without what changes by itself (`at`, ages, run times); its times left, in ms, are apart.
struct StillText {
    std::string text;
    std::vector<std::int64_t> left_ms;
};
/// Expects what this program writes: valid JSON without spaces.
StillText still_text(const std::string& json);

/// One thread at a time.
class LiveChanges {
public:
    /// Pages of which a reader may ask what moved since.
    static constexpr std::size_t most_kept = 64;
    /// Removed objects that are remembered; beyond them every reader receives everything.
    static constexpr std::size_t most_gone = 1024;
    /// A time left that is off by this much has moved.
    static constexpr Duration tolerance = 2s;

    struct Difference {
        bool full = true;
        std::vector<std::pair<std::string, std::string>> objects;  ///< topic and JSON
        std::vector<std::string> gone;                             ///< topics
        std::vector<std::string> events;                           ///< JSON, oldest first
    };

    /// The newest page; an older one than the last is ignored.
    void take(std::shared_ptr<const StatusSnapshot> page);
    const StatusSnapshot& page() const { return *page_; }
    /// What a reader needs who has the page of turn `after` (none: nothing). `now`: of a source only its state counts.
    Difference since(std::optional<std::uint64_t> after, bool now) const;

private:
    struct Kept {
        StillText still;
        Time at{};                      ///< of `still`
        std::string state;              ///< of a source
        std::uint64_t moved = 0;        ///< the turn
        std::uint64_t state_moved = 0;  ///< of a source
        std::uint64_t seen = 0;         ///< the newest turn that has it
    };
    struct Mark {
        std::uint64_t turn = 0, events = 0;
    };
    void compare(const std::string& topic, const std::string& json);
    const Mark* mark_of(std::uint64_t after) const;

    std::shared_ptr<const StatusSnapshot> page_;
    std::deque<Mark> marks_;                     ///< of the kept pages, oldest first
    std::map<std::string, Kept> objects_;        ///< by topic
    std::map<std::string, std::uint64_t> gone_;  ///< topic and turn
};

}  // namespace volt::api
