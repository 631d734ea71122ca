#include "daemon/site_alarms.hpp"

#include <fmt/format.h>

namespace volt {

std::vector<Trouble> troubles_of(const std::vector<SourceHealth>& sources) {
    std::vector<Trouble> troubles;
    for (const SourceHealth& source : sources)
        if (source.consecutive_failures >= failures_until_alarm)
            troubles.push_back({"source_failing", source.name,
                                fmt::format("{} failed {} times in a row: {}", source.name,
                                            source.consecutive_failures, source.last_error)});
    return troubles;
}

std::vector<Trouble> troubles_of(const StoreHealth& store) {
    std::vector<Trouble> troubles;
    if (store.disk_full)
        troubles.push_back({"disk_full", "", "The disk is full: history stops, control goes on. " + store.text});
    else if (store.failing)
        troubles.push_back({"database_failing", "", "The database cannot be written, control goes on from memory. " + store.text});
    if (store.restored)
        troubles.push_back({"database_restored", "", store.text + " Once you have looked: `voltctl db acknowledge`."});
    return troubles;
}

std::vector<Trouble> troubles_of(const Settings& settings, const std::string& unknown_zone) {
    std::vector<Trouble> troubles;
    if (!settings.problems.empty())
        troubles.push_back({"config_rejected", "settings",
                            fmt::format("{} of the settings in the database not taken: {}", settings.problems.size(),
                                        settings.problems.front())});
    if (!unknown_zone.empty())
        troubles.push_back({"config_rejected", "timezone",
                            fmt::format("There is no time zone '{}': the one before (at start UTC) goes on; a name as in "
                                        "America/Los_Angeles: voltctl prefs set timezone=NAME", unknown_zone)});
    return troubles;
}

std::vector<SiteAlarm> SiteAlarms::update(const std::vector<Trouble>& troubles, Time now) {
    std::vector<SiteAlarm> alarms;
    std::map<std::string, Time> still;
    for (const Trouble& trouble : troubles) {
        const std::string key = trouble.code + "/" + trouble.subject;
        const auto known = since_.find(key);
        const Time since = known != since_.end() ? known->second : now;
        still.emplace(key, since);
        const char* severity = trouble.critical || trouble.code == "charge_not_blocked" ? "critical" : "warning";
        alarms.push_back({trouble.code, trouble.subject, since, trouble.text, severity});
    }
    since_ = std::move(still);
    return alarms;
}

}  // namespace volt
