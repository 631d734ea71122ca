// Property 5: a started load has enough power, and a load that needs excess does not run on the battery.
#include <algorithm>

#include "rules/battery/bank.hpp"
#include "rules/readings/readings.hpp"
#include "tests/proof/proof.hpp"

namespace volt::proof {

namespace {

/// Returns the share of the allowance in halves, from the table.
std::int64_t halves(SiteMode mode, OperatingMode profile) {
    constexpr std::int64_t table[3][3] = {{2, 2, 1}, {2, 1, 0}, {1, 0, 0}};
    return mode == SiteMode::off ? 0 : table[static_cast<std::size_t>(mode)][static_cast<std::size_t>(profile)];
}

bool usable(const Sample<Watts>& sample, const Turn& turn, std::int64_t low) {
    const Duration limit = age_limit(turn.policy.control.power_stale, turn.policy.power_poll);
    return sample.received && sample.value && turn.snapshot.now - sample.taken <= limit && sample.value->steps >= low &&
           sample.value->steps <= 100000;
}

/// Returns the newest plausible reading of a load's meter.
std::optional<std::int64_t> metered(const Turn& turn, Index output) {
    const Sample<Watts>& power = turn.snapshot.outputs[place(output)].power;
    const bool fits = power.received && power.value && *power.value >= -50_W && *power.value <= 20000_W;
    if (!turn.policy.outputs[place(output)].meter || !fits) return std::nullopt;
    return std::max<std::int64_t>(power.value->steps, 0);
}

/// Returns the most that a load may take from the battery.
std::int64_t share(const Turn& turn, std::size_t load, bool running) {
    if (is_heater(turn.policy, load)) return 0;
    const Miner& miner = turn.policy.miners[load];
    const Preferences& p = turn.policy.preferences;
    if (miner.require_excess_solar) return 0;
    const std::optional<Volts> v = turn.decision.battery.voltage;
    if (!running && (!v || *v < miner.start)) return 0;
    if (!running && p.mode == SiteMode::conservative && *v < p.optimal_max) return 0;
    std::int64_t most = p.max_battery_discharge.steps * halves(p.mode, miner.operating_mode) / 2;
    const Sample<Amps>& bms = turn.snapshot.bms_discharge_limit;
    if (v && bms.received && bms.value && turn.snapshot.now - bms.taken <= 30s)
        most = std::min(most, std::max<std::int64_t>(bms.value->steps, 0) * v->steps / 10000);
    return most;
}

}  // namespace

std::int64_t Proof::draw_at_least(const Turn& turn, std::size_t load) const {
    const std::int64_t nominal = Facts::nominal_of(turn.policy, load).steps;
    return std::min(nominal, metered(turn, Facts::output_of(turn.policy, load)).value_or(nominal));
}

/// Returns PV minus the least that the house can take, or empty if PV or site load are not usable.
std::optional<std::int64_t> Proof::surplus_at_most(const Turn& turn) {
    const SiteSnapshot& s = turn.snapshot;
    if (!usable(s.pv, turn, -100000) || !usable(s.load, turn, 0)) return std::nullopt;
    std::int64_t loads = 0;
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) {
        const Index output = Facts::output_of(turn.policy, i);
        if (output == no_index) continue;
        const LoadFacts& f = facts_.of(turn.policy, i);
        const bool there = s.outputs[place(output)].available && s.broker_up;
        const bool confirmed = !f.ordered_at || f.report_at > f.ordered_at;
        const bool off = f.report_off && there && !f.was_wanted && (f.started || (!f.wanted && confirmed));
        const std::int64_t meter = metered(turn, output).value_or(0);
        loads += off ? meter : std::max(Facts::nominal_of(turn.policy, i).steps, meter);
    }
    const std::int64_t house = std::max<std::int64_t>(s.load.value->steps - loads, 0);
    return std::max<std::int64_t>(s.pv.value->steps - house, 0);
}

/// Returns an upper bound of the power left for one load: no earlier load draws less than assumed here.
std::int64_t Proof::headroom_at_most(const Turn& turn, std::size_t load, std::int64_t surplus, bool running) {
    std::int64_t taken = 0;
    bool before = true;
    for (const Index index : turn.decision.order) {
        const std::size_t other = place(index);
        if (other == load) before = false;
        const LoadFacts& f = facts_.of(turn.policy, other);
        if (other == load || !f.wanted || !f.was_wanted) continue;
        if (before || (f.forced && !is_heater(turn.policy, other))) taken += draw_at_least(turn, other);
    }
    return surplus + share(turn, load, running) - taken;
}

void Proof::starts_within_headroom(const Turn& turn) {
    const std::optional<std::int64_t> surplus = surplus_at_most(turn);
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) {
        const LoadFacts& f = facts_.of(turn.policy, i);
        const bool heater = is_heater(turn.policy, i);
        if (!f.started || (f.forced && !heater)) continue;
        const bool needs = heater || turn.policy.miners[i].require_excess_solar;
        const bool over = turn.decision.battery.stage == Stage::overvoltage && needs && !heater;
        if (turn.decision.verdicts[i].reason == Reason::held_back) {
            const SiteSnapshot& s = turn.snapshot;
            const bool floats = turn.decision.battery.voltage >= turn.policy.preferences.float_v;
            const bool carried = s.battery_power.value >= Watts{-200} && s.pv.value && s.load.value &&
                                 s.pv.value->steps * 10 >= s.load.value->steps * 9;
            ++judged_[5];
            if (!floats || !carried) fail(5, turn, i, "started as held back while it is not");
            continue;
        }
        if (over) continue;
        if (!surplus && needs) fail(5, turn, i, "started on the sun without PV or site load");
        if (!surplus || !before_calm_ || facts_.reported_at == turn.at) continue;
        ++judged_[5];
        const std::int64_t need = Facts::nominal_of(turn.policy, i).steps;
        if (headroom_at_most(turn, i, *surplus, false) < need) fail(5, turn, i, "started past its headroom");
        if (!heater && needs && headroom_at_most(turn, i, *surplus, false) < turn.policy.miners[i].minimum_excess.steps)
            fail(5, turn, i, "started under its minimum_excess_w");
        bool behind = false;
        for (const Index index : turn.decision.order) {
            const std::size_t other = place(index);
            const LoadFacts& o = facts_.of(turn.policy, other);
            if (behind && o.wanted && o.was_wanted && !(o.forced && !is_heater(turn.policy, other))) {
                const std::int64_t left = headroom_at_most(turn, other, *surplus, true) - draw_at_least(turn, other);
                if (left < need) fail(5, turn, i, "started at the cost of " + Facts::key(turn.policy, other));
            }
            behind = behind || other == i;
        }
    }
    before_calm_ = calm(turn);
}

/// Checks that no load that needs excess certainly lacks it in every tick for longer than the hold and min_on_s.
void Proof::does_not_live_on_the_battery(const Turn& turn) {
    const std::optional<std::int64_t> surplus = surplus_at_most(turn);
    const SiteSnapshot& s = turn.snapshot;
    const Control& c = turn.policy.control;
    for (std::size_t i = 0; i < turn.policy.miners.size(); ++i) {
        const Miner& m = turn.policy.miners[i];
        const LoadFacts& f = facts_.of(turn.policy, i);
        const std::string key = Facts::key(turn.policy, i);
        const bool carried = s.battery_power.value >= Watts{-200} && surplus && s.pv.value->steps * 10 >= s.load.value->steps * 9;
        const Volts top = turn.policy.preferences.float_v - scaled(50_cV, turn.policy.preferences) - 10_cV;
        const bool low = turn.decision.battery.voltage && *turn.decision.battery.voltage < top;
        const bool runs = f.wanted && f.was_wanted && !f.forced && m.require_excess_solar && !turn.restarted && !turn.edited;
        const std::int64_t hysteresis = std::max<std::int64_t>(200, c.power_hysteresis.steps);
        const bool lacks = surplus && calm(turn) && low && !carried && !turn.decision.budget.bridged &&
                           draw_at_least(turn, i) - headroom_at_most(turn, i, *surplus, true) > hysteresis;
        if (!runs || !lacks) {
            lacking_since_.erase(key);
            continue;
        }
        const Time since = lacking_since_.emplace(key, turn.at).first->second;
        const Time on = f.on_from.value_or(turn.at);
        if (turn.at - since <= c.stop_hold + c.tick || turn.at - on <= m.min_on + c.tick) continue;
        ++judged_[5];
        fail(5, turn, i, "goes on from the battery although it asks for excess");
    }
}

}  // namespace volt::proof
