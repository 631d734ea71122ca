// Properties of protection and of what switches a load on: 17 to 20.
#include <algorithm>

#include "tests/proof/proof.hpp"

namespace volt::proof {

namespace {

bool reports_on(const OutputReport& report) {
    return report.available && report.state_received && !report.hint && report.state == OutputState::on;
}

}  // namespace

/// Only a start, with its repeats until it is confirmed, sends ON to an output that does not report on.
void Proof::only_a_start_switches_on(const Turn& turn) {
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) {
        if (Facts::output_of(turn.policy, i) == no_index) continue;
        const LoadFacts& f = facts_.of(turn.policy, i);
        Protected& mine = protected_[Facts::key(turn.policy, i)];
        const OutputReport& report = turn.snapshot.outputs[place(Facts::output_of(turn.policy, i))];
        if (turn.restarted) mine.begun_at.reset();
        const bool on = reports_on(report);
        if (mine.begun_at && on && report.state_at > *mine.begun_at) mine.confirmed = true;
        for (const Command& command : turn.decision.commands) {
            if (command.output != Facts::output_of(turn.policy, i) || !command.on || report.confirms_by_sending) continue;
            ++judged_[17];
            if (command.renewal && !on) fail(17, turn, i, "renewed although its output does not report on");
            if (command.renewal || on) continue;
            const bool begins = f.wanted && !f.was_wanted && !command.retry;
            const bool repeats = command.retry && mine.begun_at && !mine.confirmed;
            if (!begins && !repeats) fail(17, turn, i, "switched on without a start");
            if (command.retry) continue;
            mine.begun_at = turn.snapshot.now;
            mine.confirmed = false;
        }
        if (!f.wanted) mine.begun_at.reset();
    }
}

/// The end is computed from the last ON, so none goes out while the load is away.
void Proof::end_of_an_absent_load_stays(const Turn& turn) {
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) {
        Protected& mine = protected_[Facts::key(turn.policy, i)];
        const Index output = Facts::output_of(turn.policy, i);
        if (output == no_index) continue;
        const bool away = !turn.snapshot.outputs[place(output)].available || !turn.snapshot.broker_up;
        const std::optional<Time> last_on = turn.decision.next.outputs[place(output)].last_on_at;
        if (away && !turn.restarted && mine.was_away && last_on) ++judged_[19];
        if (away && !turn.restarted && mine.was_away && mine.last_on_at != last_on)
            fail(19, turn, i, "its end moved while it is away");
        mine.was_away = away;
        mine.last_on_at = last_on;
    }
}

/// Returns true if every source surely shows at least this much, so that no rule can take the voltage for lower.
bool Proof::surely_at_least(const Turn& turn, Volts level) const {
    return std::all_of(facts_.sources.begin(), facts_.sources.end(), [&](const SourceFacts& source) {
        return source.sure_since && turn.at - *source.sure_since > 35s && source.low && *source.low >= level;
    });
}

/// A stop by voltage needs its time, and comes within four times its time where the voltage is low in every second tick.
void Proof::stop_by_voltage_keeps_its_time(const Turn& turn) {
    const Duration hold = turn.policy.control.stop_hold;
    bool one_ended = false;
    for (std::size_t i = 0; i < turn.policy.miners.size(); ++i) {
        const LoadFacts& f = facts_.of(turn.policy, i);
        Protected& mine = protected_[Facts::key(turn.policy, i)];
        const Miner& miner = turn.policy.miners[i];
        const Volts limit = std::max(miner.stop, turn.policy.preferences.reserve.value_or(miner.stop));
        const std::optional<Volts> said = turn.decision.battery.voltage, most = surely_at_most(turn);
        if (f.wanted && !f.was_wanted) mine.low.reset(), mine.unedited = true;
        if (turn.restarted || turn.edited) mine.unedited = false;
        const bool low = most && *most < miner.stop && said && *said < miner.stop;
        mine.low.see(!surely_at_least(turn, limit), low && f.wanted, turn.at - looked_at_.value_or(turn.at), hold);
        const bool ended = f.stopped && turn.decision.verdicts[i].reason == Reason::voltage;
        one_ended = one_ended || ended;
        if (!mine.unedited) continue;
        if (ended || (low && f.wanted)) ++judged_[18];
        if (ended && !mine.low.may_be_over(hold)) fail(18, turn, i, "stopped by voltage before its hold");
        const bool may_stop = f.wanted && f.on_from && turn.at - *f.on_from > miner.min_on + 5s;
        if (!may_stop || !mine.low.must_be_over(hold + 2 * turn.policy.control.tick)) continue;
        fail(18, turn, i, "runs although the voltage was low in every second tick");
    }
    // The stop of one load begins the hold of the others again.
    if (one_ended)
        for (auto& [key, mine] : protected_) mine.low.begin_again();
}

/// Sees which battery temperatures are certainly usable: those that never rose as a sensor in doubt does.
void Proof::see_bank(const Turn& turn) {
    coldest_.resize(turn.snapshot.battery_temperatures.size());
    for (std::size_t i = 0; i < coldest_.size(); ++i) {
        const Sample<Celsius>& sample = turn.snapshot.battery_temperatures[i].sample;
        if (!sample.received || !sample.value) continue;
        Coldest& mine = coldest_[i];
        mine.value = std::min(mine.value.value_or(*sample.value), *sample.value);
        mine.rose = mine.rose || *sample.value - *mine.value > 90_dK;
    }
}

/// Two battery temperatures under the limit that agree are believed against the guard's.
void Proof::two_cold_temperatures_block(const Turn& turn) {
    see_bank(turn);
    std::optional<Celsius> limit;
    for (const Zone& zone : turn.policy.zones)
        if (zone.enabled && zone.block_charging_enabled)
            limit = std::max(limit.value_or(zone.block_charging_below), zone.block_charging_below);
    std::vector<Celsius> cold;
    for (std::size_t i = 0; i < coldest_.size(); ++i) {
        const Sample<Celsius>& sample = turn.snapshot.battery_temperatures[i].sample;
        const bool fresh = sample.received && sample.value && turn.snapshot.now - sample.taken <= 60s;
        const bool guards = turn.decision.charge.source == static_cast<Index>(i);
        if (limit && fresh && !guards && !coldest_[i].rose && *sample.value != 0_dK && *sample.value < *limit)
            cold.push_back(*sample.value);
    }
    if (cold.size() < 2) return;
    const auto [low, high] = std::minmax_element(cold.begin(), cold.end());
    if (*high - *low > 50_dK) return;
    ++judged_[20];
    if (!turn.decision.charge.blocked)
        fail(20, turn, load_count(turn.policy), "charging is allowed although two temperatures are under the limit");
}

}  // namespace volt::proof
