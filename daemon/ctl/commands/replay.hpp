// `voltctl replay`: the rules alone over recorded or invented inputs, one JSON line in, one JSON line out.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/ctl/commands/replay_input.hpp"
#include "drivers/result.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt::ctl {

/// Wiring for settings that come without a voltd.yaml: a GX with battery unit, a Sol-Ark, and the outputs and
/// sensors the settings name (relays with meters; fans as levels).
Config invented_wiring(const Settings& settings);

/// The file that is named, else the usual one where it is there, else invented_wiring(). Prints what is wrong with it, and returns nothing.
std::optional<Config> wiring_for(const std::optional<std::string>& config, const Settings& settings);

/// The rules with their state, from the first line to the last.
class Replay {
public:
    Replay(const Config& config, const Settings& settings);
    /// The answer to one line, without its end; a failure names what is wrong with the line.
    Result<std::string> answer(const std::string& line);

private:
    Policy policy_;
    ReplayInput input_;
    RuleState state_;
};

struct ReplayOptions {
    std::string database;
    std::optional<std::string> config;  ///< as wiring_for() takes it
};

/// Reads lines of at most 1 MB until the end; ends with 1 at the first that is wrong, with its number on stderr.
int replay(const ReplayOptions& options, std::istream& in, std::ostream& out);

}  // namespace volt::ctl
