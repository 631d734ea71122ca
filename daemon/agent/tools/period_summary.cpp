#include "daemon/agent/tools/period_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>

#include "daemon/ctl/views/text.hpp"
#include "drivers/iso_time.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t day_in_s = 86'400, most_summary_s = 400 * day_in_s;
constexpr const char* plot_points = "2000";
constexpr std::size_t most_runs = 2000;  // per answer of /api/runs to a key
constexpr std::size_t most_gaps = 20, most_alarms = 200;

double hundredths(double value) { return std::round(value * 100) / 100; }

const Json& line_of(const Json& plot, const char* series, const char* what) {
    static const Json none = Json::array();
    const auto all = plot.find("series");
    if (all == plot.end() || !all->contains(series)) return none;
    const auto found = all->at(series).find(what);
    return found == all->at(series).end() ? none : *found;
}

/// Returns null if no step has a value.
Json energy_kwh(const Json& watts, std::int64_t step_s) {
    double sum = 0;
    bool known = false;
    for (const Json& value : watts)
        if (value.is_number()) {
            sum += value.get<double>();
            known = true;
        }
    return known ? Json(hundredths(sum * static_cast<double>(step_s) / 3.6e6)) : Json(nullptr);
}

std::string step_time(const Json& plot, std::size_t step) { return iso_time(plot.at("t").at(step).get<std::int64_t>()) + "Z"; }

/// Drops everything beyond `most`, and notes it.
void cut_list(Json& answer, Json& list, std::size_t most) {
    if (list.size() <= most) return;
    while (list.size() > most) list.erase(list.size() - 1);
    answer["truncated"] = true;
    answer["narrow"] = narrower_period;
}

/// Returns the value that is `better` than all others, with its time.
template <class Better>
void add_extreme(Json& sums, const Json& plot, const char* line, const std::string& name, Better better) {
    const Json& values = line_of(plot, "battery.voltage_v", line);
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i].is_number() && (!best || better(values[i].get<double>(), values[*best].get<double>()))) best = i;
    sums[name + "_v"] = best ? values[*best] : Json(nullptr);
    sums[name + "_at"] = best ? Json(step_time(plot, *best)) : Json(nullptr);
}

void add_gaps(Json& sums, const Json& plot) {
    const Json& volts = line_of(plot, "battery.voltage_v", "mean");
    Json gaps = Json::array();
    std::size_t known = 0;
    for (std::size_t i = 0; i < volts.size(); ++i) {
        if (volts[i].is_number()) {
            ++known;
            continue;
        }
        const bool goes_on = i > 0 && !volts[i - 1].is_number();
        const std::string end = iso_time(plot.at("t").at(i).get<std::int64_t>() + plot.at("step_s").get<std::int64_t>()) + "Z";
        if (goes_on && !gaps.empty()) gaps.back()["to"] = end;
        else gaps.push_back({{"from", step_time(plot, i)}, {"to", end}});
    }
    cut_list(sums, gaps, most_gaps);
    sums["covered_pct"] =
        volts.empty() ? 0.0 : std::floor(1000.0 * static_cast<double>(known) / static_cast<double>(volts.size())) / 10;
    sums["gaps"] = std::move(gaps);
}

struct LoadSums {
    double hours = 0, kwh = 0;
    int starts = 0;
    bool energy_known = true;
    std::map<std::string, int> stops;
};

void add_run(LoadSums& sums, const Json& run, std::int64_t from_s, std::int64_t to_s) {
    const std::int64_t begin = ctl::seconds_of(ctl::word(run, "from")).value_or(from_s);
    const std::int64_t end = ctl::seconds_of(ctl::word(run, "to")).value_or(to_s);
    const std::int64_t within = std::max<std::int64_t>(0, std::min(end, to_s) - std::max(begin, from_s));
    sums.hours += static_cast<double>(within) / 3600;
    if (begin >= from_s && begin < to_s) ++sums.starts;
    const std::string why = ctl::word(run, "stop_reason");
    if (!why.empty() && end <= to_s) ++sums.stops[why];
    const auto wh = ctl::number(run, "wh");
    if (!wh) sums.energy_known = false;
    else if (end > begin) sums.kwh += *wh / 1000 * static_cast<double>(within) / static_cast<double>(end - begin);
}

/// Returns the alarms of the period, newest first.
Json alarms_of_events(const Json& events) {
    Json list = Json::array();
    for (const Json& event : events)
        list.push_back(
            {{"at", event.value("at", "")}, {"level", event.value("level", "")}, {"text", event.value("message", "")}});
    return list;
}

}  // namespace

Json sums_of_plot(const Json& plot) {
    const std::int64_t step_s = plot.value("step_s", std::int64_t{0});
    Json sums{{"pv_kwh", energy_kwh(line_of(plot, "power.pv_w", "mean"), step_s)},
              {"load_kwh", energy_kwh(line_of(plot, "power.load_w", "mean"), step_s)}};
    add_extreme(sums, plot, "min", "lowest", std::less<double>());
    add_extreme(sums, plot, "max", "highest", std::greater<double>());
    add_gaps(sums, plot);
    return sums;
}

Json sums_of_runs(const Json& runs, std::int64_t from_s, std::int64_t to_s) {
    std::map<std::string, LoadSums> all;
    for (const Json& run : runs) add_run(all[ctl::word(run, "load")], run, from_s, to_s);
    Json list = Json::array();
    for (const auto& [load, sums] : all)
        list.push_back({{"load", load},
                        {"hours", hundredths(sums.hours)},
                        {"starts", sums.starts},
                        {"kwh", sums.energy_known ? Json(hundredths(sums.kwh)) : Json(nullptr)},
                        {"stops", Json(sums.stops)}});
    return list;
}

ToolOutcome summarize_period(SiteLink& site, const Json& arguments, const CallTime& time) {
    const std::int64_t now = std::time(nullptr);
    const std::int64_t to = std::min(parse_iso_offset(arguments.value("to", "")).value_or(now), now);
    const std::int64_t from = parse_iso_offset(arguments.value("from", "")).value_or(to - day_in_s);
    if (from >= to) return {{}, "from must be before to, and before now"};
    if (to - from > most_summary_s)
        return {{}, fmt::format("the period is too long; at most {} days", most_summary_s / day_in_s)};
    SiteLink::Query range{{"from", iso_time(from) + "Z"}, {"to", iso_time(to) + "Z"}}, of_loads = range, of_plot = range;
    of_loads["limit"] = std::to_string(most_runs);
    if (arguments.contains("load")) {
        const SiteLink::Loads meant = site.loads_for(arguments.at("load"), time);
        if (!meant.error.empty()) return {{}, meant.error};
        if (meant.slugs.size() > 1) return {{}, "several loads match: name one of them"};
        of_loads["load"] = meant.slugs.front();
    }
    of_plot["series"] = "battery.voltage_v,power.pv_w,power.load_w";
    of_plot["points"] = plot_points;
    const SiteReply plot = site.get("/api/plot", of_plot, time), runs = site.get("/api/runs", of_loads, time);
    range["kind"] = "alarm";
    range["limit"] = std::to_string(most_alarms + 1);  // one more shows that there are more
    const SiteReply alarms = site.get("/api/events", range, time);
    for (const SiteReply* reply : {&plot, &runs, &alarms})
        if (!reply->error.empty()) return {{}, reply->error};
    if (runs.body.size() >= most_runs) return {{}, "the period has too many runs; ask for a shorter one, or for one load"};
    Json answer{{"from", iso_time(from) + "Z"}, {"to", iso_time(to) + "Z"}};
    answer.update(sums_of_plot(plot.body));
    Json of_period = alarms_of_events(alarms.body);
    cut_list(answer, of_period, most_alarms);
    answer["alarms"] = std::move(of_period);
    answer["loads"] = sums_of_runs(runs.body, from, to);
    return {std::move(answer), ""};
}

}  // namespace volt::agent
