// prefs, miners, zones and settings on the command line.
#include <CLI/CLI.hpp>
#include <memory>

#include "daemon/ctl/commands/commands.hpp"
#include "daemon/ctl/commands/settings_actions.hpp"

namespace volt::ctl {

namespace {

using Ask = std::shared_ptr<SettingsAsk>;

constexpr const char* prefs_examples = R"(
Examples:
  voltctl prefs show
  voltctl prefs help voltage_low
  voltctl prefs set voltage_low=47.5 reserve_voltage=48
  voltctl prefs set reserve_voltage=null --dry-run
  voltctl prefs set bank_wh=20800            the night budget: 400 Ah * 52 V, of which voltd keeps what the house needs
  voltctl prefs set budget_floor_percent=25  of the bank, never planned with; bridge_wh=0: no bridge over clouds
  voltctl prefs set voltage_at_0_percent=44.8 voltage_curve=44.8:0,50.0:40,56.0:100
  voltctl prefs reset voltage_low
  voltctl prefs reset --yes                  every preference: thresholds, curve, time zone
)";
constexpr const char* miners_examples = R"(
Examples:
  voltctl miners list
  voltctl miners show primary-s21-revenue
  voltctl miners help stop_voltage
  voltctl miners set primary-s21-revenue start_voltage=50.5 stop_voltage=47.5
  voltctl miners add name="Dump Load S19 #2" power_draw_w=3250 priority_level=4 start_voltage=55 \
      stop_voltage=53.5 emergency_stop_voltage=50 device_id=dump-load-s19-2 hvac_zone_id=heat-room
  voltctl miners rm dump-load-s19-2
)";
constexpr const char* zones_examples = R"(
Examples:
  voltctl zones list
  voltctl zones show heat-room
  voltctl zones help temp_too_hot
  voltctl zones set heat-room temp_too_hot=42 temp_hot_ok=36
  voltctl zones set "Main Room" heater_device_id=none heating_enabled=no
  voltctl zones add zone_name=Shed sensor_id=shed
  voltctl zones rm shed
)";
constexpr const char* settings_examples = R"(
Examples:
  voltctl settings history
  voltctl settings history --table miners --row primary-s21-revenue --limit 5
  voltctl settings undo 42                   only what change 42 did; refused for fields that were changed since
  voltctl settings restore 41 --dry-run      as it was right after change 41
  voltctl settings restore 2h                as it was two hours ago
  voltctl settings restore 2025-06-21T12:00Z
)";

CLI::App* add_group(Program& program, const char* name, const char* what, const char* examples) {
    CLI::App* group = add_plain(program.app, name, what);
    group->require_subcommand(1);
    group->footer(examples);
    return group;
}

/// Adds one command of a group with `--json`, `--database` and its action.
CLI::App* add_part(CLI::App& group, Program& program, const char* name, const std::string& what, const Ask& ask,
                   int (*act)(const Program&, const SettingsAsk&)) {
    CLI::App* part = add_shown(group, program, name, what.c_str());
    add_database_option(*part, ask->database);
    on(part, program, [&program, ask, act] { return act(program, *ask); });
    return part;
}

void add_key(CLI::App* part, const Ask& ask, const char* noun) {
    part->add_option("load", ask->key, std::string("the ") + noun + ": its slug, name or id")->type_name("LOAD")->required();
}

void add_help(CLI::App& group, Program& program, const Ask& ask) {
    CLI::App* help = add_plain(group, "help", "explain one field or all of them, with the allowed values");
    help->add_option("field", ask->key, "the field (default: every one)")->type_name("KEY");
    on(help, program, [&program, ask] { return help_settings(program, *ask); });
}

void add_dry_run(CLI::App* part, const Ask& ask) { part->add_flag("--dry-run", ask->dry_run, "only show what would change"); }

void add_values(CLI::App* part, const Ask& ask) {
    part->add_option("values", ask->values, "fields and values; null (or none) clears one")->type_name("KEY=VALUE")->required();
    add_dry_run(part, ask);
}

void add_end_guard(CLI::App* part, const Ask& ask) {
    part->add_flag("--end-guard", ask->end_guard, "end the guard against charging a cold battery without asking");
}

Ask ask_for(SettingsTable table) {
    const Ask ask = std::make_shared<SettingsAsk>();
    ask->table = table;
    return ask;
}

void add_prefs(Program& program) {
    CLI::App* group = add_group(program, "prefs", "show and change thresholds, battery curve and site mode", prefs_examples);
    const Ask ask = ask_for(SettingsTable::preferences);
    add_part(*group, program, "show", "show all preferences", ask, show_settings);
    add_help(*group, program, ask);
    add_values(add_part(*group, program, "set", "change preferences", ask, set_settings), ask);
    CLI::App* reset =
        add_part(*group, program, "reset", "reset all preferences, or the named ones, to their defaults", ask, reset_settings);
    reset->add_option("keys", ask->values, "preferences to reset (default: all but the mode `off`)")->type_name("KEY");
    reset->add_flag("--yes", ask->yes, "reset all without asking, for scripts");
    add_dry_run(reset, ask);
}

void add_rows(Program& program, SettingsTable table, const char* name, const char* what, const char* examples) {
    CLI::App* group = add_group(program, name, what, examples);
    const Ask ask = ask_for(table);
    const char* noun = noun_of(table);
    add_part(*group, program, "list", "one line each", ask, list_settings);
    add_key(add_part(*group, program, "show", std::string("show every field of one ") + noun, ask, show_settings), ask, noun);
    add_help(*group, program, ask);
    CLI::App* set = add_part(*group, program, "set", std::string("change fields of one ") + noun, ask, set_settings);
    add_key(set, ask, noun);
    add_values(set, ask);
    add_values(add_part(*group, program, "add", "add a row; omitted fields get their defaults", ask, add_settings), ask);
    CLI::App* remove = add_part(*group, program, "rm", "remove one", ask, remove_settings);
    add_key(remove, ask, noun);
    add_dry_run(remove, ask);
    if (table != SettingsTable::zones) return;
    add_end_guard(set, ask);
    add_end_guard(remove, ask);
}

void add_history_of_settings(Program& program) {
    CLI::App* group = add_group(program, "settings", "show the change history; undo and restore", settings_examples);
    const Ask ask = ask_for(SettingsTable::preferences);
    CLI::App* history =
        add_part(*group, program, "history", "list changes to the settings, newest first", ask, show_settings_history);
    history->add_option("--table", ask->of_table, "only changes of this table")
        ->type_name("TABLE")
        ->check(CLI::IsMember({"prefs", "miners", "zones"}));
    history->add_option("--row", ask->of_row, "only changes of this miner or zone: slug, name or id")->type_name("LOAD");
    history->add_option("--limit", ask->limit, "maximum number to show")
        ->type_name("COUNT")
        ->check(CLI::Range(1, most_logged))
        ->capture_default_str();
    CLI::App* undo = add_part(*group, program, "undo", "undo one change", ask, undo_settings_change);
    undo->add_option("change", ask->change, "number of the change (default: the last change)")
        ->type_name("CHANGE")
        ->check(CLI::PositiveNumber);
    add_dry_run(undo, ask);
    add_end_guard(undo, ask);
    CLI::App* restore =
        add_part(*group, program, "restore", "restore all settings to an earlier state", ask, restore_earlier_settings);
    restore->add_option("moment", ask->key, "a change's number (the state right after it), a time (UTC), or 90m, 2h, 3d ago")
        ->type_name("CHANGE|TIME")
        ->required();
    add_dry_run(restore, ask);
    add_end_guard(restore, ask);
}

}  // namespace

void add_settings_commands(Program& program) {
    add_prefs(program);
    add_rows(program, SettingsTable::miners, "miners", "show and change miners: power, voltages, hours", miners_examples);
    add_rows(program, SettingsTable::zones, "zones", "show and change zones: fan, heater, sensor", zones_examples);
    add_history_of_settings(program);
}

}  // namespace volt::ctl
