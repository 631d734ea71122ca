// Alarms from outside the rules: sources, broker, database, configuration. Keeps the start of each.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/explain/site_view.hpp"
#include "drivers/source.hpp"
#include "drivers/store/store.hpp"

namespace volt {

/// An active problem.
struct SystemAlarm {
    AlarmCode code{};
    std::string subject;  ///< source or output; empty: none
    std::string text;
    bool critical = false;  ///< if not implied by the code
    std::string remedy{};   ///< with the name or address at hand; empty: that of the code
};

/// A source is an alarm from its third failure in a row.
inline constexpr std::uint64_t failures_until_alarm = 3;

/// What is polled over one link: the GX with all its units, or a Sol-Ark.
struct PolledDevice {
    std::string source;  ///< of its only unit, or `victron` for all `victron.…`
    std::string name;    ///< "GX"
    std::string host;
    int port = 0;
    std::string hint;  ///< what to check if it is silent
};
std::vector<PolledDevice> devices_of(const Config& config);
/// A device of which nothing answers is one alarm with its cause, whatever the number of its units.
std::vector<SystemAlarm> alarms_of(const std::vector<SourceHealth>& sources, const std::vector<PolledDevice>& devices, Time now);
std::vector<SystemAlarm> alarms_of(const StoreHealth& store);
/// `voltctl backup` failed twice in a row; or, where the file asks for backups, none is young enough at `now` (unknown while the clock
/// is not trusted).
std::vector<SystemAlarm> alarms_of(const BackupLog& backups, bool asked_for, std::optional<Utc> now);
/// The newest backup may be this old.
inline constexpr std::chrono::hours oldest_backup{15 * 24};
/// Rows of the database that break a rule (only another program can write those), and a time zone that is none.
std::vector<SystemAlarm> alarms_of(const Settings& settings, const std::string& unknown_zone);

class SystemAlarms {
public:
    /// All active alarms; an alarm keeps its `since` as long as its code and subject stay.
    std::vector<SiteAlarm> update(const std::vector<SystemAlarm>& active, Time now);

private:
    std::map<std::string, Time> since_;  ///< by code and subject; as many as there are alarms
};

}  // namespace volt
