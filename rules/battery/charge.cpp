#include "rules/battery/charge.hpp"

#include <algorithm>
#include <cstddef>

#include "rules/battery/charge_guard.hpp"
#include "rules/hold.hpp"

namespace volt {

namespace {

constexpr Duration keeps_order_for = 15min;
constexpr Celsius blind_margin = 50_dK;         // around the guard's last known value
constexpr Celsius blind_others_margin = 20_dK;  // above the limit, for every other temperature
constexpr Celsius comparable = 100_dK;          // a source that differs by more measures something else
constexpr Celsius same = 50_dK;                 // two sources within this agree
constexpr Celsius agreed_margin = 100_dK;       // a guard this far above the release temperature outweighs two cold sources
constexpr Amps still_charging{500};             // 5 A
constexpr Duration still_charging_after = 120s;

struct ChargeTick {
    const Policy& policy;
    const Readings& readings;
    Time now;
    Celsius limit;  ///< voltd blocks charging below this
    Guard guard;

    Celsius release() const { return limit + policy.control.charge_release; }
};

void judge_guard(const ChargeTick& turn, ChargeState& state) {
    const Celsius t = *turn.guard.t;
    state.last_temperature = t;
    if (t < turn.limit) state.cold = true;
    state.warm_since.see(state.cold && t >= turn.release(), turn.now);
    if (!state.warm_since.over(turn.now, turn.policy.control.charge_release_hold)) return;
    state.cold = false;
    state.warm_since.reset();
}

std::optional<Celsius> temperature_of(const ChargeTick& turn, const std::string& source) {
    for (std::size_t i = 0; i < turn.readings.batteries.size(); ++i)
        if (turn.policy.battery_temperatures[i].name == source) return turn.readings.batteries[i];
    return std::nullopt;
}

bool is_cold(const ChargeTick& turn, std::size_t source) {
    const std::optional<Celsius>& t = turn.readings.batteries[source];
    return static_cast<Index>(source) != turn.guard.source && t && *t < turn.limit;
}

/// Returns true if a second source under the limit is so close that both can be right.
bool agreed(const ChargeTick& turn, std::size_t source) {
    const auto& values = turn.readings.batteries;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (i != source && is_cold(turn, i) && abs(*values[i] - *values[source]) <= same) return true;
    return false;
}

/// Starts a block by another battery temperature under the limit, if it can measure the same bank or a second one agrees.
void begin_other(const ChargeTick& turn, ChargeState& state) {
    for (std::size_t i = 0; i < turn.readings.batteries.size(); ++i) {
        if (!is_cold(turn, i)) continue;
        const Celsius t = *turn.readings.batteries[i];
        const bool two = agreed(turn, i);
        const std::string& name = turn.policy.battery_temperatures[i].name;
        const auto known = std::find_if(state.others.begin(), state.others.end(),
                                        [&name](const OtherBlock& block) { return block.source == name; });
        if (known != state.others.end()) known->agreed = known->agreed || two;
        else if (two || (turn.guard.t && abs(t - *turn.guard.t) <= comparable)) state.others.push_back({name, t, {}, {}, two});
    }
}

void follow_other(const ChargeTick& turn, OtherBlock& block) {
    const std::optional<Celsius> t = temperature_of(turn, block.source);
    const Celsius warm = block.agreed ? turn.release() + agreed_margin : turn.release();
    if (t) block.last = t;
    block.warm_since.see(t && *t >= turn.release(), turn.now);
    block.guard_warm_since.see(!t && turn.guard.t && *turn.guard.t >= warm, turn.now);
}

const Hold& warm_since(const OtherBlock& block) { return block.warm_since ? block.warm_since : block.guard_warm_since; }

/// Follows blocks by other sources. They are independent of the guard, and never release a block by the guard.
void judge_others(const ChargeTick& turn, ChargeState& state) {
    begin_other(turn, state);
    for (OtherBlock& block : state.others) follow_other(turn, block);
    if (state.unusable_since && !state.unusable_since.over(turn.now, keeps_order_for)) return;
    std::erase_if(state.others, [&turn](const OtherBlock& block) {
        return warm_since(block).over(turn.now, turn.policy.control.charge_release_hold);
    });
}

/// Turns the block of a source that became the guard's source into a block by the guard.
void take_over(ChargeState& state) {
    const auto own = [&state](const OtherBlock& block) { return block.source == state.source; };
    if (std::erase_if(state.others, own) > 0) state.cold = true;
}

bool any_under(const std::vector<std::optional<Celsius>>& values, Celsius limit) {
    return std::any_of(values.begin(), values.end(), [limit](const auto& t) { return t && *t < limit; });
}

bool any_zone_under(const ChargeTick& turn, Celsius limit) {
    return std::any_of(turn.policy.zones.begin(), turn.policy.zones.end(), [&](const Zone& zone) {
        if (zone.sensor == no_index) return false;
        const std::optional<Celsius> t = turn.readings.sensors[static_cast<std::size_t>(zone.sensor)];
        return t && *t < limit;
    });
}

/// Judges without the guard's temperature: keeps the last order for a while, then uses other readings.
void judge_blind(const ChargeTick& turn, ChargeState& state) {
    state.warm_since.reset();
    if (!state.unusable_since.over(turn.now, keeps_order_for)) return;
    const bool near = !state.last_temperature || *state.last_temperature < turn.limit + blind_margin;
    const Celsius others = turn.limit + blind_others_margin;
    // Silence does not end a block that a temperature began: the last value of a failing sensor may be wrong.
    state.cold = state.cold_when_lost || near || any_zone_under(turn, others) || any_under(turn.readings.batteries, others);
}

void judge_temperature(const ChargeTick& turn, ChargeState& state) {
    if (!state.unusable_since) state.cold_when_lost = state.cold;
    state.unusable_since.see(!turn.guard.t, turn.now);
    take_over(state);
    if (turn.guard.t) judge_guard(turn, state);
    else judge_blind(turn, state);
    judge_others(turn, state);
    const auto& doubts = turn.readings.doubts;
    state.hot = std::find(doubts.begin(), doubts.end(), TemperatureDoubt::hot) != doubts.end();
}

void forget_temperature(ChargeState& state) {
    state.cold = state.hot = false;
    state.others.clear();
    state.warm_since.reset();
    state.unusable_since.reset();
}

void judge_overvoltage(const Policy& policy, const Readings& readings, Time now, ChargeState& state) {
    if (readings.over_maximum) state.overvoltage = true;
    const bool low_enough = readings.for_charge && *readings.for_charge <= policy.preferences.full;
    state.full_since.see(state.overvoltage && low_enough, now);
    if (!state.full_since.over(now, policy.control.charge_release_hold)) return;
    state.overvoltage = false;
    state.full_since.reset();
}

bool is_blocked(const ChargeState& state) { return blocked_by_cold(state) || state.overvoltage; }

/// Returns the charging current, or derives it from power and voltage if the device reports no current.
std::optional<Amps> current_of(const Readings& readings) {
    if (readings.battery_current) return readings.battery_current;
    if (!readings.battery_power || !readings.voltage) return std::nullopt;
    return Amps{readings.battery_power->steps * 10000 / readings.voltage->steps};
}

/// Returns the block to name when the guard's own source does not block: the coldest, by its last value.
const OtherBlock* named(const ChargeState& state) {
    if (state.cold || state.others.empty()) return nullptr;
    return &*std::min_element(state.others.begin(), state.others.end(),
                              [](const OtherBlock& a, const OtherBlock& b) { return a.last < b.last; });
}

ChargeReason cold_reason(const ChargeState& state) {
    if (state.hot || (state.cold && state.unusable_since)) return ChargeReason::sensor_lost;
    const bool others_wait = std::all_of(state.others.begin(), state.others.end(),
                                         [](const OtherBlock& block) { return static_cast<bool>(warm_since(block)); });
    return others_wait && (!state.cold || state.warm_since) ? ChargeReason::hold : ChargeReason::cold;
}

ChargeReason reason_of(const ChargeState& state) {
    if (blocked_by_cold(state)) return cold_reason(state);
    if (state.overvoltage) return state.full_since ? ChargeReason::hold : ChargeReason::overvoltage;
    if (state.unusable_since) return ChargeReason::sensor_lost;
    return state.released_at ? ChargeReason::released : ChargeReason::none;
}

std::optional<Duration> remaining_of(const Policy& policy, Time now, const ChargeState& state, ChargeReason reason) {
    const Duration hold = policy.control.charge_release_hold;
    if (reason == ChargeReason::sensor_lost && !state.hot && !state.unusable_since.over(now, keeps_order_for))
        return state.unusable_since.left(now, keeps_order_for);
    if (reason != ChargeReason::hold) return std::nullopt;
    if (!blocked_by_cold(state)) return state.full_since.left(now, hold);
    Duration left = state.warm_since.left(now, hold).value_or(Duration::zero());
    for (const OtherBlock& block : state.others)
        left = std::max(left, warm_since(block).left(now, hold).value_or(Duration::zero()));
    return left;
}

/// Tracks the release of a block, and charging despite a block.
void follow_order(bool before, const Readings& readings, Time now, Duration elapsed, ChargeState& state) {
    const bool blocked = is_blocked(state);
    if (blocked) state.released_at.reset();
    else if (before) state.released_at = now;
    if (!blocked) return state.overcurrent.reset();
    const std::optional<Amps> current = current_of(readings);
    const std::optional<bool> charging = current ? std::optional(*current > still_charging) : std::nullopt;
    state.overcurrent.see(charging, elapsed, still_charging_after);
}

void name_other(const ChargeTick& turn, const OtherBlock& block, ChargeVerdict& verdict) {
    const auto& sources = turn.policy.battery_temperatures;
    for (std::size_t i = 0; i < sources.size(); ++i)
        if (sources[i].name == block.source) verdict.other = static_cast<Index>(i);
    verdict.other_temperature = block.last;
    verdict.other_usable = temperature_of(turn, block.source).has_value();
    verdict.by_other = true;
}

ChargeVerdict verdict_of(const ChargeTick& turn, const ChargeState& state) {
    ChargeVerdict verdict;
    verdict.blocked = is_blocked(state);
    verdict.reason = reason_of(state);
    verdict.temperature = turn.guard.t;
    verdict.limit = charge_limit(turn.policy);
    verdict.source = turn.guard.source;
    verdict.zone_sensor = turn.guard.source != no_index && turn.policy.battery_temperatures.empty();
    verdict.remaining = remaining_of(turn.policy, turn.now, state, verdict.reason);
    if (const OtherBlock* block = named(state)) name_other(turn, *block, verdict);
    return verdict;
}

/// Returns a battery temperature that is not usable although its sensor answers.
std::optional<TemperatureDisagreement> doubted(const ChargeTick& turn) {
    const auto& doubts = turn.readings.doubts;
    const auto found = std::find_if(doubts.begin(), doubts.end(), [](TemperatureDoubt d) { return d != TemperatureDoubt::none; });
    if (found == doubts.end()) return std::nullopt;
    TemperatureDisagreement result;
    result.cause = *found;
    result.one = static_cast<Index>(found - doubts.begin());
    result.at = turn.readings.raw_batteries[static_cast<std::size_t>(result.one)];
    const auto& values = turn.readings.batteries;
    for (std::size_t i = 0; i < values.size() && !result.other_at; ++i)
        if (static_cast<Index>(i) != result.one && values[i]) {
            result.other = static_cast<Index>(i);
            result.other_at = values[i];
        }
    return result;
}

/// Returns the warmest and the coldest temperature if they are too far apart for one bank and the limit is near.
std::optional<TemperatureDisagreement> differing(const ChargeTick& turn) {
    const auto& values = turn.readings.batteries;
    Index warmest = no_index, coldest = no_index;
    const auto value = [&](Index i) { return *values[static_cast<std::size_t>(i)]; };
    for (Index i = 0; i < static_cast<Index>(values.size()); ++i) {
        if (!values[static_cast<std::size_t>(i)]) continue;
        if (warmest == no_index || value(i) > value(warmest)) warmest = i;
        if (coldest == no_index || value(i) < value(coldest)) coldest = i;
    }
    if (warmest == no_index || value(warmest) - value(coldest) <= comparable) return std::nullopt;
    if (value(coldest) >= turn.limit + blind_others_margin) return std::nullopt;
    return TemperatureDisagreement{TemperatureDoubt::none, warmest, coldest, value(warmest), value(coldest), {}, {}};
}

}  // namespace

ChargeView judge_charge(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings, ChargeState& state) {
    const Time now = snapshot.now;
    const bool before = is_blocked(state);
    const std::optional<Celsius> limit = charge_limit(policy);
    const Guard guard = limit ? choose_guard(policy, readings, state) : Guard{};
    const ChargeTick turn{policy, readings, now, limit.value_or(Celsius{}), guard};
    if (limit) judge_temperature(turn, state);
    else forget_temperature(state);
    judge_overvoltage(policy, readings, now, state);
    const Duration elapsed = state.last_tick ? std::max(now - *state.last_tick, Duration::zero()) : Duration::zero();
    state.last_tick = now;
    follow_order(before, readings, now, elapsed, state);
    ChargeView view{verdict_of(turn, state),
                    state.unusable_since.over(now, keeps_order_for),
                    state.overcurrent.over(still_charging_after),
                    {}};
    if (limit) view.disagreement = doubted(turn);
    if (limit && !view.disagreement) view.disagreement = differing(turn);
    return view;
}

}  // namespace volt
