// Commands of voltctl. Each group adds its own to the command line. Those that show a running voltd return the exit code.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/talk/line.hpp"

namespace volt::ctl {

struct WatchOptions {
    bool json = false;
    double interval_s = 1;
    std::optional<double> for_s;  ///< nothing: until interrupted
    std::string note{};           ///< note to keep above the status, or empty if none
};

/// Returns the loads that a person may mean, as keys of `/api/explain`: one by slug, name or output id (`outputs`: the list of
/// `/api/outputs`); by a zone its fan and its heater; else all with this prefix. Empty if there are none.
std::vector<std::string> loads_for(const std::string& word, const nlohmann::ordered_json& explanations,
                                   const nlohmann::ordered_json& outputs);
/// Returns such loads of a running voltd. Requests its outputs only if needed.
std::vector<std::string> loads_for(const ApiAddress& address, const std::string& word,
                                   const nlohmann::ordered_json& explanations);

int show_status(const ApiAddress& address, bool json);
int explain(const ApiAddress& address, const std::string& load, bool json);
int watch(const ApiAddress& address, const WatchOptions& options);

/// status, watch, explain: state of a running voltd.
void add_live_commands(Program& program);

/// override, mode, safe-mode: requests to a running voltd.
void add_control_commands(Program& program);

/// outputs, alarms.
void add_site_commands(Program& program);

/// charge: proof of what stops the charging.
void add_charge_commands(Program& program);

/// login, key, users: access to the API.
void add_login_commands(Program& program);

/// config: voltd.yaml.
void add_config_commands(Program& program);

/// complete: hidden, for shells.
void add_help_commands(Program& program);

/// db: the database as a whole.
void add_db_commands(Program& program);

/// prefs, miners, zones, settings: settings of the owner.
void add_settings_commands(Program& program);

/// history, decisions: stored data.
void add_history_commands(Program& program);

/// backup, restore: all data of a site in one file.
void add_backup_commands(Program& program);

/// doctor.
void add_doctor(Program& program);

/// probe.
void add_probe(Program& program);

/// replay.
void add_replay(Program& program);

/// whatif.
void add_whatif(Program& program);

/// shadow.
void add_shadow(Program& program);

/// import.
void add_import(Program& program);

/// go-live.
void add_go_live(Program& program);

}  // namespace volt::ctl
