// Settings from the database and the one thing the daemon writes back: the site's mode.
#pragma once

#include "drivers/result.hpp"
#include "drivers/store/settings/settings.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Reads all settings in one read transaction. No row is trusted: one that breaks a rule is reported in `problems` with
/// field, value and need, and the row of `previous` (or, if there is none, a default) is used: preferences keep the
/// stored mode, a miner that was never good is disabled, a zone's temperatures become the defaults.
Result<Settings> read_settings(Connection& db, const Settings& previous);
/// The same within a transaction of the caller's.
SqlStatus read_settings_inside(Connection& db, const Settings& previous, Settings& into);

/// Of miners, and of zones; surplus ones are reported and ignored.
inline constexpr std::size_t most_settings_rows = 256;

/// Revision of settings that come from no file.
inline constexpr std::int64_t no_file = 0;

/// The settings of a new site, as the migrations put them in; for a store without a file (revision `no_file`).
Settings default_settings();

/// `settings_revision`, -1 when it cannot be read.
std::int64_t settings_revision(Connection& db);

/// The mode in the site's preferences; empty if it cannot be read.
std::string mode_in(Connection& db);

/// Writes the mode to the site's preferences in one transaction; `who` goes to settings_history. `over`: only where this
/// word still stands, else nothing is written and `overtaken` set.
SqlStatus write_mode(Connection& db, SiteMode mode, const std::string& who, const std::string& over = {},
                     bool* overtaken = nullptr);

/// The rule state saved last; nothing where there is none.
Result<std::optional<std::string>> read_rule_state(Connection& db);

}  // namespace volt
