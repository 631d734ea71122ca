#include "rules/battery/stage.hpp"

#include <algorithm>

#include "rules/battery/bank.hpp"
#include "rules/hold.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

constexpr Volts clear_of = 20_cV;  // this far above a threshold the stage rises at once

/// Returns the stage by voltage alone.
Stage stage_at(Volts v, const Preferences& p) {
    if (v <= p.shutdown) return Stage::shutdown;
    if (v <= p.critical_low) return Stage::critical;
    if (v < p.low) return Stage::low;
    if (v < p.optimal_min) return Stage::normal;
    if (v < p.optimal_max) return Stage::optimal;
    if (v < p.float_v) return Stage::high;
    if (v < p.absorption) return Stage::float_;
    return v < p.full ? Stage::absorption : Stage::full;
}

/// Threshold above which `stage` rises, and the next stage. Stages outside the ladder have none.
struct Step {
    Volts threshold;
    Stage next;
};

std::optional<Step> step_up(Stage stage, const Preferences& p) {
    switch (stage) {
        case Stage::shutdown: return Step{p.shutdown, Stage::critical};
        case Stage::critical: return Step{p.critical_low, Stage::low};
        case Stage::low: return Step{p.low, Stage::normal};
        case Stage::normal: return Step{p.optimal_min, Stage::optimal};
        case Stage::optimal: return Step{p.optimal_max, Stage::high};
        case Stage::high: return Step{p.float_v, Stage::float_};
        case Stage::float_: return Step{p.absorption, Stage::absorption};
        case Stage::absorption: return Step{p.full, Stage::full};
        case Stage::full:
        case Stage::overvoltage:
        case Stage::recovering:
        case Stage::blind: return std::nullopt;
    }
    return std::nullopt;
}

/// Rises from `from` toward `target`: at once if V is clear of a threshold, one stage if V was above it long enough. Passes a
/// stage of zero width (two equal thresholds) together with the one below it.
Stage climb(Stage from, Stage target, Volts v, const Preferences& p, bool long_enough) {
    const Volts clear = scaled(clear_of, p);
    Stage stage = from;
    std::optional<Volts> passed;
    while (stage < target) {
        const std::optional<Step> step = step_up(stage, p);
        if (!step || (v < step->threshold + clear && passed != step->threshold && !long_enough)) break;
        passed = step->threshold;
        long_enough = false;
        stage = step->next;
        if (from == Stage::shutdown) break;  // the next stage above shutdown is critical at any voltage
    }
    return stage;
}

bool on_ladder(Stage stage) { return stage != Stage::blind && stage != Stage::recovering && stage != Stage::overvoltage; }

/// Returns the stage from its voltage and the previous stage, without the latch and without overvoltage.
Stage laddered(Volts v, const Preferences& p, Stage before, Time now, StageState& state) {
    const Stage target = stage_at(v, p);
    if (!on_ladder(before)) return target;
    state.above_since.see(target > before, now);
    return target <= before ? target : climb(before, target, v, p, state.above_since.over(now, limits::stage_rises_after));
}

/// Sets and releases the latch. Returns `recovering` unless the ladder's stage is more severe.
Stage latched(Stage stage, Volts v, const Policy& policy, Time now, StageState& state) {
    if (stage == Stage::shutdown || stage == Stage::critical) {
        state.recovering = true;
        state.restart_since.reset();
        return stage;
    }
    if (!state.recovering) return stage;
    state.restart_since.see(v >= policy.preferences.restart, now);
    if (!state.restart_since.over(now, policy.control.restart_hold)) return Stage::recovering;
    state.recovering = false;
    state.restart_since.reset();
    return stage_at(v, policy.preferences);
}

Stage seeing(const Readings& readings, const Policy& policy, Time now, StageState& state) {
    if (readings.starts_begin_again) {
        state.above_since.reset();
        state.restart_since.reset();
    }
    state.blind_since.reset();
    const Volts v = *readings.for_stops;
    Stage stage = laddered(v, policy.preferences, state.stage, now, state);
    stage = latched(stage, v, policy, now, state);
    // The more restrictive stage wins: one device may report overvoltage while the other reports low.
    return readings.over_maximum && stage > Stage::low ? Stage::overvoltage : stage;
}

Stage blind(Time now, StageState& state) {
    state.blind_since.see(true, now);
    state.above_since.reset();
    state.restart_since.reset();
    return Stage::blind;
}

void enter(Stage stage, const Readings& readings, const Policy& policy, Time now, StageState& state) {
    if (!state.first_tick) state.first_tick = state.since = now;
    if (stage == state.stage) return;
    state.stage = stage;
    state.since = now;
    state.above_since.reset();
    if (stage != Stage::blind && on_ladder(stage))
        state.above_since.see(stage_at(*readings.for_stops, policy.preferences) > stage, now);
}

}  // namespace

StageView judge_stage(const Readings& readings, const Policy& policy, Time now, StageState& state) {
    enter(readings.for_stops ? seeing(readings, policy, now, state) : blind(now, state), readings, policy, now, state);
    StageView view;
    view.stage = state.stage;
    view.since = state.since;
    view.starts_allowed = state.stage > Stage::low;
    view.restart_remaining = state.restart_since.left(now, policy.control.restart_hold);
    view.blind_remaining = state.blind_since.left(now, policy.control.blind_grace);
    view.blind_too_long = state.blind_since.over(now, policy.control.blind_grace);
    return view;
}

}  // namespace volt
