// Alarms from outside the rules: sources, broker, database, configuration. Keeps the start time of each.
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

/// Active problem.
struct SystemAlarm {
    AlarmCode code{};
    std::string subject;  ///< source or output, or empty if none
    std::string text;
    bool critical = false;  ///< set if the code does not imply it
    std::string remedy{};   ///< with the actual name or address, or empty to use the remedy of the code
};

/// Consecutive failures before a source raises an alarm.
inline constexpr std::uint64_t failures_until_alarm = 3;

/// Device polled over one link: the GX with all its units, or a Sol-Ark.
struct PolledDevice {
    std::string source;  ///< its only unit, or `victron` for all `victron.…`
    std::string name;    ///< "GX"
    std::string host;
    int port = 0;
    std::string hint;  ///< what to check if the device is silent
};
std::vector<PolledDevice> devices_of(const Config& config);
/// Returns one alarm with the cause for each silent device, whatever its number of units.
std::vector<SystemAlarm> alarms_of(const std::vector<SourceHealth>& sources, const std::vector<PolledDevice>& devices, Time now);
std::vector<SystemAlarm> alarms_of(const StoreHealth& store);
/// Returns an alarm if `voltctl backup` failed twice in a row, or if backups are configured and none is recent enough at `now`
/// (unknown while the clock is not trusted).
std::vector<SystemAlarm> alarms_of(const BackupLog& backups, bool asked_for, std::optional<Utc> now);
/// Maximum age of the newest backup.
inline constexpr std::chrono::hours oldest_backup{15 * 24};
/// Returns alarms for database rows that break a rule (only another program can write those), and for an invalid time zone.
std::vector<SystemAlarm> alarms_of(const Settings& settings, const std::string& unknown_zone);

class SystemAlarms {
public:
    /// Returns all active alarms. An alarm keeps its `since` while its code and subject remain.
    std::vector<SiteAlarm> update(const std::vector<SystemAlarm>& active, Time now);

private:
    std::map<std::string, Time> since_;  ///< by code and subject; as many as there are alarms
};

}  // namespace volt
