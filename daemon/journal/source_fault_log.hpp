// What went wrong with each polled source, in the log: one line for each kind of fault in 5 minutes, with a count.
// Recoveries, and what the rules think of a source, likewise. What was left out last is written when its 5 minutes are
// over and it still holds: the last line about a source is true.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/explain/changes.hpp"
#include "daemon/host/log.hpp"
#include "daemon/site/snapshot_builder.hpp"

namespace volt {

class SourceLog {
public:
    /// Writes what is new since the last look, and what was held back and may be written now.
    void look(const LatestReadings& slots, Time now, Log& log);
    /// A change of a source (or its alarm) that is not told by look() already; the same at most once in 5 minutes.
    void tell(const Change& change, Level level, Time now, Log& log);
    /// Whether `change` is one of those.
    static bool is_about_source(const Change& change);

private:
    struct Line {
        std::string key;  ///< of the limit
        Level level = Level::warning;
        std::string text;
        const char* field = "SOURCE";
        std::string subject, reason, what;
        bool polled = false;  ///< of look(): it holds while the health says so
    };
    struct Seen {
        std::uint64_t failures = 0;
        std::string complaint;  ///< text of the last line, if still true
        bool fault = false;     ///< of the last poll, logged or counted
    };
    struct Told {
        std::string key, text;     ///< of the last line that was written
        std::optional<Line> held;  ///< the suppressed line after it
    };
    static Line fault_line(const std::string& name, const SourceHealth& health);
    static Line complaint_line(const std::string& name, const std::string& complaint);
    void look_at(const std::string& name, const SourceHealth& health, Time now, Log& log);
    void write(const std::string& source, const Line& line, Time now, Log& log);

    std::map<std::string, Seen> seen_;  ///< by source; as many as the mailbox has
    std::map<std::string, Told> told_;  ///< by source; at most 64
};

}  // namespace volt
