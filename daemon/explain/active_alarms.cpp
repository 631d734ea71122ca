#include "daemon/explain/active_alarms.hpp"

#include <algorithm>
#include <tuple>

#include "daemon/explain/explain.hpp"
#include "rules/names.hpp"

namespace volt {

std::vector<ActiveAlarm> active_alarms(const SiteView& view) {
    std::vector<ActiveAlarm> all;
    for (const Alarm& alarm : view.decision().alarms)
        all.push_back({alarm.code, alarm_name(alarm.code, alarm_subject(view.policy(), alarm)), alarm.since,
                       explain_alarm(view.scene, alarm), severity_of(alarm.code), remedy_for(view.policy(), alarm)});
    const std::size_t of_rules = all.size();
    for (const SiteAlarm& alarm : view.alarms) {
        ActiveAlarm active{alarm.code,     alarm_name(alarm.code, alarm.subject),
                           alarm.since,    alarm.text,
                           alarm.severity, alarm.remedy.empty() ? remedy_of(alarm.code) : alarm.remedy};
        const auto end = all.begin() + static_cast<std::ptrdiff_t>(of_rules);
        const auto same = std::find_if(all.begin(), end, [&](const ActiveAlarm& it) { return it.name == active.name; });
        if (same == end) all.push_back(std::move(active));
        else {
            same->text += ". " + active.text;
            if (!alarm.remedy.empty()) same->remedy = alarm.remedy;
        }
    }
    const auto rank = [](const ActiveAlarm& it) { return std::tuple(alarm_rank(it.code, it.severity == "critical"), it.since); };
    std::stable_sort(all.begin(), all.end(), [rank](const ActiveAlarm& a, const ActiveAlarm& b) { return rank(a) < rank(b); });
    return all;
}

}  // namespace volt
