// `voltctl replay`: runs only the rules, over recorded or invented inputs. Reads and writes one JSON line at a time.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/ctl/commands/replay_input.hpp"
#include "drivers/result.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt::ctl {

/// Returns the wiring for settings without a voltd.yaml: a GX with battery unit, a Sol-Ark, and the outputs and sensors that the
/// settings name (relays with meters; fans as levels).
Config invented_wiring(const Settings& settings);

/// Reads the named file, else the default one if it exists, else returns invented_wiring(). Prints an error of the file and
/// returns nothing.
std::optional<Config> wiring_for(const std::optional<std::string>& config, const Settings& settings);

/// Rules with their state, from the first line to the last.
class Replay {
public:
    Replay(const Config& config, const Settings& settings);
    /// Returns the answer to one line, without a newline. A failure names the error in the line.
    Result<std::string> answer(const std::string& line);

private:
    Policy policy_;
    ReplayInput input_;
    RuleState state_;
};

struct ReplayOptions {
    std::string database;
    std::optional<std::string> config;  ///< see wiring_for()
};

/// Reads lines of at most 1 MB until the end. Returns 1 at the first invalid one, with its number on stderr.
int replay(const ReplayOptions& options, std::istream& in, std::ostream& out);

}  // namespace volt::ctl
