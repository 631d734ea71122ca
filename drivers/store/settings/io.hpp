// Reads settings from the database, and writes the one value that the daemon changes: the site's mode.
#pragma once

#include "drivers/result.hpp"
#include "drivers/store/settings/settings.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Reads all settings in one read transaction. No row is trusted: one that breaks a rule is reported in `problems` with field,
/// value and need, and the row of `previous` (or a default, if there is none) is used. Preferences keep the stored mode, a miner
/// that was never valid is disabled, a zone's temperatures become the defaults.
Result<Settings> read_settings(Connection& db, const Settings& previous);
/// Reads them within the caller's transaction.
SqlStatus read_settings_inside(Connection& db, const Settings& previous, Settings& into);

/// Limit of miners, and of zones. Surplus ones are reported and ignored.
inline constexpr std::size_t most_settings_rows = 256;

/// Revision of settings that come from no file.
inline constexpr std::int64_t no_file = 0;

/// Returns the settings of a new site, as created by the migrations, for a store without a file (revision `no_file`).
Settings default_settings();

/// Returns `settings_revision`, or -1 if it cannot be read.
std::int64_t settings_revision(Connection& db);

/// Returns the mode in the site's preferences, or an empty string if it cannot be read.
std::string mode_in(Connection& db);

/// Writes the mode to the site's preferences in one transaction; `who` is stored in settings_history. `over`: only if the stored
/// mode is still this one; otherwise writes nothing and sets `overtaken`.
SqlStatus write_mode(Connection& db, SiteMode mode, const std::string& who, const std::string& over = {},
                     bool* overtaken = nullptr);

/// Returns the last saved rule state, or empty if there is none.
Result<std::optional<std::string>> read_rule_state(Connection& db);

}  // namespace volt
