// Fan of a zone: level by temperature, run-on, overrides and safe state.
#include <algorithm>
#include <cstddef>

#include "rules/limits.hpp"
#include "rules/zones/zone_parts.hpp"

namespace volt {

namespace {

const OutputWiring& wiring_of(const ZoneTurn& turn) { return turn.policy.outputs[static_cast<std::size_t>(turn.zone.fan)]; }

std::int32_t full_level(const ZoneTurn& turn) {
    const OutputWiring& wiring = wiring_of(turn);
    const std::int32_t level = turn.zone.fan_max_level;
    return std::max(wiring.kind == OutputKind::level ? std::min(level, wiring.max_level) : level, 1);
}

/// Returns the level while on: linear from hot_ok to too_hot, rounded to the nearest, at least 1.
std::int32_t level_at(const Zone& zone, Celsius t, std::int32_t full) {
    if (zone.fan_mode == FanMode::fixed || t >= zone.too_hot) return full;
    const std::int64_t span = (zone.too_hot - zone.hot_ok).steps;
    const std::int64_t above = (t - zone.hot_ok).steps;
    return static_cast<std::int32_t>(std::max<std::int64_t>((std::int64_t{2} * full * above + span) / (2 * span), 1));
}

/// Raises the level at once, and lowers it only after the previous level has been on for its hold time. Off is not a level: it
/// needs no hold.
std::int32_t smoothed(const ZoneTurn& turn, std::int32_t level, const ZoneState& state) {
    const bool down = level > 0 && level < state.fan_level;
    return down && turn.now() - state.fan_level_since < turn.policy.control.fan_level_hold ? state.fan_level : level;
}

/// Returns true if the fan must run while T is unusable: there is a miner to cool.
bool covers(const ZoneTurn& turn, const ZoneState& state) { return turn.in.miner_on || run_on_left(turn, state).has_value(); }

std::int32_t by_rule(const ZoneTurn& turn, const ZoneState& state, std::int32_t full) {
    if (!turn.t) return covers(turn, state) ? full : 0;
    return state.fan_on ? smoothed(turn, std::min(level_at(turn.zone, *turn.t, full), full), state) : 0;
}

std::int32_t by_safe_state(const ZoneTurn& turn, const ZoneState& state, std::int32_t full) {
    switch (wiring_of(turn).safe_state) {
        case SafeState::off: return 0;
        case SafeState::on: return full;
        case SafeState::automatic: return covers(turn, state) ? full : by_rule(turn, state, full);
    }
    return full;
}

/// Returns the level by override. A low level yields to the rule when an `off` override would end: heat, or an unknown
/// temperature.
std::int32_t by_override(const ZoneTurn& turn, const ZoneState& state, std::int32_t full) {
    if (state.fan_override == OverrideKind::off) return 0;
    if (state.fan_override == OverrideKind::on) return full;
    const std::int32_t level = std::clamp(state.fan_override_level, 1, full);
    return turn.too_hot() || !turn.t ? std::max(level, by_rule(turn, state, full)) : level;
}

std::int32_t wanted(const ZoneTurn& turn, const ZoneState& state, const ZoneView& view) {
    const std::int32_t full = full_level(turn);
    if (view.fan_safe_state) return by_safe_state(turn, state, full);
    return state.fan_override == OverrideKind::automatic ? by_rule(turn, state, full) : by_override(turn, state, full);
}

/// Keeps a fan on that is running between the two temperatures at start: a restart switches nothing.
void adopt(const ZoneTurn& turn, ZoneState& state) {
    const OutputReport& report = turn.snapshot.outputs[static_cast<std::size_t>(turn.zone.fan)];
    if (state.fan_seen || !report.state_received) return;
    state.fan_seen = true;
    if (report.state == OutputState::on) state.fan_on = true;
}

void follow_temperature(const ZoneTurn& turn, ZoneState& state) {
    if (turn.too_hot()) state.fan_on = true;
    if (turn.t && *turn.t <= turn.zone.hot_ok) state.fan_on = false;
}

void take_request(const OverrideRequest& request, Time now, ZoneState& state) {
    const bool off = request.kind == OverrideKind::off || (request.kind == OverrideKind::level && request.level <= 0);
    state.fan_override = off ? OverrideKind::off : request.kind;
    state.fan_override_level = state.fan_override == OverrideKind::level ? request.level : 0;
    state.fan_override_until.reset();
    if (request.kind == OverrideKind::automatic || (off && !request.lasts)) return;
    const Duration lasts = request.lasts.value_or(limits::default_override);
    state.fan_override_until = now + std::clamp<Duration>(lasts, 0s, limits::longest_override);
}

void end_override(ZoneState& state) {
    state.fan_override = OverrideKind::automatic;
    state.fan_override_level = 0;
    state.fan_override_until.reset();
}

}  // namespace

bool has_fan(const Zone& zone) { return zone.fan_enabled && zone.fan != no_index; }

std::optional<Duration> run_on_left(const ZoneTurn& turn, const ZoneState& state) {
    if (turn.in.miner_on || !state.miner_last_on) return std::nullopt;
    return left_until(*state.miner_last_on + turn.policy.control.fan_run_on, turn.now());
}

void judge_fan_override(const ZoneTurn& turn, ZoneState& state) {
    for (const OverrideRequest& request : turn.snapshot.requests)
        if (request.target == TargetKind::fan && request.index == turn.index) take_request(request, turn.now(), state);
    const bool over = state.fan_override_until && turn.now() >= *state.fan_override_until;
    const bool unsafe_off = state.fan_override == OverrideKind::off && (!turn.t || turn.too_hot());
    if (over || unsafe_off) end_override(state);
}

void judge_fan(const ZoneTurn& turn, ZoneState& state, ZoneView& view) {
    if (has_fan(turn.zone)) adopt(turn, state);
    follow_temperature(turn, state);
    view.fan_safe_state = turn.stage.stage == Stage::shutdown || turn.stage.blind_too_long;
    view.fan_wanted = has_fan(turn.zone) ? wanted(turn, state, view) : 0;
    if (view.fan_wanted == state.fan_level) return;
    state.fan_level = view.fan_wanted;
    state.fan_level_since = turn.now();
}

}  // namespace volt
