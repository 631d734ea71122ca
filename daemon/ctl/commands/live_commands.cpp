// status, watch and explain on the command line.
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/views/time_argument.hpp"

namespace volt::ctl {

namespace {

void add_status(Program& program) {
    on(add_shown(program.app, program, "status", "show the site on one screen"), program,
       [&program] { return with_address(program, [&](const ApiAddress& at) { return show_status(at, program.json); }); });
}

/// Adds an option for a duration or a number of seconds.
void add_span(CLI::App* part, const char* name, const char* what, double least, double most,
              const std::function<void(double)>& take) {
    part->add_option_function<std::string>(
            name,
            [=](const std::string& text) {
                const auto seconds = parse_seconds(text);
                if (!seconds || *seconds < least || *seconds > most)
                    throw CLI::ValidationError(name, "'" + text + "' is invalid: " + what);
                take(*seconds);
            },
            what)
        ->type_name("SPAN");
}

void add_watch(Program& program) {
    CLI::App* part = add_shown(program.app, program, "watch", "show the site live");
    const auto options = std::make_shared<WatchOptions>();
    add_span(part, "--interval", "refresh interval, 0.1s to 1h (default 1s)", 0.1, 3600,
             [options](double seconds) { options->interval_s = seconds; });
    add_span(part, "--for", "stop after this time, such as 90s, 5m, 2h", 0, 1e7,
             [options](double seconds) { options->for_s = seconds; });
    part->add_option("--note", options->note, "line of text to show above the status")->type_name("TEXT");
    on(part, program, [&program, options] {
        options->json = program.json;
        return with_address(program, [&](const ApiAddress& at) { return watch(at, *options); });
    });
}

void add_explain(Program& program) {
    CLI::App* part = add_shown(program.app, program, "explain", "show why each load is on or off");
    const auto load = std::make_shared<std::string>();
    part->add_option("load", *load,
                     "a miner's slug, name or output, <zone>/fan, <zone>/heat, a zone, or charge; a unique beginning is enough")
        ->type_name("LOAD");
    on(part, program, [&program, load] {
        return with_address(program, [&](const ApiAddress& at) { return explain(at, *load, program.json); });
    });
}

}  // namespace

void add_live_commands(Program& program) {
    add_status(program);
    add_watch(program);
    add_explain(program);
}

}  // namespace volt::ctl
