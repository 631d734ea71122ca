// The command line of voltctl.
#include <CLI/CLI.hpp>
#include <iostream>

#include "daemon/ctl/commands.hpp"
#include "daemon/ctl/replay.hpp"

namespace volt::ctl {

namespace {

constexpr const char* examples = R"(
Examples:
  voltctl status                       the whole site on one screen
  voltctl watch                        the same, live; Ctrl-C ends it
  voltctl watch --for 60 --json        one JSON object a second for a minute
  voltctl explain                      why each load is on or off
  voltctl explain primary-s21-revenue  one load: why, since when, what would change it
  voltctl explain heat-room/fan        a zone's fan; also <zone>/heat and charge
  voltctl replay --database voltd.db < ticks.jsonl > decisions.jsonl

Exit codes: 0 ok, 1 refused or failed, 2 usage, 3 voltd is not reachable.)";

/// What the command line said.
struct Wish {
    AddressOptions address;
    WatchOptions watch;
    std::string load;
    std::string database;
    bool json = false;
};

template <class Command>
int with_address(const Wish& wish, Command command) {
    const auto address = find_address(wish.address);
    return address ? command(*address) : exit_failed;
}

void add_address(CLI::App& app, Wish& wish) {
    app.add_option("--config", wish.address.config, "configuration of voltd (default /etc/voltd/voltd.yaml)")
        ->type_name("FILE");
    app.add_option("--url", wish.address.url, "address of voltd's API, instead of the configured one")
        ->type_name("URL");
    app.add_option("--token-file", wish.address.token_file, "file with the token, instead of the configured one")
        ->type_name("FILE");
}

CLI::App* add_command(CLI::App& app, Wish& wish, const char* name, const char* what) {
    CLI::App* command = app.add_subcommand(name, what);
    command->fallthrough();
    command->add_flag("--json", wish.json, "print JSON");
    return command;
}

CLI::App* add_replay(CLI::App& app, Wish& wish) {
    CLI::App* command = app.add_subcommand("replay", "the rules alone over inputs from stdin, one JSON line a tick");
    command->fallthrough();
    command->add_option("--database", wish.database, "database with the settings; only read")
        ->type_name("FILE")
        ->required();
    return command;
}

}  // namespace

int run(int argc, char** argv) {
    Wish wish;
    CLI::App app{"Shows what voltd does and why.", "voltctl"};
    app.set_version_flag("--version", "voltctl " VOLT_VERSION);
    app.footer(examples);
    app.require_subcommand(1);
    add_address(app, wish);
    const auto* status = add_command(app, wish, "status", "the site on one screen");
    auto* watching = add_command(app, wish, "watch", "the site, live");
    watching->add_option("--interval", wish.watch.interval_s, "seconds between two looks")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.1, 3600.0))
        ->capture_default_str();
    watching->add_option("--for", wish.watch.for_s, "end after this time")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 1e7));
    auto* why = add_command(app, wish, "explain", "why a load is as it is");
    why->add_option("load", wish.load, "a miner's slug, <zone>/fan, <zone>/heat, or charge")->type_name("LOAD");
    const auto* replaying = add_replay(app, wish);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) { return app.exit(error) == 0 ? exit_ok : exit_usage; }
    wish.watch.json = wish.json;
    if (replaying->parsed()) return replay({wish.database, wish.address.config}, std::cin, std::cout);
    if (status->parsed()) return with_address(wish, [&](const ApiAddress& at) { return show_status(at, wish.json); });
    if (watching->parsed()) return with_address(wish, [&](const ApiAddress& at) { return watch(at, wish.watch); });
    return with_address(wish, [&](const ApiAddress& at) { return explain(at, wish.load, wish.json); });
}

}  // namespace volt::ctl
