// Logs the faults of each polled source: one line per kind of fault in 5 minutes, with a count. Does the same for recoveries and
// for the rules' judgment of a source. Writes the last suppressed line after its 5 minutes if it still holds, so that the last
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
    /// Logs everything new since the last call, and suppressed lines that may now be written.
    void update(const LatestReadings& latest, Time now, Log& log);
    /// Logs a change of a source (or its alarm) that update() does not log. The same change at most once in 5 minutes.
    void log_change(const Change& change, Level level, Time now, Log& log);
    /// Returns true if `change` is about a source or its alarm.
    static bool is_about_source(const Change& change);

private:
    struct Line {
        std::string key;  ///< key of the rate limit
        Level level = Level::warning;
        std::string text;
        const char* field = "SOURCE";
        std::string subject, reason, what;
        bool polled = false;  ///< from update(): valid while the health shows it
    };
    struct Seen {
        std::uint64_t failures = 0;
        std::string complaint;  ///< text of the last line while it holds
        bool fault = false;     ///< last poll had a fault, logged or counted
    };
    struct Logged {
        std::string key, text;     ///< of the last written line
        std::optional<Line> held;  ///< suppressed line after it
    };
    static Line fault_line(const std::string& name, const SourceHealth& health);
    static Line complaint_line(const std::string& name, const std::string& complaint);
    void check_source(const std::string& name, const SourceHealth& health, Time now, Log& log);
    void write(const std::string& source, const Line& line, Time now, Log& log);

    std::map<std::string, Seen> seen_;      ///< by source; at most the sources of the mailbox
    std::map<std::string, Logged> logged_;  ///< by source; at most 64
};

}  // namespace volt
