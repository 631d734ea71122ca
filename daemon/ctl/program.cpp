// The command line of voltctl.
#include "daemon/ctl/program.hpp"

#include <iostream>
#include <memory>

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
  voltctl db --help                    status, backup, restore and migrations of the database
  voltctl miners set dump-load-s19-1 start_voltage=54.8 --dry-run
  voltctl settings history             who changed which setting
  voltctl history --last 7d            the battery's voltage as a plot; more: history --help
  voltctl decisions --since 06:00      what changed and why
  voltctl probe 192.168.1.20           what a GX or a Sol-Ark gateway answers, and the lines for voltd.yaml
  voltctl replay --database voltd.db < ticks.jsonl > decisions.jsonl

Exit codes: 0 ok, 1 refused or failed, 2 usage, 3 voltd is not reachable.)";

void add_address(Program& program) {
    AddressOptions& address = program.address;
    program.app.add_option("--config", address.config, "configuration of voltd (default /etc/voltd/voltd.yaml)")
        ->type_name("FILE");
    program.app.add_option("--url", address.url, "address of voltd's API, instead of the configured one")
        ->type_name("URL");
    program.app.add_option("--token-file", address.token_file, "file with the token, instead of the configured one")
        ->type_name("FILE");
}

}  // namespace

CLI::App* add_plain(CLI::App& parent, const char* name, const char* what) {
    CLI::App* command = parent.add_subcommand(name, what);
    command->fallthrough();
    return command;
}

CLI::App* add_shown(CLI::App& parent, Program& program, const char* name, const char* what) {
    CLI::App* command = add_plain(parent, name, what);
    command->add_flag("--json", program.json, "print JSON");
    return command;
}

void add_replay(Program& program) {
    CLI::App* part = add_plain(program.app, "replay", "the rules alone over inputs from stdin, one JSON line a tick");
    const auto database = std::make_shared<std::string>();
    part->add_option("--database", *database, "database with the settings; only read")->type_name("FILE")->required();
    on(part, program, [&program, database] {
        return replay({*database, program.address.config}, std::cin, std::cout);
    });
}

int run(int argc, char** argv) {
    Program program;
    program.app.set_version_flag("--version", "voltctl " VOLT_VERSION);
    program.app.footer(examples);
    program.app.require_subcommand(1);
    add_address(program);
    add_live_commands(program);
    add_db_commands(program);
    add_settings_commands(program);
    add_history_commands(program);
    add_probe(program);
    add_replay(program);
    try {
        program.app.parse(argc, argv);
    } catch (const CLI::ParseError& error) { return program.app.exit(error) == 0 ? exit_ok : exit_usage; }
    return program.job();
}

}  // namespace volt::ctl
