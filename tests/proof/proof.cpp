#include "tests/proof/proof.hpp"

#include <algorithm>

#include "rules/battery/bank.hpp"
#include "rules/readings/readings.hpp"

namespace volt::proof {

void Proof::look(const Turn& turn) {
    facts_.see(turn);
    never_on_while_deep(turn);
    never_starts_under_start_voltage(turn);
    rests_and_takes_turns(turn);
    nothing_on_while_blind(turn);
    starts_within_headroom(turn);
    does_not_live_on_the_battery(turn);
    smaller_level_goes_first(turn);
    fan_and_heater_never_together(turn);
    one_reason_each(turn);
    same_inputs_same_decision(turn);
    trip_always_stops(turn);
    changes_are_bounded(turn);
    budget_only_forbids(turn);
    budget_names_what_is_kept(turn);
    only_a_start_switches_on(turn);
    stop_by_voltage_keeps_its_time(turn);
    end_of_an_absent_load_stays(turn);
    two_cold_temperatures_block(turn);
    nothing_planned_on_wrong_numbers(turn);
    exit_orders_are_asked_for(turn);
    charger_returns_unless_blocked(turn);
    trial_ends_in_off(turn);
    looked_at_ = turn.at;
}

void Proof::fail(int property, const Turn& turn, std::size_t load, const std::string& text) {
    if (failure_) return;
    const std::string who = load < load_count(turn.policy) ? Facts::key(turn.policy, load) + ": " : "";
    failure_ = Failure{property, who + text, turn.tick};
}

/// Returns true if nothing was switched lately: the site load includes the loads' draw.
bool Proof::calm(const Turn& turn) const {
    return !facts_.switched_at || turn.at - *facts_.switched_at > 61s + 2 * turn.policy.control.tick;
}

/// Returns an upper bound of the serving voltage, from raw samples alone.
std::optional<Volts> Proof::surely_at_most(const Turn& turn) const {
    return facts_.first_serves(turn.at) ? facts_.sources.front().high : std::nullopt;
}

/// Returns true if the serving voltage, or another device that is 1.0 V lower, is at or under the level: the lower one counts for
/// everything that is switched on.
bool Proof::surely_at_or_under(const Turn& turn, Volts level) const {
    const std::optional<Volts> said = turn.decision.battery.voltage, most = surely_at_most(turn);
    if ((said && *said <= level) || (most && *most <= level)) return true;
    if (!most) return false;
    const auto& sources = turn.policy.voltage_sources;
    for (std::size_t i = 1; i < sources.size(); ++i) {
        if (sources[i].device == sources.front().device) continue;
        const SourceFacts& other = facts_.sources[i];
        const Volts lower = level - scaled(100_cV, turn.policy.preferences);
        return other.sure_since && turn.at - *other.sure_since > 35s && other.high && *other.high <= lower;
    }
    return false;
}

}  // namespace volt::proof
