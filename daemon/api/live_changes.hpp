// LiveChanges: finds the objects that changed between the pages of the loop, so that a polling browser receives only those. It
// compares texts on the server thread of the request; the loop is not involved.
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

/// Text of an object without parts that change by themselves (`at`, ages, run times). Its remaining times in ms are separate.
struct StillText {
    std::string text;
    std::vector<std::int64_t> left_ms;
};
/// Returns the parts of an object. Expects this program's format: valid JSON without spaces.
StillText still_text(const std::string& json);

/// Use from one thread at a time.
class LiveChanges {
public:
    /// Maximum pages for which a reader may request changes.
    static constexpr std::size_t most_kept = 64;
    /// Maximum removed objects to remember. Beyond them every reader receives everything.
    static constexpr std::size_t most_gone = 1024;
    /// Difference from which a remaining time counts as changed.
    static constexpr Duration tolerance = 2s;

    struct Difference {
        bool full = true;
        std::vector<std::pair<std::string, std::string>> objects;  ///< topic and JSON
        std::vector<std::string> gone;                             ///< topics
        std::vector<std::string> events;                           ///< JSON, oldest first
    };

    /// Takes the newest page. Ignores one older than the last.
    void take(std::shared_ptr<const StatusSnapshot> page);
    const StatusSnapshot& page() const { return *page_; }
    /// Returns the changes for a reader with the page of turn `after` (nothing: no page). `now`: for a source only its state
    /// counts.
    Difference since(std::optional<std::uint64_t> after, bool now) const;

private:
    struct Kept {
        StillText still;
        Time at{};                      ///< time of `still`
        std::string state;              ///< for a source
        std::uint64_t moved = 0;        ///< turn of the last change
        std::uint64_t state_moved = 0;  ///< turn of the last change of a source's state
        std::uint64_t seen = 0;         ///< newest turn that has it
    };
    struct Mark {
        std::uint64_t turn = 0, events = 0;
    };
    void compare(const std::string& topic, const std::string& json);
    const Mark* mark_of(std::uint64_t after) const;

    std::shared_ptr<const StatusSnapshot> page_;
    std::deque<Mark> marks_;                     ///< marks of the kept pages, oldest first
    std::map<std::string, Kept> objects_;        ///< by topic
    std::map<std::string, std::uint64_t> gone_;  ///< topic and turn
};

}  // namespace volt::api
