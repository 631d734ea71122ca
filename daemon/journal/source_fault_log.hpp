// Logs the faults of each polled source: one line per kind of fault in 5 minutes, with a count. The same for recoveries, and for
// how the rules judge a source. The last suppressed line is written after its 5 minutes if it still holds, so that the last
// line about a source is true.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/explain/changes.hpp"
#include "daemon/host/log.hpp"
#include "daemon/site/snapshot_builder.hpp"

namespace volt {

class SourceFaultLog {
public:
    /// Logs what is new since the last call, and suppressed lines that may be written now.
    void update(const LatestReadings& latest, Time now, Log& log);
    /// A change of a source (or its alarm) that update() does not log already; the same at most once in 5 minutes.
    void log_change(const Change& change, Level level, Time now, Log& log);
    /// Whether `change` is one of those.
    static bool is_about_source(const Change& change);

private:
    struct Line {
        std::string key;  ///< of the limit
        Level level = Level::warning;
        std::string text;
        const char* field = "SOURCE";
        std::string subject, reason, what;
        bool polled = false;  ///< from update(): holds while the health shows it
    };
    struct Seen {
        std::uint64_t failures = 0;
        std::string complaint;  ///< text of the last line, while it holds
        bool fault = false;     ///< of the last poll, logged or counted
    };
    struct Logged {
        std::string key, text;     ///< of the last line that was written
        std::optional<Line> held;  ///< the suppressed line after it
    };
    static Line fault_line(const std::string& name, const SourceHealth& health);
    static Line complaint_line(const std::string& name, const std::string& complaint);
    void check_source(const std::string& name, const SourceHealth& health, Time now, Log& log);
    void write(const std::string& source, const Line& line, Time now, Log& log);

    std::map<std::string, Seen> seen_;      ///< by source; as many as the mailbox has
    std::map<std::string, Logged> logged_;  ///< by source; at most 64
};

}  // namespace volt
