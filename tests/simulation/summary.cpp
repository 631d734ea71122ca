#include "tests/simulation/summary.hpp"

#include <fmt/format.h>

#include "rules/names.hpp"

namespace volt::simulation {

namespace {

double per(std::int64_t count, double seconds) { return seconds > 0 ? static_cast<double>(count) / seconds : 0; }
double volts(std::int64_t cv) { return static_cast<double>(cv) / 100; }
double kwh(std::int64_t watt_seconds) { return static_cast<double>(watt_seconds) / 3.6e6; }
double hours(std::int64_t seconds) { return static_cast<double>(seconds) / 3600; }

const char* stage_name(std::size_t i) { return volt::name_of(static_cast<Stage>(i)); }
const char* alarm_name(std::size_t i) { return volt::name_of(static_cast<AlarmCode>(i)); }

std::string loads_text(const Totals& t) {
    std::string text;
    for (const auto& [slug, ws] : t.watt_seconds)
        text += fmt::format("  {:<24} {:>12.1f} kWh {:>8} starts\n", slug, kwh(ws), t.starts.at(slug));
    return text;
}

template <std::size_t n, class Name>
std::string counts_text(const std::array<std::int64_t, n>& counts, Name name, std::int64_t divide = 1) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i)
        if (counts[i] != 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name(i), counts[i] / divide);
    return text.empty() ? "none" : text;
}

template <std::size_t n, class Name>
std::string counts_json(const std::array<std::int64_t, n>& counts, Name name) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i)
        if (counts[i] != 0) text += fmt::format(R"({}"{}":{})", text.empty() ? "" : ",", name(i), counts[i]);
    return "{" + text + "}";
}

const char* what_name(std::size_t i) { return name_of(static_cast<What>(i)); }

}  // namespace

Summary summary_of(const std::vector<StretchResult>& results) {
    Summary summary;
    for (const StretchResult& one : results) {
        summary.totals.add(one.totals);
        summary.violations += one.violations.size();
        summary.broken_off = summary.broken_off || one.broken_off;
    }
    summary.hash = hash_of(results);
    return summary;
}

std::string text_of(const Summary& s) {
    const Totals& t = s.totals;
    std::string text = fmt::format(
        "{} site-days, {} ticks in {:.1f} s: {:.1f} site-days/s, {:.0f} ticks/s; {:.0f} ticks for each second of CPU\n", t.days,
        t.ticks, s.wall_s, per(t.days, s.wall_s), per(t.ticks, s.wall_s), per(t.ticks, s.cpu_s));
    text += "earned\n" + loads_text(t);
    text += "alarms   " + counts_text(t.alarms, alarm_name) + "\n";
    text += "hours    " + counts_text(t.stage_s, stage_name, 3600) + fmt::format("; dark {:.1f}\n", hours(t.dark_s));
    text += fmt::format("lowest   {:.2f} V, {:.2f} V while a load drew\n", volts(t.lowest_cv), volts(t.lowest_on_cv));
    text += "happened " + counts_text(t.happenings, what_name) +
            fmt::format("; {} starts of the daemon, {} settings put in force\n", t.restarts, t.settings);
    text += fmt::format(
        "quiet    at most {} starts of a miner in a day and {} in two hours, {} and {} of a heater; at most {} min that a miner "
        "could run and did not\n",
        t.most_starts[0], t.most_starts[1], t.most_starts[2], t.most_starts[3], t.longest_fair_s / 60);
    text += fmt::format("log      {:016x}{}\n", s.hash, s.broken_off ? " (ended early: of no use for comparing)" : "");
    return text + fmt::format("violations {}\n", s.violations);
}

std::string json_of(const Summary& s) {
    const Totals& t = s.totals;
    std::string loads;
    for (const auto& [slug, ws] : t.watt_seconds)
        loads +=
            fmt::format(R"({}"{}":{{"kwh":{:.3f},"starts":{}}})", loads.empty() ? "" : ",", slug, kwh(ws), t.starts.at(slug));
    return fmt::format(
               R"({{"days":{},"ticks":{},"wall_s":{:.3f},"cpu_s":{:.3f},"loads":{{{}}},"alarms":{},"stage_s":{},"dark_s":{},)"
               R"("lowest_v":{:.2f},"lowest_while_drawing_v":{:.2f},"happened":{},"daemon_starts":{},"settings":{},)"
               R"("most_starts_quiet":[{},{},{},{}],"longest_idle_s":{},"log_hash":"{:016x}","ended_early":{},"violations":{}}})",
               t.days, t.ticks, s.wall_s, s.cpu_s, loads, counts_json(t.alarms, alarm_name), counts_json(t.stage_s, stage_name),
               t.dark_s, volts(t.lowest_cv), volts(t.lowest_on_cv), counts_json(t.happenings, what_name), t.restarts, t.settings,
               t.most_starts[0], t.most_starts[1], t.most_starts[2], t.most_starts[3], t.longest_fair_s, s.hash, s.broken_off,
               s.violations) +
           "\n";
}

}  // namespace volt::simulation
