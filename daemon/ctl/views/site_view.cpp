#include "daemon/ctl/views/site_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/ctl/views/table.hpp"
#include "daemon/explain/explain.hpp"

namespace volt::ctl {

namespace {

bool is_critical(const Json& alarm) { return word(alarm, "severity") == "critical"; }

std::string lease_text(const Json& output) {
    const auto left = number(output, "lease_left_s");
    return word(output, "lease") + (left ? fmt::format(" {:.0f} s", *left) : "");
}

std::string confirmed_text(const Json& output) {
    const auto took = number(output, "confirmed_ms");
    return took ? fmt::format("{:.0f} ms", *took) : "-";
}

/// Returns the day of the newest proof of its timer, and the time measured then.
std::string proven_text(const Json& output) {
    const Json& proven = part(output, "proven");
    const auto seconds = number(proven, "measured_s");
    return seconds ? fmt::format("{}, {:.0f} s", word(proven, "at").substr(0, 10), *seconds) : "-";
}

}  // namespace

std::vector<std::pair<std::string, const Json*>> under(const Json& status, std::string_view prefix) {
    std::vector<std::pair<std::string, const Json*>> list;
    for (const auto& [key, value] : status.items())
        if (key.starts_with(prefix)) list.emplace_back(key.substr(prefix.size()), &value);
    return list;
}

std::vector<std::pair<std::string, const Json*>> alarms_of(const Json& status) {
    auto alarms = under(status, alarm_prefix);
    std::stable_sort(alarms.begin(), alarms.end(), [](const auto& a, const auto& b) {
        const int first = alarm_rank(alarm_code(a.first), is_critical(*a.second));
        const int second = alarm_rank(alarm_code(b.first), is_critical(*b.second));
        if (first != second) return first < second;
        return word(*a.second, "since") < word(*b.second, "since");
    });
    return alarms;
}

std::string output_state(const Json& output) {
    const auto level = number(output, "level");
    const std::string commanded = word(output, "commanded"), reported = word(output, "reported");
    std::string text = level && *level > 0 ? fmt::format("{:.0f}", *level) : reported;
    if (commanded != "unknown" && commanded != reported) text += " (commanded " + commanded + ")";
    const std::string would = word(output, "would_be");  // in shadow
    if (!would.empty() && would != reported) text += " (would be " + would + ")";
    return text;
}

std::vector<std::string> output_table(const Json& status, std::size_t width, const Paint& paint) {
    std::vector<Cells> rows{{"OUTPUT", "STATE", "SINCE", "POWER", "REACHABLE", "LEASE", "PROVEN", "CONFIRMED"}};
    for (const auto& [id, output] : under(status, output_prefix)) {
        const bool there = flag(*output, "available");
        rows.push_back({id, output_state(*output), site_moment(word(*output, "since"), status),
                        watts(number(*output, "measured_w")), there ? "yes" : paint(Colour::red, "no"), lease_text(*output),
                        proven_text(*output), confirmed_text(*output)});
    }
    if (rows.size() == 1) return {"voltd.yaml has no outputs"};
    return table_lines(rows, width, paint);
}

std::vector<std::string> alarm_table(const Json& status, std::size_t width, const Paint& paint) {
    std::vector<Cells> rows{{"ALARM", "SINCE", "WHAT"}};
    for (const auto& [name, alarm] : alarms_of(status)) {
        rows.push_back({paint(is_critical(*alarm) ? Colour::red : Colour::yellow, name),
                        site_moment(word(*alarm, "since"), status), word(*alarm, "text")});
        if (const std::string remedy = word(*alarm, "remedy"); !remedy.empty()) rows.push_back({"", "", "-> " + remedy});
    }
    if (rows.size() == 1) return {"no active alarms"};
    return table_lines(rows, width, paint);
}

Json list_under(const Json& status, std::string_view prefix, const char* key) {
    Json list = Json::array();
    for (const auto& [name, object] : under(status, prefix)) {
        Json entry{{key, name}};
        if (object->is_object()) entry.update(*object);
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace volt::ctl
