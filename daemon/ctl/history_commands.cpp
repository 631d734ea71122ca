// history and decisions: what the database keeps, with and without a running voltd.
#include <CLI/CLI.hpp>
#include <sys/stat.h>

#include <clocale>
#include <cstring>
#include <ctime>
#include <iostream>
#include <langinfo.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "daemon/config/config.hpp"
#include "daemon/ctl/database_option.hpp"
#include "daemon/ctl/history_view.hpp"
#include "daemon/ctl/moment.hpp"
#include "daemon/ctl/plot.hpp"
#include "daemon/ctl/program.hpp"
#include "daemon/ctl/terminal.hpp"
#include "daemon/explain/history_json.hpp"

namespace volt::ctl {

namespace {

constexpr const char* delivered_series = "battery.voltage_v";
constexpr std::int64_t delivered_span_s = 86400;

struct RangeOptions {
    std::optional<std::string> from, to, last;
};

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

int refuse(const std::string& why, int code) {
    std::cerr << "voltctl: " << why << '\n';
    return code;
}

/// A time of the command line; complains where it is none.
bool take_moment(const char* option, const std::optional<std::string>& text, std::int64_t now_s, std::optional<Utc>& moment) {
    if (!text) return true;
    const auto at = parse_moment(*text, now_s);
    if (at) moment = Utc{*at * 1000};
    else
        refuse(std::string(option) + ": '" + *text +
                   "' is no time; 2025-06-21, 2025-06-21T06:00 (local), 2025-06-21T13:00Z, 06:00, -6h or now", exit_usage);
    return at.has_value();
}

/// What --from, --to and --last say; false where that is nonsense.
bool take_range(const RangeOptions& options, std::int64_t now_s, std::optional<Utc>& from, std::optional<Utc>& to) {
    if (!take_moment("--from", options.from, now_s, from) || !take_moment("--to", options.to, now_s, to)) return false;
    if (options.last) {
        const auto span = parse_span(*options.last);
        if (!span) return refuse("--last: '" + *options.last + "' is no time; 90s, 30m, 6h, 7d or 2w", exit_usage) == 0;
        if (options.from) return refuse("--last and --from: say one of them", exit_usage) == 0;
        from = to.value_or(Utc{now_s * 1000}) - Utc{*span * 1000};
    }
    if (from && to && *from >= *to) return refuse("--from must lie before --to", exit_usage) == 0;
    return true;
}

/// Which sources make `battery` and `power`: of the configuration where it can be read.
SeriesSources sources_of(const AddressOptions& address) {
    const ParsedConfig parsed = load_config(address.config.value_or(default_config));
    return parsed.config ? series_sources(*parsed.config) : SeriesSources{};
}

/// The database, open for reading; local time is the site's from here on.
std::optional<Connection> open_for_reading(const DatabaseChoice& choice, const AddressOptions& address) {
    const auto path = find_database(choice, address);
    if (!path) return std::nullopt;
    Result<Connection> db = open_reader(*path);
    if (!db) {
        refuse(db.failure().text, exit_failed);
        return std::nullopt;
    }
    use_zone(db.value().text("SELECT timezone FROM user_preferences LIMIT 1").value_or(""));
    return std::move(db.value());
}

bool terminal_has_utf8() {
    std::setlocale(LC_CTYPE, "");
    return std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0;
}

void print(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) std::cout << line << '\n';
}

int list(Connection& db, bool json) {
    const auto names = list_series(db);
    if (!names) return refuse(names.failure().text, exit_failed);
    if (json)
        std::cout << nlohmann::ordered_json(names.value()).dump(2) << '\n';
    else
        print(names.value());
    return exit_ok;
}

void print_json(const std::vector<History>& all) {
    nlohmann::ordered_json array = nlohmann::ordered_json::array();
    for (const History& each : all) array.push_back(history_json(each));
    std::cout << (all.size() == 1 ? array.front() : array).dump() << '\n';
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

int show_history(const Program& program, const HistoryOptions& options) {
    const auto resolution = resolution_of(options.resolution);
    auto db = open_for_reading(options, program.address);
    if (!db) return exit_failed;
    if (options.list) return list(*db, program.json);
    const std::int64_t now_s = std::time(nullptr);
    std::optional<Utc> from, to;
    if (!take_range(options, now_s, from, to)) return exit_usage;
    const Utc end = to.value_or(Utc{now_s * 1000}), begin = from.value_or(end - Utc{delivered_span_s * 1000});
    if (begin >= end) return refuse("--from must lie before --to (now)", exit_usage);
    std::vector<std::string> wanted = options.series;
    if (wanted.empty()) wanted.emplace_back(delivered_series);
    std::vector<History> all;
    for (const std::string& series : wanted) {
        auto history = read_history(*db, {series, begin, end, resolution.value_or(Resolution::automatic), sources_of(program.address)},
                                    Utc{now_s * 1000});
        if (!history) return refuse(history.failure().text + "; 'voltctl history --list' shows all", exit_failed);
        all.push_back(std::move(history.value()));
    }
    if (program.json)
        print_json(all);
    else if (options.plot || (!options.csv && on_terminal()))
        print_plots(all, begin, end);
    else
        print(csv_lines(all));
    return exit_ok;
}

int show_decisions(const Program& program, const DecisionsOptions& options) {
    auto db = open_for_reading(options, program.address);
    if (!db) return exit_failed;
    DecisionQuery query{.load = options.load, .reason = options.reason, .from = {}, .to = {}, .limit = options.limit};
    if (!take_range(options, std::time(nullptr), query.from, query.to)) return exit_usage;
    const auto rows = read_decisions(*db, query);
    if (!rows) return refuse(rows.failure().text, exit_failed);
    if (program.json) {
        nlohmann::ordered_json array = nlohmann::ordered_json::array();
        for (const DecisionRow& row : rows.value()) array.push_back(decision_json(row));
        std::cout << array.dump(2) << '\n';
        return exit_ok;
    }
    const std::size_t width = on_terminal() ? screen_of_output().width : 1000;
    print(decision_lines(rows.value(), options.verbose, width, paint_for_output()));
    if (rows.value().empty()) std::cerr << "voltctl: no decision is kept that fits\n";
    return exit_ok;
}

void add_range(CLI::App& command, RangeOptions& options) {
    command.add_option("--from,--since", options.from, "2025-06-21, 2025-06-21T06:00 (local), …Z (UTC), 06:00, -6h")->type_name("TIME");
    command.add_option("--to", options.to, "the same; left out: now")->type_name("TIME");
    command.add_option("--last", options.last, "instead of --from: 90s, 30m, 6h, 7d, 2w before --to")->type_name("SPAN");
}

constexpr const char* history_examples = R"(
Without SERIES: battery.voltage_v. A plot on a terminal, else CSV. Raw rows (30 s) are kept 72 h, minutes 400 days, hours
for ever; what miners draw and room temperatures are shown live but not kept.

Examples:
  voltctl history                                       the battery's voltage in the last 24 h
  voltctl history power.pv_w power.load_w --last 7d
  voltctl history battery.voltage_min_v --from 2025-06-20 --to 2025-06-21 --resolution minute --csv
  voltctl history miner/primary-s21-revenue.running --last 2d --json
  voltctl history --list                                every series there is)";

constexpr const char* decisions_examples = R"(
Newest first.

Examples:
  voltctl decisions
  voltctl decisions --load primary-s21-revenue --since 06:00
  voltctl decisions --reason voltage --last 7d --verbose      with what counted
  voltctl decisions --limit 1000 --json)";

void add_history(Program& program) {
    CLI::App* part = add_shown(program.app, program, "history", "series over time: a plot, CSV or JSON");
    const auto options = std::make_shared<HistoryOptions>();
    part->add_option("series", options->series, "<topic>.<key>, e.g. battery.voltage_v")->type_name("SERIES");
    add_range(*part, *options);
    part->add_option("--resolution", options->resolution, "auto, raw, minute or hour")
        ->check(CLI::IsMember({"auto", "raw", "minute", "hour"}))->capture_default_str();
    part->add_flag("--csv", options->csv, "print CSV");
    part->add_flag("--plot", options->plot, "draw, also where the output is no terminal");
    part->add_flag("--list", options->list, "the names of all series");
    add_database_option(*part, *options);
    part->footer(history_examples);
    on(part, program, [&program, options] { return show_history(program, *options); });
}

void add_decisions(Program& program) {
    CLI::App* part = add_shown(program.app, program, "decisions", "what changed and why");
    const auto options = std::make_shared<DecisionsOptions>();
    part->add_option("--load", options->load, "a miner's or zone's slug, <zone>/fan, <zone>/heat, or charge")->type_name("LOAD");
    part->add_option("--reason", options->reason, "only those with this reason")->type_name("REASON");
    part->add_option("--limit", options->limit, "at most so many")->check(CLI::Range(1, 10000))->capture_default_str();
    part->add_flag("--verbose", options->verbose, "with the inputs that counted and the gates");
    add_range(*part, *options);
    add_database_option(*part, *options);
    part->footer(decisions_examples);
    on(part, program, [&program, options] { return show_decisions(program, *options); });
}

}  // namespace

void add_history_commands(Program& program) {
    add_history(program);
    add_decisions(program);
}

}  // namespace volt::ctl
