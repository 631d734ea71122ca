// The command line of voltctl: each group adds its commands, and the one that is given becomes the job.
#pragma once

#include <functional>
#include <string>

#include "daemon/ctl/commands/commands.hpp"

// The library itself is read only where commands are added: it takes long to compile.
namespace CLI {
class App;
}

namespace volt::ctl {

/// The command line while it is being read.
struct Program {
    CLI::App& app;
    AddressOptions address{};     ///< --config, --url, --token-file
    std::string colour = "auto";  ///< --color
    bool json = false;            ///< --json of the given command
    std::function<int()> job{};   ///< runs the given command; returns the exit code
};

/// A command that only shows: with `--json`.
CLI::App* add_shown(CLI::App& parent, Program& program, const char* name, const char* what);

/// A command without `--json`.
CLI::App* add_plain(CLI::App& parent, const char* name, const char* what);

/// Runs `command` if this part of the command line is given.
void on(CLI::App* part, Program& program, std::function<int()> command);

/// The whole command line.
void add_all(Program& program);

/// status, watch, explain: what a running voltd shows.
void add_live_commands(Program& program);

/// override, mode, safe-mode: requests to a running voltd.
void add_control_commands(Program& program);

/// outputs, alarms.
void add_site_commands(Program& program);

/// charge: the proof of what stops the charging.
void add_charge_commands(Program& program);

/// login, key, users: who may use the API.
void add_login_commands(Program& program);

/// config: voltd.yaml.
void add_config_commands(Program& program);

/// complete: hidden, for shells.
void add_help_commands(Program& program);

/// db: the database as a whole.
void add_db_commands(Program& program);

/// prefs, miners, zones, settings: what the owner sets.
void add_settings_commands(Program& program);

/// history, decisions: what the database keeps.
void add_history_commands(Program& program);

/// probe.
void add_probe(Program& program);

/// replay.
void add_replay(Program& program);

}  // namespace volt::ctl
