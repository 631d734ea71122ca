// The command line of voltctl.
#include "daemon/ctl/program.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

#include "daemon/ctl/command_tree.hpp"
#include "daemon/ctl/database_option.hpp"
#include "daemon/ctl/refusal.hpp"
#include "daemon/ctl/replay.hpp"
#include "daemon/ctl/suggest.hpp"
#include "daemon/ctl/terminal.hpp"

namespace volt::ctl {

namespace {

constexpr const char* examples = R"(
Examples:
  voltctl status                       the whole site on one screen
  voltctl watch                        the whole site, live; Ctrl-C ends it
  voltctl watch --for 1m --json        one JSON object a second for a minute
  voltctl explain                      why each load is on or off
  voltctl explain primary-s21-revenue  one load: why, since when, what would change it
  voltctl explain heat-room/fan        a zone's fan; also <zone>/heat and charge
  voltctl alarms                       what is wrong now
  voltctl override heat-room/fan 7 --for 30m
  voltctl mode off                     the site's mode
  voltctl outputs test primary-s21     does the device hear and answer?
  voltctl config check                 voltd.yaml and the settings held against each other
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
    program.app.add_option("--color", program.colour, "colors: on a terminal (auto), always or never")
        ->type_name("WHEN")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
}

/// The deepest command that was read before the line went wrong.
const CLI::App& asked_for(const CLI::App& app) {
    const auto parts = app.get_subcommands();
    return parts.empty() ? app : asked_for(*parts.front());
}

std::vector<std::string> names_of(const CLI::App& app, bool options) {
    std::vector<std::string> names;
    if (!options)
        for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
    for (const CLI::App* at = &app; options && at != nullptr; at = at->get_parent())
        for (const CLI::Option* option : options_of(*at))
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    return names;
}

/// `LOAD: a miner's slug …`, of the first argument or option that has to be there and is not.
std::string missing_in(const CLI::App& app) {
    for (const CLI::Option* option : app.get_options([](const CLI::Option* it) { return it->get_required() && it->count() == 0; })) {
        const std::string name = option->nonpositional() ? "--" + option->get_lnames().front() : value_name(*option);
        return name + " is missing: " + option->get_description();
    }
    return {};
}

/// CLI11 names arguments as the program does; people know them as `--help` writes them.
std::string own_words(const CLI::App& app, std::string text) {
    for (const CLI::Option* argument : arguments_of(app)) {
        const std::string inner = argument->get_single_name(), shown = value_name(*argument);
        if (!shown.empty() && (text.starts_with(inner + " ") || text.starts_with(inner + ":"))) text = shown + text.substr(inner.size());
    }
    return text;
}

/// An unknown word, with the known ones; what is missing; else what CLI11 says.
std::string usage_error(const CLI::App& root, const CLI::ParseError& error) {
    const CLI::App& app = asked_for(root);
    const std::string where = path_of(app).empty() ? "" : " of " + path_of(app);
    const std::vector<std::string> left = root.remaining(true);
    if (left.empty()) {
        const bool lacking = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
        if (lacking && !commands_of(app).empty()) return "a command" + where + " is missing" + there_are("", names_of(app, false));
        const std::string missing = lacking ? missing_in(app) : "";
        return missing.empty() ? own_words(app, error.what()) : missing;
    }
    const std::string& word = left.front();
    const bool option = word.starts_with("-");
    const auto known = names_of(app, option);
    if (known.empty()) return "unexpected argument: " + word;
    return std::string(option ? "unknown option" : "unknown command") + where + ": " + word + there_are(word, known);
}

int refuse_usage(const CLI::App& root, bool json, const std::string& error) {
    const std::string path = path_of(asked_for(root));
    return refuse(json, Refusal{error, "see `voltctl " + path + (path.empty() ? "" : " ") + "--help`"}, exit_usage);
}

/// Whether `--json` stands there, also where the rest could not be understood.
bool asks_for_json(int argc, char** argv) {
    return std::any_of(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
}

/// `--url` asks a voltd, `--database` works on a file: both at once would hide which of them was changed.
bool two_places(const Program& program) {
    for (const CLI::App* at = &asked_for(program.app); program.address.url && at != nullptr; at = at->get_parent())
        if (const CLI::Option* database = at->get_option_no_throw("--database"); database != nullptr && database->count() > 0) return true;
    return false;
}

}  // namespace

void on(CLI::App* part, Program& program, std::function<int()> command) {
    part->callback([&program, command = std::move(command)] { program.job = command; });
}

CLI::App* add_plain(CLI::App& parent, const char* name, const char* what) {
    CLI::App* command = parent.add_subcommand(name, what);
    command->fallthrough();
    command->footer("");  // not that of the parent
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
        if (!may_be_database(*database)) return exit_failed;
        return replay({*database, program.address.config}, std::cin, std::cout);
    });
}

void add_all(Program& program) {
    program.app.set_version_flag("--version", "voltctl " VOLT_VERSION);
    program.app.footer(examples);
    program.app.require_subcommand(1);
    add_address(program);
    add_live_commands(program);
    add_control_commands(program);
    add_site_commands(program);
    add_charge_commands(program);
    add_settings_commands(program);
    add_history_commands(program);
    add_config_commands(program);
    add_db_commands(program);
    add_probe(program);
    add_replay(program);
    add_help_commands(program);
    hand_down_examples(program.app);
}

int run(int argc, char** argv) {
    CLI::App app{"Shows what voltd does and why.", "voltctl"};
    Program program{app};
    add_all(program);
    try {
        program.app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {
        return program.app.exit(wanted);
    } catch (const CLI::ParseError& error) {
        return refuse_usage(program.app, asks_for_json(argc, argv), usage_error(program.app, error));
    }
    if (two_places(program))
        return refuse_usage(program.app, program.json, "--url asks a running voltd, --database works on a file: say one of them");
    colour_when(program.colour);
    program.address.json = program.json;
    return program.job();
}

}  // namespace volt::ctl
