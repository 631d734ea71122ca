// history and decisions: shows stored data, with or without a running voltd.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <set>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/commands/range_options.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "daemon/ctl/views/history_view.hpp"
#include "daemon/ctl/views/plot.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/explain/history_json.hpp"
#include "daemon/explain/topics.hpp"
#include "drivers/store/telemetry/retention.hpp"
#include "drivers/text.hpp"
#include "rules/subject.hpp"

namespace volt::ctl {

namespace {

constexpr const char* delivered_series = "battery.voltage_v";
constexpr std::int64_t delivered_span_s = 86400, most_decisions = 10000;

struct HistoryOptions : DatabaseChoice, RangeOptions {
    std::vector<std::string> series;
    std::string resolution = "auto";
    bool csv = false, plot = false, list = false;
};

struct DecisionsOptions : DatabaseChoice, RangeOptions {
    std::string load, reason;
    std::int64_t limit = 50;
    bool verbose = false;
};

/// Returns a request with these query members. Omits empty values.
api::HttpRequest request_of(const char* path, const std::map<std::string, std::string>& query) {
    api::HttpRequest request;
    request.method = "GET";
    request.path = path;
    for (const auto& [key, value] : query)
        if (!value.empty()) request.query[key] = value;
    return request;
}

std::string time_text(const std::optional<Utc>& at) { return at ? iso_utc(*at) : ""; }

/// Requests a series that does not exist, because the error lists the existing ones.
int list(const Voltd& voltd, bool json) {
    const ApiReply reply = known_series(voltd);
    if (reply.known.empty()) return complain(voltd.address(), reply);
    if (json) print(Json(reply.known));
    else print(reply.known);
    return exit_ok;
}

void print_plots(const std::vector<History>& all, Utc from, Utc to) {
    const Screen screen = screen_of_output();
    PlotOptions options{.width = screen.width,
                        .height = std::min<std::size_t>(screen.height - 2, 20),
                        .braille = terminal_has_utf8(),
                        .from_s = from.count() / 1000,
                        .to_s = to.count() / 1000,
                        .paint = paint_for_output()};
    for (const History& each : all) print(plot(each, options));
}

/// Returns the answer for each series, or nothing if one could not be read (already printed).
std::optional<std::vector<Json>> read_all(const Voltd& voltd, const HistoryOptions& options, Utc from, Utc to, int& code) {
    const std::vector<std::string> delivered{delivered_series};
    std::vector<Json> all;
    for (const std::string& series : options.series.empty() ? delivered : options.series) {
        auto answer = voltd.ask(
            request_of("/api/history",
                       {{"series", series}, {"from", iso_utc(from)}, {"to", iso_utc(to)}, {"resolution", options.resolution}}),
            code, series);
        if (!answer) return std::nullopt;
        all.push_back(std::move(*answer));
    }
    return all;
}

/// Explains missing rows on stderr, because a header without rows looks like a bug of the command.
void print_missing(const std::vector<History>& all) {
    for (const History& each : all)
        if (each.points.empty())
            std::cerr << "voltctl: no data for " << each.series << " in this time; choose another with --last or --from\n";
}

int show_history(const Program& program, const HistoryOptions& options, const Voltd& voltd) {
    int code = exit_ok;
    if (!voltd.use_site_zone(code)) return code;
    if (options.list) return list(voltd, program.json);
    const std::int64_t now_s = voltd.now_s();
    std::optional<Utc> from, to;
    if (!take_range(program.json, options, now_s, from, to)) return exit_usage;
    const Utc end = to.value_or(Utc{now_s * 1000}), begin = from.value_or(end - Utc{delivered_span_s * 1000});
    if (begin >= end) return refuse(program.json, "--from must be before --to (now)", exit_usage);
    const auto answers = read_all(voltd, options, begin, end, code);
    if (!answers) return code;
    if (program.json) {
        std::cout << json_text(answers->size() == 1 ? answers->front() : Json(*answers)) << '\n';
        return exit_ok;
    }
    std::vector<History> all;
    for (const Json& each : *answers) all.push_back(history_of(each));
    if (options.plot || (!options.csv && on_terminal())) {
        print_plots(all, begin, end);
    } else {
        print(csv_lines(all));
        print_missing(all);
    }
    return exit_ok;
}

/// Returns the matching decisions, newest first.
std::optional<Json> read_decisions(const Voltd& voltd, const DecisionQuery& query, int& code) {
    return voltd.ask(request_of("/api/decisions", {{"limit", std::to_string(query.limit)},
                                                   {"load", query.load},
                                                   {"reason", query.reason},
                                                   {"from", time_text(query.from)},
                                                   {"to", time_text(query.to)}}),
                     code, query.load);
}

/// Returns the values of one member over all stored decisions.
std::set<std::string> stored_words(const Voltd& voltd, const char* member) {
    int code = exit_ok;
    std::set<std::string> words;
    const auto all = read_decisions(voltd, {.load = {}, .reason = {}, .from = {}, .to = {}, .limit = most_decisions}, code);
    for (const Json& row : all.value_or(Json::array())) words.insert(word(row, member));
    return words;
}

/// Returns true if any decision of that load is stored. Called if nothing matches; prints an error if there is none.
bool knows_load(const Program& program, const Voltd& voltd, const std::string& load) {
    const std::set<std::string> loads = stored_words(voltd, "load");
    if (loads.empty() || loads.contains(load) || loads.contains(fan_of(load)) || loads.contains(heat_of(load))) return true;
    refuse(program.json, Refusal{"no stored decision for load " + load, {}, nearest_first(load, {loads.begin(), loads.end()})});
    return false;
}

/// Returns true if any decision with that reason is stored. Called if nothing matches; prints an error with the known ones if
/// there is none.
bool knows_reason(const Program& program, const Voltd& voltd, const std::string& reason) {
    const std::set<std::string> reasons = stored_words(voltd, "reason");
    if (reasons.empty() || reasons.contains(reason)) return true;
    refuse(program.json,
           Refusal{"no stored decision with reason " + reason, {}, nearest_first(reason, {reasons.begin(), reasons.end()})});
    return false;
}

int show_decisions(const Program& program, const DecisionsOptions& options, const Voltd& voltd) {
    int code = exit_ok;
    if (!voltd.use_site_zone(code)) return code;
    DecisionQuery query{.load = options.load, .reason = options.reason, .from = {}, .to = {}, .limit = options.limit};
    if (!take_range(program.json, options, voltd.now_s(), query.from, query.to)) return exit_usage;
    const auto answer = read_decisions(voltd, query, code);
    if (!answer) return code;
    if (answer->empty() && !options.load.empty() && !knows_load(program, voltd, options.load)) return exit_failed;
    if (answer->empty() && !options.reason.empty() && !knows_reason(program, voltd, options.reason)) return exit_failed;
    if (program.json) return print(*answer), exit_ok;
    std::vector<DecisionRow> rows;
    for (const Json& each : *answer) rows.push_back(decision_of(each));
    std::ranges::reverse(rows);  // the newest remains visible
    const std::size_t width = on_terminal() ? screen_of_output().width : 1000;
    print(decision_lines(rows, options.verbose, width, paint_for_output()));
    if (rows.empty()) std::cerr << "voltctl: no matching decision\n";
    return exit_ok;
}

constexpr const char* history_examples = R"(
SERIES defaults to battery.voltage_v. A plot on a terminal, otherwise CSV. Raw rows are kept for {} h, minutes for
{} days, hours forever; the power of miners and zone temperatures are shown live but not stored.

Examples:
  voltctl history                                       the battery's voltage in the last 24 h
  voltctl history power.pv_w power.load_w --last 7d
  voltctl history battery.voltage_min_v --from 2025-06-20 --to 2025-06-21 --resolution minute --csv
  voltctl history miner/primary-s21-revenue.running --last 2d --json
  voltctl history --list                                every series)";

constexpr const char* decisions_examples = R"(
Newest last, as in watch; with --json newest first.

Examples:
  voltctl decisions
  voltctl decisions --load primary-s21-revenue --since 06:00
  voltctl decisions --reason voltage --last 7d --verbose      with the inputs that decided
  voltctl decisions --limit 1000 --json)";

void add_history(Program& program) {
    CLI::App* part = add_shown(program.app, program, "history", "show readings over time as a plot, CSV or JSON");
    const auto options = std::make_shared<HistoryOptions>();
    part->add_option("series", options->series, "<topic>.<key>, e.g. battery.voltage_v")->type_name("SERIES");
    add_range(*part, *options);
    part->add_option("--resolution", options->resolution, "auto, raw, minute or hour")
        ->check(CLI::IsMember({"auto", "raw", "minute", "hour"}))
        ->capture_default_str();
    part->add_flag("--csv", options->csv, "print CSV");
    part->add_flag("--plot", options->plot, "draw the plot even if output is not a terminal");
    part->add_flag("--list", options->list, "list the names of all series");
    add_database_option(*part, *options);
    part->footer(fmt::format(history_examples, Retention{}.raw / 1h, Retention{}.minutes / 24h));
    on(part, program, [&program, options] {
        return with_voltd(program, *options, [&](const Voltd& voltd) { return show_history(program, *options, voltd); });
    });
}

void add_decisions(Program& program) {
    CLI::App* part = add_shown(program.app, program, "decisions", "what changed and why");
    const auto options = std::make_shared<DecisionsOptions>();
    part->add_option("--load", options->load, "a miner's or zone's slug, <zone>/fan, <zone>/heat, or charge")->type_name("LOAD");
    part->add_option("--reason", options->reason, "only decisions with this reason")->type_name("REASON");
    part->add_option("--limit", options->limit, "maximum number to show")
        ->check(CLI::Range(std::int64_t{1}, most_decisions))
        ->capture_default_str();
    part->add_flag("--verbose", options->verbose, "also show the deciding inputs and the gates");
    add_range(*part, *options);
    add_database_option(*part, *options);
    part->footer(decisions_examples);
    on(part, program, [&program, options] {
        return with_voltd(program, *options, [&](const Voltd& voltd) { return show_decisions(program, *options, voltd); });
    });
}

}  // namespace

void add_history_commands(Program& program) {
    add_history(program);
    add_decisions(program);
}

}  // namespace volt::ctl
