// shadow: shows what voltd would have done while its commands were off.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <ctime>
#include <memory>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/commands/shadow_ask.hpp"
#include "daemon/ctl/shadow/shadow_report.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/voltd.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/ctl/views/time_argument.hpp"
#include "daemon/explain/phrase.hpp"

namespace volt::ctl {

namespace {

constexpr std::int64_t least_shadow_span_s = 60, most_shadow_span_s = std::int64_t{400} * 86400;  // as long as decisions are
                                                                                                  // stored

struct ShadowOptions : DatabaseChoice {
    std::string since = "24h";
    std::optional<std::string> to;
};

int refuse_time(const Program& program, const char* option, const std::string& text) {
    return refuse(
        program.json,
        std::string(option) + ": '" + text + "' is not a time; expected 24h, 3d, 2025-06-21T06:00 (local), …Z (UTC) or 06:00",
        exit_usage);
}

int show_shadow(const Program& program, const ShadowOptions& options) {
    if (program.address.url)
        return refuse(program.json, "shadow works on the database of this computer; run it without --url", exit_usage);
    const std::int64_t now_s = options.database ? std::time(nullptr) : shadow::site_now_s(program.address);
    const auto to = options.to ? parse_moment(*options.to, now_s) : std::optional(now_s);
    if (!to) return refuse_time(program, "--to", *options.to);
    const auto span = parse_span(options.since);
    const auto from = span ? std::optional(*to - *span) : parse_moment(options.since, now_s);
    if (!from) return refuse_time(program, "--since", options.since);
    if (*to - *from < least_shadow_span_s || *to - *from > most_shadow_span_s)
        return refuse(program.json,
                      fmt::format("--since: the range must be {} to {} long", phrase(Duration{least_shadow_span_s * 1000}),
                                  phrase(Duration{most_shadow_span_s * 1000})),
                      exit_usage);
    int code = exit_ok;
    const auto report = shadow::ask_report(program, options, {*from, *to}, code);
    if (!report) return code;
    if (program.json) print(*report);
    else print(shadow::shadow_lines(*report, paint_for_output()));
    return exit_ok;
}

constexpr const char* shadow_examples = R"(
What voltd would have switched while `commands: shadow` was in voltd.yaml: runs with the reason of each start and stop, hours, starts
and kWh, what kept each load off, and how low the battery would have gone. Reads the database; changes nothing. Then: voltctl go-live.

Examples:
  voltctl shadow                       the last 24 h
  voltctl shadow --since 3d
  voltctl shadow --since 2025-06-21T06:00 --to 2025-06-21T20:00 --json)";

}  // namespace

void add_shadow(Program& program) {
    CLI::App* part = add_shown(program.app, program, "shadow", "show what voltd would have done in shadow mode");
    const auto options = std::make_shared<ShadowOptions>();
    part->add_option("--since", options->since, "start of the range: 24h, 3d, or a time such as 2025-06-21T06:00")
        ->type_name("TIME")
        ->capture_default_str();
    part->add_option("--to", options->to, "end of the range (default: now)")->type_name("TIME");
    add_database_option(*part, *options);
    part->footer(shadow_examples);
    on(part, program, [&program, options] { return show_shadow(program, *options); });
}

}  // namespace volt::ctl
