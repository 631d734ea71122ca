// The battery's stage: from voltage alone, with its conditions to rise (0.20 V, 30 s, the restart hold).
#pragma once

#include <optional>

#include "rules/hold.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

/// State of this part; owned and changed by judge_stage() alone.
struct StageState {
    Stage stage = Stage::blind;
    Time since{};
    bool recovering = false;  ///< latched by shutdown or critical; survives blind and restart
    Hold restart_since;       ///< V >= restart since
    Hold above_since;         ///< above the threshold of the next stage since
    Hold blind_since;         ///< no usable voltage since
    std::optional<Time> first_tick;
    bool operator==(const StageState&) const = default;
};

struct StageView {
    Stage stage = Stage::blind;
    Time since{};
    bool starts_allowed = false;  ///< for loads
    bool blind_too_long = false;  ///< blind for longer than the grace
    std::optional<Duration> restart_remaining;
    std::optional<Duration> blind_remaining;
};

/// Judges the stage from `for_stops` and advances `state` by one tick.
StageView judge_stage(const Readings& readings, const Policy& policy, Time now, StageState& state);

}  // namespace volt
