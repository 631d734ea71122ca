// get_history, list_decisions, list_events, query_history, what_if: past data and replays.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "daemon/agent/tools/call_origin.hpp"
#include "daemon/agent/tools/period_summary.hpp"
#include "daemon/agent/tools/places.hpp"
#include "daemon/agent/tools/tool.hpp"
#include "daemon/whatif/record.hpp"
#include "drivers/iso_time.hpp"
#include "drivers/store/telemetry/guarded_query.hpp"
#include "drivers/store/telemetry/telemetry_rows.hpp"

namespace volt::agent {

namespace {

constexpr std::int64_t most_replayed_h = whatif::longest_range_s / 3600;
constexpr std::int64_t usual_history_points = 100, most_history_points = 400, usual_history_s = 86'400;

const ToolInput from_input{.name = "from", .kind = InputKind::time, .about = "default: one day before `to`"},
    to_input{.name = "to", .kind = InputKind::time, .about = "default: now"}, load_input{.name = "load", .about = "slug or name"},
    limit_input{.name = "limit", .kind = InputKind::whole, .least = 1, .most = 500, .fallback = 50},
    resolution_input{.name = "resolution",
                     .kind = InputKind::word,
                     .about = "points as they are kept",
                     .words = {"auto", "raw", "minute", "hour"}};

/// Returns text arguments of these names as a query, with times in the API's format.
SiteLink::Query query_of(const Json& arguments, std::initializer_list<const char*> keys) {
    SiteLink::Query query;
    for (const char* key : keys) {
        const auto found = arguments.find(key);
        if (found == arguments.end()) continue;
        const bool is_time = std::string_view(key) == from_input.name || std::string_view(key) == to_input.name;
        if (!found->is_string()) query[key] = found->dump();
        else query[key] = is_time ? iso_time(parse_iso_offset(*found).value_or(0)) + "Z" : found->get<std::string>();
    }
    return query;
}

/// Replaces the named load with its slug. Returns the error, or an empty string.
std::string name_load(SiteLink& site, SiteLink::Query& query, const CallTime& time) {
    const auto named = query.find("load");
    if (named == query.end()) return {};
    const SiteLink::Loads meant = site.loads_for(named->second, time);
    if (!meant.error.empty()) return meant.error;
    // A room has a fan and a heater. The API takes the room's slug for both.
    const std::string& first = meant.slugs.front();
    named->second = meant.slugs.size() == 1 ? first : first.substr(0, first.find('/'));
    return {};
}

ToolOutcome rows_of(SiteLink& site, const char* path, SiteLink::Query query, const CallTime& time) {
    if (std::string wrong = name_load(site, query, time); !wrong.empty()) return {{}, std::move(wrong)};
    SiteReply reply = site.get(path, query, time);
    if (!reply.error.empty()) return {{}, std::move(reply.error)};
    return {{{"rows", std::move(reply.body)}}, ""};
}

bool may_read_location(const CallTime& time) { return time.origin != nullptr && time.origin->location; }

ToolOutcome list_decisions(SiteLink& site, const Json& arguments, const CallTime& time) {
    return rows_of(site, "/api/decisions", query_of(arguments, {"load", "reason", "from", "to", "limit"}), time);
}

ToolOutcome list_events(SiteLink& site, const Json& arguments, const CallTime& time) {
    ToolOutcome found = rows_of(site, "/api/events", query_of(arguments, {"level", "kind", "from", "to", "limit"}), time);
    if (!may_read_location(time)) hide_places(found.answer);
    return found;
}

/// Points of a series, with their minimum, mean and maximum.
struct RangeSums {
    Json points = Json::array();
    double sum = 0, lowest = HUGE_VAL, highest = -HUGE_VAL;

    void add(const std::string& at, const Json& mean, double least, double greatest) {
        points.push_back(Json::array({at, mean}));
        sum += mean.get<double>();
        lowest = std::min(lowest, least);
        highest = std::max(highest, greatest);
    }
    Json answer(const Json& series, const Json& unit, const Json& step_s) const {
        const auto known = [&](double value) { return points.empty() ? Json(nullptr) : Json(std::round(value * 100) / 100); };
        return {{"series", series},
                {"unit", unit},
                {"step_s", step_s},
                {"min", known(lowest)},
                {"mean", known(sum / static_cast<double>(points.size()))},
                {"max", known(highest)},
                {"points", points}};
    }
};

/// Returns a range of a series in the requested number of points. min and max are those of the readings.
ToolOutcome points_of_plot(SiteLink& site, const SiteLink::Query& query, const Json& series, const CallTime& time) {
    const SiteReply reply = site.get("/api/plot", query, time);
    if (!reply.error.empty()) return {{}, reply.error};
    const auto lines = reply.body.find("series");
    if (lines == reply.body.end() || lines->size() != 1) return {{}, "name one series"};
    const Json &line = lines->front(), &mean = line.at("mean"), &at = reply.body.at("t");
    const Json &least = line.contains("min") ? line.at("min") : mean, &most = line.contains("max") ? line.at("max") : mean;
    RangeSums sums;
    for (std::size_t i = 0; i < std::min(at.size(), mean.size()); ++i)
        if (mean[i].is_number())
            sums.add(iso_time(at[i].get<std::int64_t>()) + "Z", mean[i], least.at(i).get<double>(), most.at(i).get<double>());
    return {sums.answer(series, line.at("unit"), reply.body.at("step_s")), ""};
}

/// Returns the error, whose remedy is a range with that many points of this length.
std::string too_many_points(std::int64_t most, std::int64_t step_s) {
    const std::int64_t most_s = most * step_s;
    const std::string range = most_s < 600 ? fmt::format("{} s", most_s) : fmt::format("{} min", most_s / 60);
    return fmt::format("more than {} points; ask for up to {} of them, a range of at most {}, or another resolution", most,
                       most_history_points, range);
}

/// Returns the stored points without merging any. Totals come from the readings.
ToolOutcome points_as_kept(SiteLink& site, const Json& arguments, Resolution resolution, const CallTime& time) {
    const std::int64_t most = arguments.value("points", usual_history_points), step_s = step_of(resolution);
    const std::int64_t to = parse_iso_offset(arguments.value("to", "")).value_or(std::time(nullptr));
    const std::int64_t from = parse_iso_offset(arguments.value("from", "")).value_or(to - usual_history_s);
    if (to - from > most * step_s) return {{}, too_many_points(most, step_s)};
    const Json& series = arguments.at("series");
    SiteLink::Query query{{"series", series.get<std::string>()}, {"from", iso_time(from) + "Z"}, {"to", iso_time(to) + "Z"}};
    SiteLink::Query kept_query = query;
    kept_query["resolution"] = arguments.at("resolution").get<std::string>();
    const SiteReply kept = site.get("/api/history", kept_query, time);
    if (!kept.error.empty()) return {{}, kept.error};
    const std::int64_t kept_s = kept.body.at("step_s").get<std::int64_t>();
    if (kept_s == 0) return {{}, series.get<std::string>() + " has words, not numbers; use list_decisions"};
    if (kept.body.at("points").size() > static_cast<std::size_t>(most)) return {{}, too_many_points(most, kept_s)};
    query["points"] = std::to_string(most);
    ToolOutcome whole = points_of_plot(site, query, series, time);
    if (!whole.error.empty()) return whole;
    whole.answer["step_s"] = kept_s;
    whole.answer["points"] = Json::array();
    for (const Json& point : kept.body.at("points"))
        whole.answer["points"].push_back(Json::array({point.at(0), std::round(point.at(1).get<double>() * 1000) / 1000}));
    return whole;
}

ToolOutcome get_history(SiteLink& site, const Json& arguments, const CallTime& time) {
    const auto resolution = resolution_of(arguments.value("resolution", "auto")).value_or(Resolution::automatic);
    if (resolution != Resolution::automatic) return points_as_kept(site, arguments, resolution, time);
    SiteLink::Query query = query_of(arguments, {"series", "from", "to", "points"});
    query.try_emplace("points", std::to_string(usual_history_points));
    return points_of_plot(site, query, arguments.at("series"), time);
}

ToolOutcome query_history(SiteLink& site, const Json& arguments, const CallTime& time) {
    const auto limit = arguments.value("limit", std::int64_t{200});
    const auto found = guarded_query(site.database(), arguments.at("sql"), static_cast<std::size_t>(limit), time.cancelled,
                                     may_read_location(time));
    if (!found) return {{}, found.failure().text};
    Json rows = Json::array();
    for (const GuardedRow& row : found.value().rows) {
        Json& values = rows.emplace_back(Json::array());
        for (const GuardedValue& value : row) values.push_back(std::visit([](const auto& it) { return Json(it); }, value));
    }
    if (!may_read_location(time)) hide_places(rows);
    Json answer{{"columns", found.value().columns}, {"rows", std::move(rows)}};
    if (found.value().more) answer["truncated"] = true;
    return {std::move(answer), ""};
}

ToolOutcome what_if(SiteLink& site, const Json& arguments, const CallTime& time) {
    Json question{{"changes", arguments.at("changes")}};
    for (const auto& [key, value] : query_of(arguments, {"from", "to"})) question[key] = value;
    if (arguments.contains("hours")) question["hours"] = arguments.at("hours");
    SiteReply reply = site.what_if(question, time);
    if (!reply.error.empty()) return {{}, std::move(reply.error)};
    reply.body.erase("voltage");  // a line for a plot
    return {std::move(reply.body), ""};
}

std::vector<Tool> reading_tools() {
    return {
        {.name = "summarize_period",
         .title = "Summary of a period",
         .about = "Energy of PV and house, per load hours, starts, stops by reason and energy; lowest and highest voltage; "
                  "alarms; gaps in the data. Computed: use these sums, do not add.",
         .group = ToolGroup::history,
         .inputs = {from_input, to_input, load_input},
         .answer = "from:s to:s pv_kwh:n? load_kwh:n? lowest_v:n? lowest_at:s? highest_v:n? highest_at:s? covered_pct:n "
                   "gaps:[{from:s to:s}] alarms:[{at:s level:s text:s}] loads:[{load:s hours:n starts:i kwh:n? stops:o}]",
         .list = "alarms",
         .narrow = narrower_period,
         .run = summarize_period},
        {.name = "get_history",
         .title = "One series over time",
         .about = "A measured series: means in steps, with min, mean and max of the range. Series such as battery.voltage_v, "
                  "battery.soc_pct, battery.power_w, power.pv_w, power.load_w, power.grid_w; a wrong one lists all.",
         .group = ToolGroup::history,
         .inputs = {{.name = "series", .required = true},
                    from_input,
                    to_input,
                    resolution_input,
                    {.name = "points",
                     .kind = InputKind::whole,
                     .least = 50,
                     .most = most_history_points,
                     .fallback = usual_history_points}},
         .answer = "series:s unit:s step_s:i min:n? mean:n? max:n? points:[[x]]",
         .list = "points",
         .narrow = "fewer points",
         .run = get_history},
        {.name = "list_decisions",
         .title = "Decisions",
         .about = "What was switched or decided and why, with the inputs and conditions of that moment; newest first.",
         .group = ToolGroup::history,
         .inputs = {load_input, {.name = "reason", .about = "such as voltage"}, from_input, to_input, limit_input},
         .answer = "rows:[{at:s load:s from:s to:s reason:s text:s shadow:b}]",
         .list = "rows",
         .narrow = "a smaller limit, one load, or a shorter period",
         .run = list_decisions},
        {.name = "list_events",
         .title = "Events",
         .about = "What happened: alarms, stages of the battery, overrides, modes, sources, settings; newest first.",
         .group = ToolGroup::history,
         .inputs = {{.name = "level", .kind = InputKind::word, .words = {"debug", "info", "warning", "error", "critical"}},
                    {.name = "kind", .about = "such as alarm, stage, mode, source, override"},
                    from_input,
                    to_input,
                    limit_input},
         .answer = "rows:[{at:s level:s kind:s subject:s? message:s}]",
         .list = "rows",
         .narrow = "a smaller limit, one kind, or a shorter period",
         .run = list_events},
    };
}

}  // namespace

std::vector<Tool> history_tools() {
    static const std::string what_if_about = fmt::format(
        "Replays up to {} h of stored readings with changed settings, and changes nothing. changes: "
        "{{\"miners\":{{\"SLUG\":{{\"start_voltage\":54}}}}}}, likewise zones and preferences; {{}}: only as is.",
        most_replayed_h);
    std::vector<Tool> tools = reading_tools();
    tools.push_back({.name = "query_history",
                     .title = "SQL over the history",
                     .about = "One SELECT of SQLite over the stored history, read-only. volt://schema has the views; times "
                              "there are UTC. For what the other tools do not answer.",
                     .group = ToolGroup::history,
                     .inputs = {{.name = "sql", .required = true, .most = most_query_bytes},
                                {.name = "limit", .kind = InputKind::whole, .least = 1, .most = 200, .fallback = 200}},
                     .answer = "columns:[s] rows:[[x]]",
                     .list = "rows",
                     .narrow = "fewer rows or columns",
                     .run = query_history,
                     .needs_database = true});
    tools.push_back(
        {.name = "what_if",
         .title = "What other settings would have done",
         .about = what_if_about.c_str(),
         .group = ToolGroup::history,
         .inputs =
             {{.name = "changes", .kind = InputKind::object, .required = true},
              from_input,
              to_input,
              {.name = "hours", .kind = InputKind::whole, .about = "in place of from", .least = 1, .most = most_replayed_h}},
         .answer = "text:s limits:[s] notes:[s] from:s to:s covered_to:s covered_pct:n agreement_pct:n? battery:o? loads:[o] "
                   "differences:[o]",
         .list = "differences",
         .narrow = "fewer hours",
         .run = what_if});
    return tools;
}

}  // namespace volt::agent
