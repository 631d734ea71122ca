#include "rules/zones/zones.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

#include "rules/zones/zone_parts.hpp"

namespace volt {

namespace {

constexpr Duration grace_without_fan = 60s;

std::optional<Celsius> temperature_of(const Zone& zone, const Readings& readings) {
    return zone.sensor == no_index ? std::nullopt : readings.sensors[static_cast<std::size_t>(zone.sensor)];
}

bool sensor_is_lost(const ZoneTurn& turn) { return turn.zone.sensor != no_index && !turn.t; }

Duration grace_of(const ZoneTurn& turn) {
    const bool fan_helps = has_fan(turn.zone) && turn.in.fan_confirmed;
    return fan_helps ? turn.policy.control.trip_grace : grace_without_fan;
}

/// Returns the time left until the zone's miners stop because the temperature is lost, or empty while it is known.
std::optional<Duration> grace_left(const ZoneTurn& turn, Time daemon_start, const ZoneState& state) {
    if (!state.unusable_since) return std::nullopt;
    return Hold{std::max(*state.unusable_since.since, daemon_start)}.left(turn.now(), grace_of(turn));
}

void follow_miner(const ZoneTurn& turn, ZoneState& state) {
    if (turn.in.miner_on || state.miner_on) state.miner_last_on = turn.now();
    state.miner_on = turn.in.miner_on;
}

void latch_heat(const ZoneTurn& turn, ZoneState& state) {
    const Celsius limit = turn.zone.too_hot + turn.policy.control.trip_margin;
    if (turn.t && *turn.t >= limit) state.tripped = true;
    if (turn.t && *turn.t <= turn.zone.hot_ok) state.tripped = false;
}

void judge_trip(const ZoneTurn& turn, Time daemon_start, ZoneState& state, ZoneView& view) {
    latch_heat(turn, state);
    state.unusable_since.see(sensor_is_lost(turn), turn.now());
    // A trip for a missing temperature ends when the temperature returns; only a trip by heat latches.
    view.tripped = state.tripped || grace_left(turn, daemon_start, state) == Duration::zero();
}

bool start_allowed(const ZoneTurn& turn, const ZoneView& view) {
    const bool fan_fine = !has_fan(turn.zone) || turn.in.fan_usable;
    const bool temperature_fine = !sensor_is_lost(turn) && !turn.too_hot();
    return fan_fine && temperature_fine && !view.tripped;
}

/// Returns the most severe reason.
ZoneReason reason_of(const ZoneTurn& turn, const ZoneState& state, const ZoneView& view) {
    if (view.tripped) return ZoneReason::trip;
    if (state.fan_override != OverrideKind::automatic && !view.fan_safe_state) return ZoneReason::override_;
    if (turn.too_hot()) return ZoneReason::too_hot;
    if (!turn.t && !turn.in.miner_on && view.fan_wanted > 0) return ZoneReason::run_on;
    // In the safe state the fan cools a miner that runs or ran recently, even if its rule would keep it off.
    const bool after_miner = turn.in.miner_on || run_on_left(turn, state);
    if (view.fan_safe_state && turn.t && !state.fan_on && view.fan_wanted > 0 && after_miner) return ZoneReason::run_on;
    if (sensor_is_lost(turn) || (!turn.t && view.fan_wanted > 0)) return ZoneReason::sensor_lost;
    if (state.fan_on && view.fan_wanted > 0) return ZoneReason::hysteresis;
    if (!turn.zone.heating_enabled || !state.cold) return ZoneReason::idle;
    return state.sun_ok ? ZoneReason::too_cold : ZoneReason::no_solar;
}

std::optional<Duration> remaining_of(const ZoneTurn& turn, Time daemon_start, const ZoneState& state, ZoneReason reason) {
    if (reason == ZoneReason::run_on) return run_on_left(turn, state);
    if (reason == ZoneReason::sensor_lost && turn.in.miner_on) return grace_left(turn, daemon_start, state);
    if (reason == ZoneReason::no_solar) return state.sun_since.left(turn.now(), turn.policy.control.start_hold);
    if (reason != ZoneReason::hysteresis) return std::nullopt;
    const Duration left = turn.policy.control.fan_level_hold - (turn.now() - state.fan_level_since);
    return left > Duration::zero() ? std::optional<Duration>(left) : std::nullopt;
}

ZoneVerdict verdict_of(const ZoneTurn& turn, Time daemon_start, const ZoneState& state, const ZoneView& view) {
    ZoneVerdict verdict;
    verdict.temperature = turn.t;
    verdict.fan_wanted = view.fan_wanted;
    verdict.reason = reason_of(turn, state, view);
    verdict.heat = state.serving;
    verdict.heat_wanted = state.heat_wanted;
    verdict.tripped = view.tripped;
    verdict.fan_override = state.fan_override;
    verdict.fan_override_level = state.fan_override_level;
    verdict.fan_override_until = state.fan_override_until;
    verdict.remaining = remaining_of(turn, daemon_start, state, verdict.reason);
    return verdict;
}

ZoneView judge(const ZoneTurn& turn, Time daemon_start, ZoneState& state) {
    ZoneView view;
    view.sensor_configured = turn.zone.sensor != no_index;
    view.temperature_usable = turn.t.has_value();
    view.temperature = turn.t;
    follow_miner(turn, state);
    judge_trip(turn, daemon_start, state, view);
    view.start_allowed = start_allowed(turn, view);
    judge_fan_override(turn, state);
    judge_fan(turn, state, view);
    judge_heat(turn, state, view);
    view.verdict = verdict_of(turn, daemon_start, state, view);
    return view;
}

/// Judges a disabled zone: it has no fan and no heat, and needs no sensor. Its trip remains: no setting overrides it.
ZoneView judge_switched_off(const ZoneTurn& turn, ZoneState& state) {
    ZoneState next;
    next.key = std::move(state.key);
    next.tripped = state.tripped;
    latch_heat(turn, next);
    state = std::move(next);
    ZoneView view;
    view.temperature = turn.t;
    view.temperature_usable = turn.t.has_value();
    view.tripped = state.tripped;
    view.start_allowed = !state.tripped;
    view.verdict.temperature = turn.t;
    view.verdict.tripped = state.tripped;
    view.verdict.reason = state.tripped ? ZoneReason::trip : ZoneReason::idle;
    return view;
}

void align_zones(const Policy& policy, std::vector<ZoneState>& states) {
    states.resize(policy.zones.size());
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (states[i].key == policy.zones[i].id) continue;
        if (!states[i].key.empty()) states[i] = {};
        states[i].key = policy.zones[i].id;
    }
}

}  // namespace

void judge_zones(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings, const StageView& stage,
                 const std::vector<ZoneInputs>& inputs, Time daemon_start, std::vector<ZoneState>& states,
                 std::vector<ZoneView>& views) {
    assert(inputs.size() == policy.zones.size());
    align_zones(policy, states);
    views.clear();
    views.reserve(policy.zones.size());
    for (std::size_t i = 0; i < policy.zones.size(); ++i) {
        const Zone& zone = policy.zones[i];
        const std::optional<Celsius> t = temperature_of(zone, readings);
        const ZoneTurn turn{snapshot, policy, readings, stage, zone, inputs[i], i, t};
        views.push_back(zone.enabled ? judge(turn, daemon_start, states[i]) : judge_switched_off(turn, states[i]));
    }
}

}  // namespace volt
