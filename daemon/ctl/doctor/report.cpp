#include "daemon/ctl/doctor/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "drivers/hidden.hpp"

namespace volt::ctl::doctor {

namespace {

std::ptrdiff_t count(const std::vector<Check>& checks, Outcome outcome) {
    return std::count_if(checks.begin(), checks.end(), [outcome](const Check& it) { return it.opinion.outcome == outcome; });
}

void add(std::vector<std::string>& lines, const std::vector<Check>& checks, Outcome outcome, Colour colour, const Paint& paint) {
    for (const Check& check : checks) {
        if (check.opinion.outcome != outcome) continue;
        lines.push_back(fmt::format("{} {}: {}", paint(colour, padded(name_of(outcome), 4)), paint(Colour::bold, check.id),
                                    without_hidden(check.opinion.text, '?')));
        if (!check.opinion.remedy.empty()) lines.push_back("       " + without_hidden(check.opinion.remedy, '?'));
    }
}

/// Adds the skipped checks, grouped by reason, with `run with sudo` beside it.
void add_skipped(std::vector<std::string>& lines, const std::vector<Check>& checks, const Paint& paint) {
    std::vector<std::string> reasons;
    std::map<std::string, std::string> ids;
    for (const Check& check : checks) {
        if (check.opinion.outcome != Outcome::skipped) continue;
        const std::string why = check.opinion.text + (check.opinion.remedy.empty() ? "" : "; " + check.opinion.remedy);
        std::string& list = ids[why];
        if (list.empty()) reasons.push_back(why);
        list += (list.empty() ? "" : ", ") + check.id;
    }
    for (const std::string& why : reasons)
        lines.push_back(paint(Colour::dim, fmt::format("skip {}: {}", ids[why], without_hidden(why, '?'))));
}

}  // namespace

bool is_content(const std::vector<Check>& checks, bool strict) {
    return count(checks, Outcome::fail) == 0 && (!strict || count(checks, Outcome::warn) == 0);
}

Json report_json(const ReportHead& head, const std::vector<Check>& checks, bool strict) {
    Json json{{"ok", is_content(checks, strict)}, {"at", head.at},
              {"version", VOLT_VERSION},          {"site", head.site.empty() ? Json() : Json(head.site)},
              {"counts", Json::object()},         {"checks", Json::array()}};
    for (const Outcome outcome : {Outcome::ok, Outcome::warn, Outcome::fail, Outcome::skipped})
        json["counts"][name_of(outcome)] = count(checks, outcome);
    for (const Check& check : checks)
        json["checks"].push_back({{"id", check.id},
                                  {"state", name_of(check.opinion.outcome)},
                                  {"text", check.opinion.text},
                                  {"remedy", check.opinion.remedy.empty() ? Json() : Json(check.opinion.remedy)},
                                  {"ms", check.ms}});
    return json;
}

std::vector<std::string> report_lines(const std::vector<Check>& checks, const Paint& paint) {
    std::vector<std::string> lines;
    add(lines, checks, Outcome::fail, Colour::red, paint);
    add(lines, checks, Outcome::warn, Colour::yellow, paint);
    add_skipped(lines, checks, paint);
    lines.push_back(paint(Colour::green, fmt::format("{} ok", count(checks, Outcome::ok))) +
                    fmt::format(", {} warn, {} fail, {} skipped", count(checks, Outcome::warn), count(checks, Outcome::fail),
                                count(checks, Outcome::skipped)));
    return lines;
}

}  // namespace volt::ctl::doctor
