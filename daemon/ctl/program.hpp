// How the commands of voltctl are put on its command line: each group adds its own, and the one that was asked becomes the job.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "daemon/ctl/commands.hpp"

namespace volt::ctl {

/// The command line while it is being read.
struct Program {
    CLI::App app{"Shows what voltd does and why.", "voltctl"};
    AddressOptions address;     ///< --config, --url, --token-file
    bool json = false;          ///< --json of the command that was asked
    std::function<int()> job;   ///< what the command that was asked does; returns the exit code
};

/// A command that only shows: with `--json`.
CLI::App* add_shown(CLI::App& parent, Program& program, const char* name, const char* what);

/// A command without `--json`.
CLI::App* add_plain(CLI::App& parent, const char* name, const char* what);

/// Does `command` when this part of the command line was asked.
template <class Command>
void on(CLI::App* part, Program& program, Command command) {
    part->callback([&program, command] { program.job = command; });
}

/// status, watch, explain: what a running voltd shows.
void add_live_commands(Program& program);

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
