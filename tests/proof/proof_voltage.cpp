// Properties 1, 2, 4 and 10: voltage, blindness and heat.
#include <algorithm>

#include "rules/readings/readings.hpp"
#include "tests/proof/proof.hpp"

namespace volt::proof {

namespace {

Volts level_of(const Policy& policy, std::size_t load) {
    const Volts critical = std::max(policy.preferences.critical_low, policy.preferences.shutdown);
    return is_heater(policy, load) ? critical : std::max(critical, policy.miners[load].emergency);
}

bool ordered_on(const Turn& turn, Index output) {
    return std::any_of(turn.decision.commands.begin(), turn.decision.commands.end(),
                       [&](const Command& c) { return c.output == output && c.on; });
}

}  // namespace

// Checks property 1, and with it 10: no override, mode or setting makes an exception.
void Proof::never_on_while_deep(const Turn& turn) {
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) {
        const Volts level = level_of(turn.policy, i);
        if (!surely_at_or_under(turn, level)) continue;
        ++judged_[1];
        const Index output = Facts::output_of(turn.policy, i);
        if (ordered_on(turn, output)) fail(1, turn, i, "ordered on at or under its emergency stop or critical_low");
        const std::optional<Volts> said = turn.decision.battery.voltage;
        if (said && *said <= level && turn.decision.verdicts[i].wanted)
            fail(1, turn, i, "wanted at or under its emergency stop or critical_low");
    }
}

void Proof::never_starts_under_start_voltage(const Turn& turn) {
    for (std::size_t i = 0; i < turn.policy.miners.size(); ++i) {
        const LoadFacts& f = facts_.of(turn.policy, i);
        if (!f.started || f.forced) continue;
        ++judged_[2];
        if (!turn.decision.battery.voltage) fail(2, turn, i, "started without a voltage");
        if (surely_at_or_under(turn, turn.policy.miners[i].start - 1_cV)) fail(2, turn, i, "started under its start voltage");
    }
}

// Checks property 4, and with it 10. The charge output is not a load, and keeps its last order while blind.
void Proof::nothing_on_while_blind(const Turn& turn) {
    const Duration grace = turn.policy.control.blind_grace;
    bool received = false;
    for (std::size_t i = 0; i < facts_.sources.size(); ++i) {
        const Duration limit = age_limit(turn.policy.control.voltage_stale, turn.policy.voltage_sources[i].poll);
        const std::optional<Time> at = facts_.sources[i].in_range_at;
        received = received || (at && turn.at - *at <= limit + grace + turn.policy.control.tick);
    }
    const bool raw = !received && turn.at - turn.started > grace;
    const bool said = facts_.blind_since && turn.at - *facts_.blind_since >= grace;
    if (!raw && !said) return;
    ++judged_[4];
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) {
        if (ordered_on(turn, Facts::output_of(turn.policy, i))) fail(4, turn, i, "ordered on while blind beyond the grace");
        if (turn.decision.verdicts[i].wanted && facts_.of(turn.policy, i).was_wanted)
            fail(4, turn, i, "goes on while blind beyond the grace");
    }
}

/// Checks that a room certainly too hot trips until it may have cooled, as does one unknown for longer than any grace.
void Proof::trip_always_stops(const Turn& turn) {
    for (std::size_t i = 0; i < turn.policy.zones.size(); ++i) {
        const Zone& zone = turn.policy.zones[i];
        if (zone.sensor == no_index) continue;
        const RoomFacts& room = facts_.rooms[place(zone.sensor)];
        const bool hot = room.sure && *room.sure >= zone.too_hot + turn.policy.control.trip_margin;
        const bool may_have_cooled = room.last && *room.last <= zone.hot_ok;
        if (may_have_cooled || turn.restarted) hot_since_.erase(zone.id);
        else if (hot) hot_since_.emplace(zone.id, turn.at);
        const Duration grace = std::max<Duration>(turn.policy.control.trip_grace, 60s);
        const bool lost = zone.enabled && room.lost_since && turn.at - std::max(*room.lost_since, turn.started) > grace;
        if (!hot_since_.contains(zone.id) && !lost) continue;
        for (std::size_t m = 0; m < turn.policy.miners.size(); ++m) {
            if (turn.policy.miners[m].zone != static_cast<Index>(i)) continue;
            ++judged_[10];
            const char* why = lost ? "while its zone has no temperature beyond the grace" : "while its zone is tripped";
            if (ordered_on(turn, turn.policy.miners[m].output)) fail(10, turn, m, std::string("ordered on ") + why);
            // A load that was found on is judged in the same tick, so there is nothing to wait for.
            if (turn.decision.verdicts[m].wanted) fail(10, turn, m, std::string("wanted ") + why);
        }
    }
}

}  // namespace volt::proof
