// Command line of voltctl.
#include "daemon/ctl/program.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>
#include <utility>

#include "daemon/ctl/commands/agent_commands.hpp"
#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/docs/command_tree.hpp"
#include "daemon/ctl/init/init_command.hpp"
#include "daemon/ctl/talk/error_output.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/terminal.hpp"

namespace volt::ctl {

namespace {

constexpr const char* program_examples = R"(
Examples:
  voltctl status                       the whole site on one screen
  voltctl watch                        the whole site, live (Ctrl-C to stop)
  voltctl watch --for 1m --json        one JSON object a second for a minute
  voltctl explain                      why each load is on or off
  voltctl explain primary-s21-revenue  one load: why, since when, what changes it
  voltctl explain heat-room/fan        a zone's fan; also <zone>/heat and charge
  voltctl alarms                       what is wrong now
  voltctl doctor                       what is wrong with the installation, and what to do
  voltctl override heat-room/fan 7 --for 30m
  voltctl mode off                     every load off
  voltctl outputs test primary-s21     does the device receive and answer?
  voltctl config check                 check voltd.yaml against the settings in the database
  voltctl db --help                    status, backup, restore and migrations of the database
  sudo voltctl backup /media/stick/voltd    the whole site in one file, for `voltctl restore`
  voltctl miners set dump-load-s19-1 start_voltage=54.8 --dry-run
  voltctl settings history             who changed which setting
  voltctl history --last 7d            the battery's voltage as a plot; more: history --help
  voltctl decisions --since 06:00      what changed and why
  voltctl whatif miners.dump-load-s19-1.start_voltage=54.0
  voltctl shadow                       show what voltd would have done in shadow mode; then: sudo voltctl go-live
  voltctl login                        print a code that signs a browser in
  sudo voltctl init                    set up a new site: voltd.yaml, in shadow mode
  voltctl probe 192.168.1.20           what a GX or Sol-Ark answers, and the lines for voltd.yaml
  voltctl replay --database voltd.db < ticks.jsonl > decisions.jsonl

Exit codes: 0 ok, 1 refused or failed, 2 usage, 3 voltd is not reachable.)";

void add_address(Program& program) {
    AddressOptions& address = program.address;
    program.app.add_option("--config", address.config, "configuration of voltd (default /etc/voltd/voltd.yaml)")
        ->type_name("FILE");
    program.app.add_option("--url", address.url, "address of voltd's API, instead of the configured one")->type_name("URL");
    program.app.add_option("--token-file", address.token_file, "file with the token, instead of the configured one")
        ->type_name("FILE");
    program.app.add_option("--color", program.colour, "colors: on a terminal (auto), always or never")
        ->type_name("WHEN")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
}

/// Returns the deepest command parsed before the error.
const CLI::App& asked_for(const CLI::App& app) {
    const auto parts = app.get_subcommands();
    return parts.empty() ? app : asked_for(*parts.front());
}

std::vector<std::string> words_of(const CLI::App& app, bool options) {
    std::vector<std::string> names;
    if (!options)
        for (const CLI::App* command : commands_of(app)) names.push_back(command->get_name());
    for (const CLI::App* at = &app; options && at != nullptr; at = at->get_parent())
        for (const CLI::Option* option : options_of(*at))
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    return names;
}

/// Returns `LOAD is missing: a miner's slug …` for the first missing required argument or option.
std::string missing_in(const CLI::App& app) {
    for (const CLI::Option* option :
         app.get_options([](const CLI::Option* it) { return it->get_required() && it->count() == 0; })) {
        const std::string name = option->nonpositional() ? "--" + option->get_lnames().front() : value_name(*option);
        return name + " is missing: " + option->get_description();
    }
    return {};
}

/// Replaces CLI11's internal argument names with those of `--help`.
std::string own_words(const CLI::App& app, std::string text) {
    for (const CLI::Option* argument : arguments_of(app)) {
        const std::string inner = argument->get_single_name(), shown = value_name(*argument);
        if (!shown.empty() && (text.starts_with(inner + " ") || text.starts_with(inner + ":")))
            text = shown + text.substr(inner.size());
    }
    return text;
}

/// Returns the message: an unknown word with suggestions, a missing argument, or CLI11's message.
std::string usage_error(const CLI::App& root, const CLI::ParseError& error) {
    const CLI::App& app = asked_for(root);
    const std::string where = path_of(app).empty() ? "" : " of " + path_of(app);
    const std::vector<std::string> left = root.remaining(true);
    if (left.empty()) {
        const bool lacking = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
        if (lacking && !commands_of(app).empty()) return "missing command" + where + choose_from("", words_of(app, false));
        const std::string missing = lacking ? missing_in(app) : "";
        return missing.empty() ? own_words(app, error.what()) : missing;
    }
    const std::string& word = left.front();
    const bool option = word.starts_with("-");
    const auto known = words_of(app, option);
    if (known.empty()) return "unexpected argument: " + word;
    return std::string(option ? "unknown option" : "unknown command") + where + " '" + word + "'" + did_you_mean(word, known);
}

int refuse_usage(const CLI::App& root, bool json, const std::string& error) {
    const std::string path = path_of(asked_for(root));
    return refuse(json, Refusal{error, "see `voltctl " + path + (path.empty() ? "" : " ") + "--help`"}, exit_usage);
}

/// Returns true if `--json` was given, even if the rest is invalid.
bool asks_for_json(int argc, char** argv) {
    return std::any_of(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
}

/// Returns true for both `--url` (a voltd) and `--database` (a file): it would be unclear which one was changed.
bool two_places(const Program& program) {
    for (const CLI::App* at = &asked_for(program.app); program.address.url && at != nullptr; at = at->get_parent())
        if (const CLI::Option* database = at->get_option_no_throw("--database"); database != nullptr && database->count() > 0)
            return true;
    return false;
}

}  // namespace

/// Sets the headings of `--help`. A command that is missing here appears under CLI11's own.
void group_commands(CLI::App& app) {
    constexpr std::pair<const char*, const char*> groups[] = {
        {"Observe", "status watch explain alarms outputs"},
        {"Control", "override mode safe-mode go-live"},
        {"Settings", "prefs miners zones settings"},
        {"History", "history decisions whatif shadow"},
        {"Access", "login key users"},
        {"Agent", "ask docs mcp conversations memory proposals"},
        {"Maintenance", "init doctor config import db backup restore charge probe replay ha"}};
    for (const auto& [group, names] : groups) {
        std::istringstream list{names};
        for (std::string name; list >> name;) app.get_subcommand(name)->group(group);
    }
}

void add_all(Program& program) {
    program.app.set_version_flag("--version", "voltctl " VOLT_VERSION);
    program.app.footer(program_examples);
    program.app.require_subcommand(1);
    add_address(program);
    add_live_commands(program);
    add_control_commands(program);
    add_site_commands(program);
    add_settings_commands(program);
    add_history_commands(program);
    add_whatif(program);
    add_shadow(program);
    add_go_live(program);
    add_import(program);
    add_login_commands(program);
    add_agent_commands(program);
    init::add_init(program);
    add_config_commands(program);
    add_db_commands(program);
    add_backup_commands(program);
    add_charge_commands(program);
    add_doctor(program);
    add_probe(program);
    add_replay(program);
    add_help_commands(program);
    group_commands(program.app);
    hand_down_examples(program.app);
}

int run(int argc, char** argv) {
    CLI::App app{"Inspect and control voltd.", "voltctl"};
    Program program{app};
    add_all(program);
    try {
        program.app.parse(argc, argv);
    } catch (const CLI::Success& wanted) { return program.app.exit(wanted); } catch (const CLI::ParseError& error) {
        return refuse_usage(program.app, asks_for_json(argc, argv), usage_error(program.app, error));
    }
    if (two_places(program))
        return refuse_usage(program.app, program.json,
                            "--url asks a running voltd and --database works on a file; use only one of them");
    colour_when(program.colour);
    program.address.json = program.json;
    return program.job();
}

}  // namespace volt::ctl
