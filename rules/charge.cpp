#include "rules/charge.hpp"

#include <algorithm>
#include <cstddef>

#include "rules/charge_guard.hpp"
#include "rules/since.hpp"

namespace volt {

namespace {

constexpr Duration keeps_order_for = 15min;
constexpr Celsius blind_margin = 50_dK;         // of the guard's last known value
constexpr Celsius blind_others_margin = 20_dK;  // of every other temperature
constexpr Celsius comparable = 100_dK;          // a source further off measures something else
constexpr Amps telling_current{500};            // 5 A
constexpr Duration telling_time = 120s;

struct ChargeTurn {
    const Policy& policy;
    const Readings& readings;
    Time now;
    Celsius limit;  ///< charging is blocked below
    Guard guard;

    Celsius release() const { return limit + policy.control.charge_release; }
};

void judge_guard(const ChargeTurn& turn, ChargeState& state) {
    const Celsius t = *turn.guard.t;
    state.last_temperature = t;
    if (t < turn.limit) state.cold = true;
    keep_since(state.warm_since, state.cold && t >= turn.release(), turn.now);
    if (!held(state.warm_since, turn.now, turn.policy.control.charge_release_hold)) return;
    state.cold = false;
    state.warm_since.reset();
}

/// Other battery temperatures under the limit block too; they never release what the guard blocks.
void judge_others(const ChargeTurn& turn, ChargeState& state) {
    bool any = false, under = false, all_warm = true;
    for (std::size_t i = 0; i < turn.readings.batteries.size(); ++i) {
        const std::optional<Celsius> t = turn.readings.batteries[i];
        if (static_cast<Index>(i) == turn.guard.source || !t || abs(*t - *turn.guard.t) > comparable) continue;
        any = true;
        under = under || *t < turn.limit;
        all_warm = all_warm && *t >= turn.release();
    }
    if (under) state.blocked_by_other = true;
    keep_since(state.other_warm_since, state.blocked_by_other && all_warm, turn.now);
    if (any && !held(state.other_warm_since, turn.now, turn.policy.control.charge_release_hold)) return;
    state.blocked_by_other = false;
    state.other_warm_since.reset();
}

bool any_under(const std::vector<std::optional<Celsius>>& values, Celsius limit) {
    return std::any_of(values.begin(), values.end(), [limit](const auto& t) { return t && *t < limit; });
}

bool any_zone_under(const ChargeTurn& turn, Celsius limit) {
    return std::any_of(turn.policy.zones.begin(), turn.policy.zones.end(), [&](const Zone& zone) {
        if (zone.sensor == no_index) return false;
        const std::optional<Celsius> t = turn.readings.sensors[static_cast<std::size_t>(zone.sensor)];
        return t && *t < limit;
    });
}

/// Without the guard's temperature: the last order for a while, then what the rest of the site makes likely.
void judge_blind(const ChargeTurn& turn, ChargeState& state) {
    state.warm_since.reset();
    state.other_warm_since.reset();
    if (!held(state.unusable_since, turn.now, keeps_order_for)) return;
    const bool near = !state.last_temperature || *state.last_temperature < turn.limit + blind_margin;
    const Celsius others = turn.limit + blind_others_margin;
    state.cold = near || any_zone_under(turn, others) || any_under(turn.readings.batteries, others);
    state.blocked_by_other = false;
}

void judge_temperature(const ChargeTurn& turn, ChargeState& state) {
    keep_since(state.unusable_since, !turn.guard.t, turn.now);
    if (!turn.guard.t) return judge_blind(turn, state);
    judge_guard(turn, state);
    judge_others(turn, state);
}

void forget_temperature(ChargeState& state) {
    state.cold = state.blocked_by_other = false;
    state.warm_since.reset();
    state.other_warm_since.reset();
    state.unusable_since.reset();
}

void judge_overvoltage(const Policy& policy, const Readings& readings, Time now, ChargeState& state) {
    if (readings.over_maximum) state.overvoltage = true;
    const bool low_enough = readings.for_charge && *readings.for_charge <= policy.preferences.full;
    keep_since(state.full_since, state.overvoltage && low_enough, now);
    if (!held(state.full_since, now, policy.control.charge_release_hold)) return;
    state.overvoltage = false;
    state.full_since.reset();
}

bool is_blocked(const ChargeState& state) { return state.cold || state.blocked_by_other || state.overvoltage; }

/// Charging current; from power and voltage where the device gives no current.
std::optional<Amps> current_of(const Readings& readings) {
    if (readings.battery_current) return readings.battery_current;
    if (!readings.battery_power || !readings.voltage) return std::nullopt;
    return Amps{readings.battery_power->steps * 10000 / readings.voltage->steps};
}

ChargeReason cold_reason(const ChargeState& state) {
    if (state.unusable_since) return ChargeReason::sensor_lost;
    const bool waits = (!state.cold || state.warm_since) && (!state.blocked_by_other || state.other_warm_since);
    return waits ? ChargeReason::hold : ChargeReason::cold;
}

ChargeReason reason_of(const ChargeState& state) {
    if (state.cold || state.blocked_by_other) return cold_reason(state);
    if (state.overvoltage) return state.full_since ? ChargeReason::hold : ChargeReason::overvoltage;
    if (state.unusable_since) return ChargeReason::sensor_lost;
    return state.released_at ? ChargeReason::released : ChargeReason::none;
}

std::optional<Duration> remaining_of(const Policy& policy, Time now, const ChargeState& state, ChargeReason reason) {
    const Duration hold = policy.control.charge_release_hold;
    if (reason == ChargeReason::sensor_lost && !held(state.unusable_since, now, keeps_order_for))
        return hold_left(state.unusable_since, now, keeps_order_for);
    if (reason != ChargeReason::hold) return std::nullopt;
    if (!state.cold && !state.blocked_by_other) return hold_left(state.full_since, now, hold);
    const Duration own = hold_left(state.warm_since, now, hold).value_or(Duration::zero());
    return std::max(own, hold_left(state.other_warm_since, now, hold).value_or(Duration::zero()));
}

/// Moves what follows from the whole order: when it was released, and whether the bank is charged all the same.
void follow_order(bool before, const Readings& readings, Time now, ChargeState& state) {
    const bool blocked = is_blocked(state);
    if (blocked) state.released_at.reset();
    else if (before) state.released_at = now;
    const std::optional<Amps> current = current_of(readings);
    keep_since(state.overcurrent_since, blocked && current && *current > telling_current, now);
}

ChargeVerdict verdict_of(const Policy& policy, const Guard& guard, Time now, const ChargeState& state) {
    ChargeVerdict verdict;
    verdict.blocked = is_blocked(state);
    verdict.reason = reason_of(state);
    verdict.temperature = guard.t;
    verdict.limit = charge_limit(policy);
    verdict.source = guard.source;
    verdict.zone_sensor = guard.source != no_index && policy.battery_temperatures.empty();
    verdict.remaining = remaining_of(policy, now, state, verdict.reason);
    return verdict;
}

}  // namespace

ChargeView judge_charge(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings,
                        ChargeState& state) {
    const Time now = snapshot.now;
    const bool before = is_blocked(state);
    const std::optional<Celsius> limit = charge_limit(policy);
    const Guard guard = limit ? choose_guard(policy, readings, state) : Guard{};
    if (limit) judge_temperature({policy, readings, now, *limit, guard}, state);
    else forget_temperature(state);
    judge_overvoltage(policy, readings, now, state);
    follow_order(before, readings, now, state);
    return {verdict_of(policy, guard, now, state), held(state.unusable_since, now, keeps_order_for),
            held(state.overcurrent_since, now, telling_time)};
}

}  // namespace volt
