// Checks voltd.yaml against the settings in the database, and prints the result for `voltd --check`.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

struct Findings {
    std::vector<Problem> problems, warnings;
};

/// Returns findings that need both file and settings. Findings about a row of the database name the database instead of the file,
/// and have no line. `parsed` must hold a configuration.
Findings check_settings(const ParsedConfig& parsed, const Settings& settings);

/// Returns the findings between file and settings that a change adds, as `key: problem; remedy`. `parsed` must hold a
/// configuration.
std::vector<std::string> new_findings(const ParsedConfig& parsed, const Settings& before, const Settings& after);

/// Rejects a database whose directory is missing (voltd creates only the file): with a misspelled path, voltd would start a new
/// site with default thresholds. systemd creates the package's own directory. `parsed` must hold a configuration.
std::optional<Problem> check_database_place(const ParsedConfig& parsed);

/// Warns if the database or the file itself is on a file system that a reboot clears. `parsed` must hold a configuration.
std::vector<Problem> check_memory(const ParsedConfig& parsed);

/// Warns about a token file that cannot be created or used, as far as this account can check. `parsed` must hold a configuration.
std::optional<Problem> check_token_file(const ParsedConfig& parsed);

/// Warns about a password file that is missing, empty, not a file, or not readable by the service's account. `parsed` must hold a
/// configuration.
std::optional<Problem> check_password_file(const ParsedConfig& parsed);

/// Reads the settings of the database at a path. Returns nothing if there is no database yet.
using SettingsReader = std::function<std::optional<Settings>(const std::string& database)>;

/// Reads the wiring of the stored proof of the charge means from the database at a path. Returns an empty string if there is
/// none.
using ProofReader = std::function<std::string(const std::string& database)>;

/// Reads the file at `path` and checks it against the settings that `read_settings` returns, or against the default rows if there
/// is no database yet. Never throws.
Findings check_file(const std::string& path, const SettingsReader& read_settings, const ProofReader& read_proof = {});

/// Returns the last line: `FILE: OK, no problems, 2 warnings`.
std::string verdict(const std::string& path, const Findings& findings);

/// Exit code after a rejected configuration or database.
inline constexpr int exit_refused = 78;

/// Checks the file at `path`, with the settings if `read_settings` returns any, and prints every problem and warning, one per
/// line. Returns the exit code: 0, or exit_refused with any problem.
int check_config(const std::string& path, std::ostream& out, const SettingsReader& read_settings = {},
                 const ProofReader& read_proof = {});

}  // namespace volt
