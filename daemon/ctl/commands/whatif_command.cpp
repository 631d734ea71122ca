// whatif: replays recorded readings through the rules, as is and with other settings. Runs in this process, on the database,
// read-only.
#include <CLI/CLI.hpp>

#include <ctime>
#include <iostream>
#include <memory>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/commands/range_options.hpp"
#include "daemon/ctl/commands/replay.hpp"
#include "daemon/ctl/commands/shadow_ask.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/ctl/views/whatif_view.hpp"
#include "daemon/explain/topics.hpp"
#include "daemon/settings/settings_json.hpp"
#include "daemon/settings/settings_text.hpp"
#include "daemon/whatif/question.hpp"
#include "drivers/store/settings/io.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/text.hpp"

namespace volt::ctl {

namespace {

constexpr std::int64_t whatif_span_s = 86400;

struct WhatifOptions : DatabaseChoice, RangeOptions {
    std::vector<std::string> changes;
    bool suggest = false, plot = false;
};

/// Adds `miners.SLUG.start_voltage=54.0`, `zones.SLUG.too_hot=38` or `prefs.reserve_voltage=51` to `changes`. Returns false if
/// the text has another form.
bool add_change(const std::string& text, Json& changes) {
    const std::size_t dot = text.find('.'), equals = text.find('=');
    if (dot == std::string::npos || equals == std::string::npos || dot > equals) return false;
    const std::string group = text.substr(0, dot);
    if (group == "prefs" || group == "preferences") {
        const Assignment one = assignment_of(SettingsTable::preferences, text.substr(dot + 1));
        changes["preferences"][one.field] = json::given(one, SettingsTable::preferences);
        return true;
    }
    const std::size_t last = text.rfind('.', equals);
    if ((group != "miners" && group != "zones") || last <= dot + 1) return false;
    const SettingsTable table = group == "miners" ? SettingsTable::miners : SettingsTable::zones;
    const Assignment one = assignment_of(table, text.substr(last + 1));
    changes[group][text.substr(dot + 1, last - dot - 1)][one.field] = json::given(one, table);
    return true;
}

/// Returns the body of the question, or nothing after printing an error, with 2 in `code`.
std::optional<Json> body_of_options(const Program& program, const WhatifOptions& options, int& code) {
    Json changes = Json::object();
    code = exit_usage;
    for (const std::string& text : options.changes)
        if (!add_change(text, changes)) {
            refuse(program.json,
                   Refusal{text + ": not a change", "write miners.SLUG.KEY=VALUE, zones.SLUG.KEY=VALUE or prefs.KEY=VALUE"},
                   exit_usage);
            return std::nullopt;
        }
    std::optional<Utc> from, to;
    const std::int64_t now_s = options.database ? std::time(nullptr) : shadow::site_now_s(program.address);
    if (!take_range(program.json, options, now_s, from, to)) return std::nullopt;
    const Utc end = to.value_or(Utc{now_s * 1000}), begin = from.value_or(end - Utc{whatif_span_s * 1000});
    return Json{{"changes", std::move(changes)}, {"from", iso_utc(begin)}, {"to", iso_utc(end)}};
}

int refuse_edit(const Program& program, const EditFailure& failure) {
    return refuse(program.json, Refusal{failure.text, {}, failure.known, json_text(json::failure(failure))});
}

/// Sends the question to the voltd of `--url`.
std::optional<Json> ask_running(const Program& program, const Json& body, int& code) {
    const ApiAddress address = find_address(program.address);
    const Voltd running{address, [address](const api::HttpRequest& it) { return send(address, it); }};
    if (!running.use_site_zone(code)) return std::nullopt;
    api::HttpRequest request;
    request.method = "POST";
    request.path = "/api/whatif";
    request.body = json_text(body);
    return running.ask(request, code);
}

/// Answers from the file.
std::optional<Json> ask_file(const Program& program, const WhatifOptions& options, const Json& body, int& code) {
    code = exit_failed;
    const auto path = find_database(options, program.address);
    if (!path) return std::nullopt;
    Result<Connection> db = open_reader(*path);
    if (!db) return refuse(program.json, db.failure().text), std::nullopt;
    const Result<Settings> settings = read_settings(db.value(), default_settings());
    if (!settings) return refuse(program.json, settings.failure().text), std::nullopt;
    const auto config = wiring_for(program.address.config, settings.value());
    if (!config) return std::nullopt;
    use_zone(settings.value().timezone);
    const auto query = whatif::query_of(body, Utc{std::time(nullptr) * 1000});
    if (!query) return refuse_edit(program, query.failure()), std::nullopt;
    const auto go_on = [] { return true; };
    const auto answer = options.suggest ? whatif::suggestions_for(db.value(), *config, query.value(), go_on)
                                        : whatif::answer_to(db.value(), *config, query.value(), go_on);
    if (!answer) return refuse_edit(program, answer.failure()), std::nullopt;
    code = exit_ok;
    return answer.value();
}

void print_voltages(const Json& answer) {
    const Screen screen = screen_of_output();
    const std::int64_t from_s = seconds_of(word(answer, "from")).value_or(0), to_s = seconds_of(word(answer, "to")).value_or(0);
    const PlotOptions options{.width = screen.width,
                              .height = std::min<std::size_t>(screen.height - 2, 14),
                              .braille = terminal_has_utf8(),
                              .from_s = from_s,
                              .to_s = to_s,
                              .paint = paint_for_output()};
    for (const char* replay : {"as_is", "changed"})
        if (const History history = replayed_voltage(answer, replay); !history.points.empty()) print(plot(history, options));
}

int show_whatif(const Program& program, const WhatifOptions& options) {
    int code = exit_usage;
    const auto body = body_of_options(program, options, code);
    if (!body) return code;
    if (options.suggest && (program.address.url || !options.changes.empty()))
        return refuse(program.json, "--suggest works on the database alone and takes no changes", exit_usage);
    const auto answer = program.address.url ? ask_running(program, *body, code) : ask_file(program, options, *body, code);
    if (!answer) return code;
    if (program.json) return print(*answer), exit_ok;
    print(whatif_lines(*answer, table_width(), paint_for_output()));
    if (options.suggest) {
        std::cout << '\n';
        print(suggestion_lines(*answer, paint_for_output()));
    }
    if (options.plot || on_terminal()) print_voltages(*answer);
    return exit_ok;
}

constexpr const char* whatif_examples = R"(
Replays the readings of the range, at most three days, with the settings that were in force and with the changes, and compares. It
reads the database and changes nothing. How a load moves the voltage is estimated from the record; if the estimate is
not good enough, the result is shown as unknown.

Examples:
  voltctl whatif                                        how well a replay agrees with the last 24 h
  voltctl whatif miners.dump-load-s19-1.start_voltage=54.0
  voltctl whatif --last 3d prefs.reserve_voltage=51 miners.primary-s21-revenue.stop_voltage=48 --json
  voltctl whatif --suggest                              start and stop voltages that would have gained energy)";

}  // namespace

void add_whatif(Program& program) {
    CLI::App* part = add_shown(program.app, program, "whatif", "show what other settings would have done in the last days");
    const auto options = std::make_shared<WhatifOptions>();
    part->add_option("change", options->changes,
                     "a setting and its value: miners.SLUG.KEY=VALUE, zones.SLUG.KEY=VALUE, prefs.KEY=VALUE")
        ->type_name("CHANGE");
    add_range(*part, *options);
    part->add_flag("--suggest", options->suggest, "search for start and stop voltages that gain energy");
    part->add_flag("--plot", options->plot, "draw the voltages even if output is not a terminal");
    add_database_option(*part, *options);
    part->footer(whatif_examples);
    on(part, program, [&program, options] { return show_whatif(program, *options); });
}

}  // namespace volt::ctl
