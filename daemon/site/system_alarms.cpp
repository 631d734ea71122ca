#include "daemon/site/system_alarms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/explain/phrase.hpp"

namespace volt {

namespace {

bool belongs_to(const SourceHealth& source, const PolledDevice& device) {
    return source.name == device.source || source.name.starts_with(device.source + ".");
}

/// None of its units answers: the link or the device is down, not a single unit.
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
    return {"source_failing", device.source,
            fmt::format("The {} at {}:{} has not answered {} ({}). Check it: voltctl probe {}", device.name, device.host,
                        device.port, span, device.hint, device.host)};
}

}  // namespace

std::vector<PolledDevice> devices_of(const Config& config) {
    std::vector<PolledDevice> devices;
    if (config.victron)
        devices.push_back({"victron", "GX", config.victron->host, config.victron->port, "powered? network? Modbus TCP on?"});
    const auto add = [&devices](const auto& sol_ark, const char* source) {
        if (!sol_ark) return;
        const char* other = sol_ark->framing == Framing::tcp ? "framing: rtu?" : "framing: tcp?";
        devices.push_back({source, "Sol-Ark", sol_ark->host, sol_ark->port, fmt::format("powered? network? adapter? {}", other)});
    };
    add(config.sol_ark, "sol_ark");
    add(config.sol_ark_2, "sol_ark_2");
    return devices;
}

std::vector<SystemAlarm> troubles_of(const std::vector<SourceHealth>& sources, const std::vector<PolledDevice>& devices,
                                     Time now) {
    std::vector<SystemAlarm> troubles;
    std::vector<const PolledDevice*> silent;
    for (const PolledDevice& device : devices)
        if (is_silent(sources, device)) silent.push_back(&device);
    for (const PolledDevice* device : silent) troubles.push_back(silence_of(sources, *device, now));
    for (const SourceHealth& source : sources) {
        const auto covers = [&source](const PolledDevice* device) { return belongs_to(source, *device); };
        if (source.consecutive_failures < failures_until_alarm || std::any_of(silent.begin(), silent.end(), covers)) continue;
        const auto device =
            std::find_if(devices.begin(), devices.end(), [&source](const PolledDevice& it) { return belongs_to(source, it); });
        const std::string advice =
            device == devices.end() ? "" : fmt::format(". voltctl probe {} shows what answers there", device->host);
        troubles.push_back({"source_failing", source.name,
                            fmt::format("{} failed {} times in a row: {}{}", source.name, source.consecutive_failures,
                                        source.last_error, advice)});
    }
    return troubles;
}

std::vector<SystemAlarm> troubles_of(const StoreHealth& store) {
    std::vector<SystemAlarm> troubles;
    if (store.disk_full)
        troubles.push_back(
            {"disk_full", "",
             "The disk is full: history is not recorded, control continues. Free some space in the database's directory (" +
                 store.text + ")"});
    else if (store.failing)
        troubles.push_back(
            {"database_failing", "", "The database cannot be written; control continues from memory. " + store.text});
    if (store.restored)
        troubles.push_back({"database_restored", "", store.text + " Once you have checked the data: `voltctl db acknowledge`."});
    if (!store.settings_damaged.empty())
        troubles.push_back({"settings_damaged", "",
                            store.settings_damaged +
                                ". `voltctl db verify` names the columns; `voltctl settings restore` to the last "
                                "change, or any other edit, writes the good values back"});
    if (!store.clock_jumped.empty()) troubles.push_back({"clock_jumped", "", store.clock_jumped});
    return troubles;
}

std::vector<SystemAlarm> troubles_of(const Settings& settings, const std::string& unknown_zone) {
    std::vector<SystemAlarm> troubles;
    if (!settings.problems.empty())
        troubles.push_back({"config_rejected", "settings",
                            fmt::format("{} of the settings in the database rejected: {}", settings.problems.size(),
                                        settings.problems.front())});
    if (!settings.left_out.empty())
        troubles.push_back({"settings_cut", "", fmt::format("{}", fmt::join(settings.left_out, "; "))});
    if (!unknown_zone.empty())
        troubles.push_back({"config_rejected", "timezone",
                            fmt::format("Unknown time zone '{}'; keeping the previous one (UTC at start). Use a name such as "
                                        "America/Los_Angeles: voltctl prefs set timezone=NAME",
                                        unknown_zone)});
    return troubles;
}

std::vector<SiteAlarm> SystemAlarms::update(const std::vector<SystemAlarm>& troubles, Time now) {
    std::vector<SiteAlarm> alarms;
    std::map<std::string, Time> still;
    for (const SystemAlarm& trouble : troubles) {
        const std::string key = trouble.code + "/" + trouble.subject;
        const auto known = since_.find(key);
        const Time since = known != since_.end() ? known->second : now;
        still.emplace(key, since);
        const bool critical = trouble.critical || trouble.code == "charge_not_blocked" || trouble.code == "second_controller" ||
                              trouble.code == "settings_damaged";
        const char* severity = critical ? "critical" : "warning";
        alarms.push_back({trouble.code, trouble.subject, since, trouble.text, severity});
    }
    since_ = std::move(still);
    return alarms;
}

}  // namespace volt
