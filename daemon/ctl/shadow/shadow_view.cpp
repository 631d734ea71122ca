// Report of shadow mode as JSON, and as lines made from it.
#include <fmt/format.h>

#include "daemon/ctl/shadow/shadow_report.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/explain/json_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "drivers/iso_time.hpp"

namespace volt::ctl::shadow {

namespace {

constexpr const char* overstated =
    "The loads did not run, so the battery was fuller than it would have been. Trust the first start of each day; after it, the "
    "report shows longer runs than there would have been.";
constexpr const char *day_and_time = "%m-%d %H:%M:%S", *whole_moment = "%Y-%m-%d %H:%M";

Json iso(std::int64_t at_s) { return iso_time(at_s) + "Z"; }

std::int64_t minutes_of(std::int64_t seconds) { return (seconds + 30) / 60; }

Json run_json(const CountedRun& run) {
    return {{"from", iso(run.from_s)},          {"to", iso(run.to_s)},
            {"began_before", run.began_before}, {"goes_on", run.goes_on},
            {"start_reason", run.start_reason}, {"start_text", run.start_text},
            {"stop_reason", run.stop_reason},   {"stop_text", run.stop_text}};
}

Json really_json(const ShadowLoad& load) {
    if (!load.really) return nullptr;
    const LoadTally tally = tally_of(*load.really, load.draw);
    Json object{{"starts", tally.runs}, {"hours", hours_of(tally.on_s)}, {"runs", Json::array()}};
    for (const CountedRun& run : *load.really) object["runs"].push_back({{"from", iso(run.from_s)}, {"to", iso(run.to_s)}});
    return object;
}

Json load_json(const ShadowLoad& load) {
    Json object{{"load", load.load},
                {"name", load.name},
                {"kind", load.kind},
                {"starts", load.tally.runs},
                {"hours", hours_of(load.tally.on_s)},
                {"kwh", load.draw > Watts{} ? Json(kwh_of(load.tally.watt_seconds)) : Json(nullptr)},
                {"runs", Json::array()},
                {"really", really_json(load)},
                {"blocked", Json::array()}};
    for (const CountedRun& run : load.would) object["runs"].push_back(run_json(run));
    for (const auto& [gate, seconds] : load.blocked)
        object["blocked"].push_back({{"gate", gate}, {"minutes", minutes_of(seconds)}});
    return object;
}

std::string local(const Json& object, const char* key, const char* format) {
    const auto at = seconds_of(word(object, key));
    return at ? local_text(*at, format) : word(object, key);
}

std::string counted(const Json& load) {
    const double starts = number(load, "starts").value_or(0);
    std::string text = fmt::format("{:.2f} h, {:.0f} start{}", number(load, "hours").value_or(0), starts, starts == 1 ? "" : "s");
    if (const auto energy = number(load, "kwh")) text += fmt::format(", {:.1f} kWh", *energy);
    return text;
}

void add_runs(const Json& load, std::vector<std::string>& lines) {
    for (const Json& run : part(load, "runs")) {
        const auto from = seconds_of(word(run, "from")), to = seconds_of(word(run, "to"));
        const std::string span = from && to ? phrase(Duration{(*to - *from) * 1000}) : "";
        lines.push_back(fmt::format("  {}{} to {}{}, {}", local(run, "from", day_and_time),
                                    flag(run, "began_before") ? " (earlier)" : "", local(run, "to", day_and_time),
                                    flag(run, "goes_on") ? " (still running)" : "", span));
        for (const char* key : {"start_text", "stop_text"})
            if (const std::string text = word(run, key); !text.empty()) lines.push_back("      " + text);
    }
}

void add_load(const Json& load, const Paint& paint, std::vector<std::string>& lines) {
    lines.emplace_back();
    const bool ran = !part(load, "runs").empty();
    lines.push_back(paint(Colour::bold, word(load, "name")) +
                    (ran ? ": would have run " + counted(load) : ": would not have run"));
    if (const Json& really = part(load, "really"); !really.empty())
        lines.push_back("  actual, as its output reported: " + counted(really));
    add_runs(load, lines);
    std::string blocked;
    for (const Json& gate : part(load, "blocked"))
        blocked +=
            fmt::format("{}{} {:.0f} min", blocked.empty() ? "" : ", ", word(gate, "gate"), number(gate, "minutes").value_or(0));
    if (!blocked.empty()) lines.push_back("  blocked longest by: " + blocked);
}

std::string coverage(const Json& covered) {
    return fmt::format("{:.1f} % (voltage {:.1f} %, power {:.1f} %, clock {:.1f} %)", number(covered, "pct").value_or(0),
                       number(covered, "voltage_pct").value_or(0), number(covered, "power_pct").value_or(0),
                       number(covered, "clock_pct").value_or(0));
}

void add_battery(const Json& battery, const Paint& paint, std::vector<std::string>& lines) {
    const Json& lowest = part(battery, "lowest_v");
    lines.emplace_back();
    const bool known = number(lowest, "recorded").has_value();
    lines.push_back(paint(Colour::bold, "Battery") +
                    (known ? fmt::format(": lowest {}, with the sag of these loads {}", volts(number(lowest, "recorded")),
                                         volts(number(lowest, "with_loads")))
                           : std::string(": no voltage was recorded")));
    std::string stages;
    for (const auto& [stage, minutes] : part(battery, "stage_min").items())
        stages += fmt::format("{}{} {} min", stages.empty() ? "" : ", ", stage, minutes.get<std::int64_t>());
    if (!stages.empty()) lines.push_back("  stages: " + stages);
    lines.push_back(std::string("  ") + overstated);
}

}  // namespace

Json shadow_json(const ShadowReport& report) {
    const Covered& covered = report.covered;
    Json object{
        {"from", iso(report.range.from_s)},
        {"to", iso(report.range.to_s)},
        {"covered",
         {{"pct", percent_of(covered.all_s, covered.of_s)},
          {"voltage_pct", percent_of(covered.voltage_s, covered.of_s)},
          {"power_pct", percent_of(covered.power_s, covered.of_s)},
          {"clock_pct", percent_of(covered.clock_s, covered.of_s)}}},
        {"loads", Json::array()},
        {"battery",
         {{"lowest_v",
           {{"recorded", json::number_or_null(report.lowest)}, {"with_loads", json::number_or_null(report.lowest_with_loads)}}},
          {"stage_min", Json::object()}}},
        {"noticed", report.noticed},
        {"notes", report.notes},
        {"limit", overstated}};
    for (const ShadowLoad& load : report.loads) object["loads"].push_back(load_json(load));
    for (const auto& [stage, seconds] : report.stages) object["battery"]["stage_min"][stage] = minutes_of(seconds);
    return object;
}

std::vector<std::string> shadow_lines(const Json& report, const Paint& paint) {
    std::vector<std::string> lines;
    const Json& covered = part(report, "covered");
    const bool thin = number(covered, "pct").value_or(0) < least_covered_percent;
    if (thin)
        lines.push_back(paint(Colour::yellow, fmt::format("Usable voltage, power and clock in only {}: the report is incomplete",
                                                          coverage(covered))));
    lines.push_back(paint(Colour::bold, fmt::format("What voltd would have done from {} to {}",
                                                    local(report, "from", whole_moment), local(report, "to", whole_moment))));
    if (!thin) lines.push_back("  covered: " + coverage(covered));
    for (const Json& note : part(report, "notes")) lines.push_back("  " + note.get<std::string>());
    for (const Json& load : part(report, "loads")) add_load(load, paint, lines);
    add_battery(part(report, "battery"), paint, lines);
    if (const Json& noticed = part(report, "noticed"); !noticed.empty()) {
        lines.emplace_back();
        lines.push_back(paint(Colour::bold, "Noticed"));
        for (const Json& one : noticed) lines.push_back("  " + one.get<std::string>());
    }
    return lines;
}

}  // namespace volt::ctl::shadow
