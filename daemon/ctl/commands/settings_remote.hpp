// What `voltctl prefs`, `miners`, `zones` and `settings undo|restore` do with `--url`: the same as on the database, by way of
// that voltd's API. Each returns the exit code; the local database is never touched.
#pragma once

#include "daemon/ctl/commands/settings_actions.hpp"

namespace volt::ctl::remote {

int list_settings(const Program& program, const SettingsAsk& ask);
int show_settings(const Program& program, const SettingsAsk& ask);
int set_settings(const Program& program, const SettingsAsk& ask, const std::vector<Assignment>& fields);
int add_settings(const Program& program, const SettingsAsk& ask, const std::vector<Assignment>& fields);
int remove_settings(const Program& program, const SettingsAsk& ask);
int reset_settings(const Program& program, const SettingsAsk& ask);
int undo_settings_change(const Program& program, const SettingsAsk& ask);
int restore_earlier_settings(const Program& program, const SettingsAsk& ask);

}  // namespace volt::ctl::remote
