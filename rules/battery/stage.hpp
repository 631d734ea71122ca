// The battery's stage, judged from voltage alone. It rises only after a margin of 0.20 V, 30 s and the restart hold.
#pragma once

#include <optional>

#include "rules/hold.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

/// State of the stage. Only judge_stage() changes it.
struct StageState {
    Stage stage = Stage::blind;
    Time since{};
    bool recovering = false;  ///< latched by shutdown or critical; survives blind and restart
    Hold restart_since;       ///< V >= restart has held since
    Hold above_since;         ///< V has been above the threshold of the next stage since
    Hold blind_since;         ///< no usable voltage since
    std::optional<Time> first_tick;
    bool operator==(const StageState&) const = default;
};

struct StageView {
    Stage stage = Stage::blind;
    Time since{};
    bool starts_allowed = false;  ///< true if loads may start
    bool blind_too_long = false;  ///< blind for longer than the grace
    std::optional<Duration> restart_remaining;
    std::optional<Duration> blind_remaining;
};

/// Judges the stage from `for_stops` and advances `state` by one tick.
StageView judge_stage(const Readings& readings, const Policy& policy, Time now, StageState& state);

}  // namespace volt
