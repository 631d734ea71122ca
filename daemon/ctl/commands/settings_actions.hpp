// Actions of `voltctl prefs`, `miners`, `zones` and `settings`. Each returns the exit code.
#pragma once

#include "daemon/ctl/talk/database_option.hpp"
#include "drivers/store/settings/log.hpp"

namespace volt::ctl {

/// Arguments; each command uses its part.
struct SettingsAsk {
    DatabaseChoice database;
    SettingsTable table = SettingsTable::preferences;
    std::string key;                  ///< LOAD, or a time
    std::vector<std::string> values;  ///< KEY=VALUE…, or KEY…
    bool dry_run = false;
    bool yes = false;              ///< do not ask
    bool end_guard = false;        ///< the last zone that guards the battery may be removed
    std::string of_table, of_row;  ///< for the history
    int limit = 20;
    std::int64_t change = 0;  ///< change to undo, or 0 for the last one
};

inline constexpr const char* end_guard_question = "Charging a freezing LiFePO4 battery damages it. End the guard?";

/// Returns one preference as text. Prints an error and returns nothing if it cannot be read.
std::optional<std::string> stored_setting(const Program& program, const SettingsAsk& ask, const char* field);

int list_settings(const Program& program, const SettingsAsk& ask);
int show_settings(const Program& program, const SettingsAsk& ask);
/// Prints the meaning of one field, or of each.
int help_settings(const Program& program, const SettingsAsk& ask);
int set_settings(const Program& program, const SettingsAsk& ask);
int add_settings(const Program& program, const SettingsAsk& ask);
int remove_settings(const Program& program, const SettingsAsk& ask);
int reset_settings(const Program& program, const SettingsAsk& ask);
int show_settings_history(const Program& program, const SettingsAsk& ask);
int undo_settings_change(const Program& program, const SettingsAsk& ask);
int restore_earlier_settings(const Program& program, const SettingsAsk& ask);

}  // namespace volt::ctl
