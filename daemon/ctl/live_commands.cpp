// status, watch and explain on the command line.
#include <CLI/CLI.hpp>
#include <memory>

#include "daemon/ctl/asking.hpp"

namespace volt::ctl {

namespace {

void add_status(Program& program) {
    on(add_shown(program.app, program, "status", "the site on one screen"), program, [&program] {
        return with_address(program, [&](const ApiAddress& at) { return show_status(at, program.json); });
    });
}

void add_watch(Program& program) {
    CLI::App* part = add_shown(program.app, program, "watch", "the site, live");
    const auto options = std::make_shared<WatchOptions>();
    part->add_option("--interval", options->interval_s, "seconds between two looks")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    part->add_option("--for", options->for_s, "end after this time")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 1e7));
    on(part, program, [&program, options] {
        options->json = program.json;
        return with_address(program, [&](const ApiAddress& at) { return watch(at, *options); });
    });
}

void add_explain(Program& program) {
    CLI::App* part = add_shown(program.app, program, "explain", "why a load is as it is");
    const auto load = std::make_shared<std::string>();
    part->add_option("load", *load, "a miner's slug, <zone>/fan, <zone>/heat, or charge")->type_name("LOAD");
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
