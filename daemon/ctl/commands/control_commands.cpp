// override, mode and safe-mode: sends requests to a running voltd, and shows what the rules decide.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/commands/control_ask.hpp"
#include "daemon/ctl/commands/settings_actions.hpp"
#include "daemon/ctl/talk/api_errors.hpp"
#include "daemon/ctl/talk/database_option.hpp"
#include "daemon/ctl/talk/suggest.hpp"
#include "daemon/ctl/views/control_view.hpp"
#include "daemon/ctl/views/terminal.hpp"
#include "daemon/host/safe_mode.hpp"
#include "drivers/override_body.hpp"
#include "drivers/store/sqlite/lock.hpp"
#include "rules/limits.hpp"

namespace volt::ctl {

namespace {

struct OverrideAsk {
    std::string load;
    OverrideWords words;
    bool dry_run = false;
};

int show_would(const Program& program, const ApiReply& reply) {
    const Json answer = Json::parse(reply.body, nullptr, false);
    program.json ? print(answer) : print(would_lines(answer));
    if (!program.json) std::cout << "dry run: nothing was changed\n";
    return exit_ok;
}

int send_override(const Program& program, const ApiAddress& address, const OverrideAsk& asked, const Json& before) {
    const OverrideBody made = override_body(asked.words);
    if (!made.error.empty()) return refuse(program.json, made.error, made.bad_span ? exit_usage : exit_failed);
    const std::string slug = word(before, "load");
    const ApiReply reply =
        post(address, "/api/overrides/" + encoded(slug) + (asked.dry_run ? "?dry_run=1" : ""), made.body.dump());
    if (!reply.ok()) return complain(address, reply, slug);
    if (asked.dry_run) return show_would(program, reply);
    const Json answer = Json::parse(reply.body, nullptr, false);
    const std::string warning = word(answer, "warning");
    if (!program.json && !warning.empty()) std::cerr << "warning: " << warning << '\n';
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    Json load = part(answer, "explain");
    if (!load.is_object()) load = {{"load", slug}, {"text", "the rules have not run yet; see `voltctl explain " + slug + "`"}};
    if (!program.json) {
        print(override_lines(load, *status, paint_for_output()));
        return exit_ok;
    }
    load["stored"] = part(answer, "stored") != false;
    if (!warning.empty()) load["warning"] = warning;
    load["commands"] = word(part(*status, "site"), "commands");
    print(load);
    return exit_ok;
}

int set_override(const Program& program, const ApiAddress& address, OverrideAsk asked) {
    int code = exit_ok;
    const auto all = ask(address, "/api/explain", code);
    if (!all) return code;
    const std::vector<std::string> known = overridable(*all);
    const std::vector<std::string> meant = overridden_by(loads_for(address, asked.load, *all), asked.words.state, known);
    if (meant.size() > 1) return refuse(program.json, Refusal{asked.load + " matches several loads", {}, meant});
    if (meant.empty()) return refuse(program.json, Refusal{"unknown load: " + asked.load, {}, nearest_first(asked.load, known)});
    const std::string& slug = meant.front();
    const Json& load = part(*all, slug);
    asked.words.fan = word(load, "kind") == "fan";
    return send_override(program, address, asked, load);
}

// Mode ------------------------------------------------------------------------------------------------------------

struct ModeAsk {
    SettingsAsk settings;
    std::string name;
};

int show_mode(const Program& program, const std::string& mode, bool running) {
    if (program.json) print(Json{{"mode", mode}, {"running", running}});
    else print(mode_lines(mode, paint_for_output()));
    return exit_ok;
}

/// Sets the mode without voltd, like `prefs set operating_mode=…`.
int mode_of_database(const Program& program, ModeAsk& asked) {
    const auto path = find_database(asked.settings.database, program.address);
    if (!path) return exit_failed;
    asked.settings.database.database = path;  // do not ask the API again
    if (asked.name.empty()) {
        const auto mode = stored_setting(program, asked.settings, "operating_mode");
        return mode ? show_mode(program, *mode, false) : exit_failed;
    }
    asked.settings.values = {"operating_mode=" + asked.name};
    const int code = set_settings(program, asked.settings);
    if (code != exit_ok || asked.settings.dry_run) return code;
    if (DatabaseLock::is_held(*path)) {
        std::cerr
            << "voltctl: voltd is running, but its API does not answer. The mode is saved and takes effect when voltd reads "
               "its settings; check that the loads follow (systemctl status voltd)\n";
        return exit_unreachable;
    }
    if (!program.json) std::cout << "voltd is not running: takes effect when it starts\n";
    return code;
}

/// Prints the effect on each load.
void print_loads(const Json& loads, const Json& status, const Paint& paint) {
    for (const auto& [slug, load] : loads.items())
        if (word(load, "kind") == "miner" || word(load, "kind") == "heater")
            std::cout << "  " << paint(Colour::bold, slug) << ": " << rules_text(load, status) << '\n';
}

int send_mode(const Program& program, const ApiAddress& address, const ModeAsk& asked, const std::string& before) {
    const bool dry = asked.settings.dry_run;
    const ApiReply reply = post(address, dry ? "/api/mode?dry_run=1" : "/api/mode", Json{{"mode", asked.name}}.dump());
    if (!reply.ok()) return complain(address, reply, asked.name);
    if (dry) return show_would(program, reply);
    int code = exit_ok;
    const auto status = ask(address, "/api/status", code);
    if (!status) return code;
    const auto loads = ask(address, "/api/explain", code);
    if (!loads) return code;
    const Json answer = Json::parse(reply.body, nullptr, false);
    if (program.json) {
        const Json stored = part(answer, "stored") != false;
        print(Json{{"mode", asked.name},
                   {"before", before},
                   {"commands", word(part(*status, "site"), "commands")},
                   {"stored", stored},
                   {"loads", *loads}});
        return exit_ok;
    }
    if (const std::string warning = word(answer, "warning"); !warning.empty()) std::cerr << "warning: " << warning << '\n';
    std::cout << (before == asked.name ? "mode " + before + ", unchanged" : "mode " + before + " -> " + asked.name)
              << "; the rules:\n";
    print_loads(*loads, *status, paint_for_output());
    return exit_ok;
}

int mode(const Program& program, const ApiAddress& address, ModeAsk& asked) {
    const std::vector<std::string> known = mode_names();
    if (!asked.name.empty() && std::find(known.begin(), known.end(), asked.name) == known.end())
        return refuse(program.json, Refusal{"unknown mode: " + asked.name, {}, nearest_first(asked.name, known)});
    if (asked.settings.database.database && !program.address.url) return mode_of_database(program, asked);
    const ApiReply reply = get(address, "/api/status");
    // If another site's API is unreachable, do not switch this site.
    if (!reply.reached && (program.address.url || reply.forbidden)) return complain(address, reply);
    if (!reply.reached) return mode_of_database(program, asked);
    if (!reply.ok()) return complain(address, reply);
    const Json status = Json::parse(reply.body, nullptr, false);
    const std::string now = word(part(status, "site"), "mode");
    return asked.name.empty() ? show_mode(program, now, true) : send_mode(program, address, asked, now);
}

// Safe mode -------------------------------------------------------------------------------------------------------

int end_safe_mode(const Program& program, const ApiAddress& address) {
    const ApiReply reply = post(address, "/api/safe-mode/end", "{}");
    if (!reply.ok()) return complain(address, reply);
    const Json answer = Json::parse(reply.body, nullptr, false);
    if (program.json) {
        print(answer);
        return exit_ok;
    }
    const std::string text = word(answer, "text");
    std::cout << (text.empty() ? "safe mode ended: voltd switches loads on again" : text) << '\n';
    return exit_ok;
}

int announce(const Program& program, const ApiAddress& address) {
    const ApiReply reply = post(address, "/api/homeassistant/announce", "{}");
    if (!reply.ok()) return complain(address, reply);
    if (program.json) print(Json::parse(reply.body, nullptr, false));
    else std::cout << "voltd publishes its devices for Home Assistant again\n";
    return exit_ok;
}

constexpr const char* override_examples = R"(
LOAD is a miner's slug, name or output, <zone>/fan or <zone>/heat. It lasts {} minutes unless --for is given; then the rules decide again.
An override goes through the rules: voltage, temperature and rest limits still apply, and the answer shows the result.

Examples:
  voltctl override primary-s21-revenue off --for 2h
  voltctl override "Dump Load S19 #1" on --dry-run     what it would switch now
  voltctl override heat-room/fan 7 --for 30m           a fan's level
  voltctl override main-room/heat off --for ever       off, until you cancel it
  voltctl override primary-s21-revenue auto            ends it)";

constexpr const char* mode_examples = R"(
Without MODE: lists the modes and marks the active one. If voltd is not running, it uses the database.

Examples:
  voltctl mode
  voltctl mode off
  voltctl mode conservative --dry-run)";

constexpr const char* safe_mode_examples = R"(
After {} crashes within {} minutes voltd enters safe mode: it switches no miner or heater on, not even for an override.
Running loads stay on and can still be switched off. Safe mode ends {} minutes after the last crash, with this
command, when voltd is reloaded, or at a boot.

Examples:
  voltctl alarms                  is safe mode on?
  voltctl safe-mode end)";

void add_override(Program& program) {
    CLI::App* part = add_shown(program.app, program, "override", "switch a load by hand for a while, within the rules");
    const auto asked = std::make_shared<OverrideAsk>();
    part->add_option("load", asked->load,
                     "a miner's slug, name or output, <zone>/fan or <zone>/heat; a unique beginning is enough")
        ->type_name("LOAD")
        ->required();
    part->add_option("state", asked->words.state, "auto, on, off, or a fan's level")->type_name("STATE")->required();
    part->add_option("--for", asked->words.lasts,
                     fmt::format("duration: 1m to {}h (default {}m), or ever (only with off)", limits::longest_override / 1h,
                                 limits::default_override / 1min))
        ->type_name("SPAN");
    part->add_flag("--dry-run", asked->dry_run, "only show what it would switch now");
    part->footer(fmt::format(override_examples, limits::default_override / 1min));
    on(part, program, [&program, asked] {
        return with_address(program, [&](const ApiAddress& at) { return set_override(program, at, *asked); });
    });
}

void add_mode(Program& program) {
    CLI::App* part = add_shown(program.app, program, "mode", "show or set the site's mode");
    const auto asked = std::make_shared<ModeAsk>();
    part->add_option("mode", asked->name, mode_need())->type_name("MODE");
    part->add_flag("--dry-run", asked->settings.dry_run, "only show what it would switch now");
    add_database_option(*part, asked->settings.database);
    part->footer(mode_examples);
    on(part, program,
       [&program, asked] { return with_address(program, [&](const ApiAddress& at) { return mode(program, at, *asked); }); });
}

void add_safe_mode(Program& program) {
    CLI::App* group = add_plain(program.app, "safe-mode", "leave safe mode (entered after repeated crashes)");
    group->require_subcommand(1);
    group->footer(
        fmt::format(safe_mode_examples, SafeMode::ends_to_enter, SafeMode::ends_within / 1min, SafeMode::quiet_to_end / 1min));
    on(add_shown(*group, program, "end", "let voltd switch loads on again"), program,
       [&program] { return with_address(program, [&](const ApiAddress& at) { return end_safe_mode(program, at); }); });
}

constexpr const char* ha_examples = R"(
voltd does not show a device again after you deleted it in Home Assistant, until it restarts or you run this command.

Examples:
  voltctl ha announce)";

void add_home_assistant(Program& program) {
    CLI::App* group = add_plain(program.app, "ha", "show voltd's devices in Home Assistant again");
    group->require_subcommand(1);
    group->footer(ha_examples);
    on(add_shown(*group, program, "announce", "publish the discovery messages again"), program,
       [&program] { return with_address(program, [&](const ApiAddress& at) { return announce(program, at); }); });
}

}  // namespace

void add_control_commands(Program& program) {
    add_override(program);
    add_mode(program);
    add_safe_mode(program);
    add_home_assistant(program);
}

}  // namespace volt::ctl
