#include "daemon/site/system_alarms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/phrase.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

bool belongs_to(const SourceHealth& source, const PolledDevice& device) {
    return source.name == device.source || source.name.starts_with(device.source + ".");
}

/// Returns true if none of its units answers: the link or the device is down, not a single unit.
bool is_silent(const std::vector<SourceHealth>& sources, const PolledDevice& device) {
    bool alarm = false;
    for (const SourceHealth& source : sources) {
        if (!belongs_to(source, device) || source.fault == Fault::absent) continue;
        if (source.fault != Fault::reconnect) return false;
        alarm = alarm || source.consecutive_failures >= failures_until_alarm;
    }
    return alarm;
}

SystemAlarm silence_of(const std::vector<SourceHealth>& sources, const PolledDevice& device, Time now) {
    std::optional<Time> last;
    for (const SourceHealth& source : sources)
        if (belongs_to(source, device) && source.ever_succeeded)
            last = std::max(last.value_or(source.last_success), source.last_success);
    const std::string span = last ? "for " + phrase(now - *last) : std::string("since voltd started");
    return {AlarmCode::source_failing, device.source,
            fmt::format("The {} at {}:{} has not answered {} ({})", device.name, device.host, device.port, span, device.hint),
            false, fmt::format("Check its power and network: voltctl probe {}", device.host)};
}

}  // namespace

std::vector<PolledDevice> devices_of(const Config& config) {
    std::vector<PolledDevice> devices;
    if (config.victron)
        devices.push_back(
            {"victron", "GX", config.victron->host, config.victron->port, "is it powered and on the network? is Modbus TCP on?"});
    const auto add = [&devices](const auto& sol_ark, const char* source) {
        if (!sol_ark) return;
        const char* other = sol_ark->framing == Framing::tcp ? "does it need framing: rtu?" : "does it need framing: tcp?";
        devices.push_back({source, "Sol-Ark", sol_ark->host, sol_ark->port,
                           fmt::format("is it powered and on the network? is its adapter? {}", other)});
    };
    add(config.sol_ark, "sol_ark");
    add(config.sol_ark_2, "sol_ark_2");
    return devices;
}

std::vector<SystemAlarm> alarms_of(const std::vector<SourceHealth>& sources, const std::vector<PolledDevice>& devices, Time now) {
    std::vector<SystemAlarm> alarms;
    for (const SourceHealth& source : sources)
        if (source.complaint_level > 0 && source.consecutive_failures < failures_until_alarm)
            alarms.push_back({source.complaint_level > 1 ? AlarmCode::device_fault : AlarmCode::device_warning, source.name,
                              fmt::format("{} reports: {}", source.name, source.complaint)});
    std::vector<const PolledDevice*> silent;
    for (const PolledDevice& device : devices)
        if (is_silent(sources, device)) silent.push_back(&device);
    for (const PolledDevice* device : silent) alarms.push_back(silence_of(sources, *device, now));
    for (const SourceHealth& source : sources) {
        const auto covers = [&source](const PolledDevice* device) { return belongs_to(source, *device); };
        if (source.consecutive_failures < failures_until_alarm || std::any_of(silent.begin(), silent.end(), covers)) continue;
        const auto device =
            std::find_if(devices.begin(), devices.end(), [&source](const PolledDevice& it) { return belongs_to(source, it); });
        alarms.push_back(
            {AlarmCode::source_failing, source.name,
             fmt::format("{} failed {} times in a row: {}", source.name, source.consecutive_failures, source.last_error), false,
             device == devices.end() ? "" : fmt::format("See what answers there: voltctl probe {}", device->host)});
    }
    return alarms;
}

std::vector<SystemAlarm> alarms_of(const StoreHealth& store) {
    std::vector<SystemAlarm> alarms;
    if (store.disk_full)
        alarms.push_back(
            {AlarmCode::disk_full, "", "The disk is full: history is not recorded, control continues", false, store.text});
    else if (store.failing)
        alarms.push_back({AlarmCode::database_failing, "",
                          "The database cannot be written; control continues from memory. " + store.text, false,
                          store.not_ours.empty() ? "" : "Give it back to voltd: sudo chown voltd:voltd " + store.not_ours});
    if (store.restored) alarms.push_back({AlarmCode::database_restored, "", store.text});
    if (!store.settings_damaged.empty()) alarms.push_back({AlarmCode::settings_damaged, "", store.settings_damaged});
    if (!store.clock_jumped.empty()) alarms.push_back({AlarmCode::clock_jumped, "", store.clock_jumped});
    return alarms;
}

std::vector<SystemAlarm> alarms_of(const BackupLog& backups, bool asked_for, std::optional<Utc> now) {
    if (!backups.error.empty()) return {{AlarmCode::backup_failed, "", "The last two backups failed: " + backups.error}};
    const auto from = backups.newest ? backups.newest : backups.begun;
    if (!asked_for || !now || !from || *now - *from <= oldest_backup) return {};
    const auto days = std::chrono::duration_cast<std::chrono::hours>(*now - *from).count() / 24;
    return {{AlarmCode::backup_failed, "",
             backups.newest ? fmt::format("The newest backup is {} days old: the weekly one is not made", days)
                            : fmt::format("The database is {} days old, and no backup was made yet", days)}};
}

std::vector<SystemAlarm> alarms_of(const Settings& settings, const std::string& unknown_zone) {
    std::vector<SystemAlarm> alarms;
    if (!settings.problems.empty())
        alarms.push_back({AlarmCode::config_rejected, "settings",
                          fmt::format("{} of the settings in the database rejected: {}", settings.problems.size(),
                                      settings.problems.front())});
    if (!settings.left_out.empty())
        alarms.push_back({AlarmCode::settings_cut, "", fmt::format("{}", fmt::join(settings.left_out, "; "))});
    // Joins the rules' alarm with this code, which is active while local time is not trusted.
    if (!unknown_zone.empty())
        alarms.push_back(
            {AlarmCode::clock_untrusted, "", fmt::format("This computer knows no time zone '{}'", unknown_zone), false,
             "voltctl prefs set timezone=NAME, such as America/Denver; or sudo apt install tzdata (old names: tzdata-legacy)"});
    return alarms;
}

std::vector<SiteAlarm> SystemAlarms::update(const std::vector<SystemAlarm>& active, Time now) {
    std::vector<SiteAlarm> alarms;
    std::map<std::string, Time> still;
    for (const SystemAlarm& alarm : active) {
        const std::string name = alarm_name(alarm.code, alarm.subject);
        const auto known = since_.find(name);
        const Time since = known != since_.end() ? known->second : now;
        still.emplace(name, since);
        alarms.push_back(
            {alarm.code, alarm.subject, since, alarm.text, alarm.critical ? "critical" : severity_of(alarm.code), alarm.remedy});
    }
    since_ = std::move(still);
    return alarms;
}

}  // namespace volt
