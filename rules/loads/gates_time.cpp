// Gates of time and of other loads: schedule, priority, inverter, runtime, rest, starts, stagger, zone.
#include <algorithm>

#include "rules/limits.hpp"
#include "rules/loads/allowance.hpp"
#include "rules/loads/gates.hpp"
#include "rules/loads/load_list.hpp"
#include "rules/loads/power.hpp"
#include "rules/loads/runs.hpp"

namespace volt {

namespace {

constexpr Duration rest_after_continuous = 1h;

Gate named(GateName name, Reason reason) {
    Gate gate;
    gate.name = name;
    gate.reason = reason;
    return gate;
}

void block(Gate& gate, std::optional<Duration> remaining) {
    gate.passes = false;
    gate.remaining = remaining;
}

Duration until_second(std::int32_t from, std::int32_t to) { return std::chrono::seconds{(to - from + day_s) % day_s}; }

/// Returns true for some time after the continuous limit, counted from the confirmed OFF.
bool rests_from_continuous(const GateContext& ask) {
    return ask.m.continuous_reached && (!ask.m.off_since || ask.tick.now - *ask.m.off_since < rest_after_continuous);
}

}  // namespace

Gate gate_schedule(const GateContext& ask) {
    Gate gate = named(GateName::schedule, Reason::schedule);
    const Miner& miner = *ask.load.miner;
    const bool always = miner.preferred_start_s == miner.preferred_end_s;
    if (miner.allow_outside_schedule || always || (ask.tick.snapshot.clock_trusted && ask.load.in_window)) return gate;
    const std::int32_t second = ask.tick.snapshot.local.second_of_day;
    block(gate, std::nullopt);
    if (ask.tick.snapshot.clock_trusted) gate.remaining = until_second(second, miner.preferred_start_s);
    if (ask.forced() || ask.overvolted() || ask.load.heat_asked) gate.passes = gate.waived = true;
    return gate;
}

Gate gate_priority(const GateContext& ask) {
    Gate gate = named(GateName::priority, Reason::priority);
    if (ask.shared.blocker == nullptr) return gate;
    block(gate, left_until(ask.shared.blocker_since + limits::priority_lasts, ask.tick.now));
    gate.subject = ask.shared.blocker_index;
    if (ask.forced()) gate.passes = gate.waived = true;
    return gate;
}

Gate gate_inverter(const GateContext& ask) {
    Gate gate = named(GateName::inverter, Reason::inverter);
    const InverterSum sum = inverter_sum(ask.tick);
    const Watts own = added_by(ask.load);
    gate.unit = Unit::watts;
    gate.have = (sum.carried() + own + kept_room(ask.tick, static_cast<Index>(ask.index))).steps;
    gate.need = sum.limit.steps;
    gate.passes = *gate.have <= *gate.need;
    return gate;
}

Gate gate_runtime(const GateContext& ask) {
    Gate gate = named(GateName::runtime, Reason::runtime);
    const Miner& miner = *ask.load.miner;
    if (miner.max_runtime_day && ask.m.runtime_today >= *miner.max_runtime_day) {
        block(gate, std::chrono::seconds{day_s - ask.tick.snapshot.local.second_of_day});
        gate.unit = Unit::seconds;
        gate.have = ask.m.runtime_today.count();
        gate.need = miner.max_runtime_day->count();
    } else if (rests_from_continuous(ask)) {
        block(gate, ask.m.off_since ? left_until(*ask.m.off_since + rest_after_continuous, ask.tick.now) : rest_after_continuous);
    }
    return gate;
}

Gate gate_rest(const GateContext& ask) {
    Gate gate = named(GateName::rest, Reason::rest);
    const bool thrown_away = ask.tick.power.held_back && ask.tick.policy.preferences.bridge_wh != 0;
    const Duration rest = rest_of(ask.load, ask.m, thrown_away);
    gate.unit = Unit::seconds;
    gate.need = rest.count();
    if (!ask.m.off_since) {
        block(gate, rest);
        return gate;
    }
    const Duration off = ask.tick.now - *ask.m.off_since;
    gate.have = off.count();
    if (off < rest) block(gate, left_until(*ask.m.off_since + rest, ask.tick.now));
    return gate;
}

Gate gate_starts(const GateContext& ask) {
    Gate gate = named(GateName::starts, Reason::starts);
    const std::size_t count = ask.m.starts.size(), most = ask.load.max_starts;
    gate.unit = Unit::count;
    gate.have = static_cast<std::int64_t>(count);
    gate.need = static_cast<std::int64_t>(most);
    if (count < most) return gate;
    block(gate, most == 0 ? std::nullopt : left_until(ask.m.starts.at(count - most) + limits::starts_window, ask.tick.now));
    return gate;
}

Gate gate_stagger(const GateContext& ask) {
    Gate gate = named(GateName::stagger, Reason::stagger);
    const bool own = ask.shared.last_starter == static_cast<Index>(ask.index);
    if (ask.tick.started != no_index && !own) {  // one start per tick, even without a stagger
        block(gate, ask.tick.policy.control.start_stagger);
        gate.subject = ask.tick.started;
        return gate;
    }
    const std::optional<Time> other = own ? ask.shared.other_start : ask.shared.last_start;
    if (!other || ask.tick.now - *other >= ask.tick.policy.control.start_stagger) return gate;
    block(gate, left_until(*other + ask.tick.policy.control.start_stagger, ask.tick.now));
    if (!own) gate.subject = ask.shared.last_starter;
    return gate;
}

Gate gate_zone(const GateContext& ask) {
    Gate gate = named(GateName::zone, Reason::zone);
    if (ask.load.zone_index == no_index) return gate;
    const ZoneView& view = ask.tick.zones[at(ask.load.zone_index)];
    gate.passes = view.start_allowed && !view.tripped;
    if (view.tripped) gate.reason = Reason::trip;
    if (!view.temperature) return gate;
    gate.unit = Unit::celsius;
    gate.have = view.temperature->steps;
    gate.need = (view.tripped ? ask.load.zone->hot_ok : ask.load.zone->too_hot).steps;
    return gate;
}

Gate gate_heat(const GateContext& ask) {
    Gate gate = named(GateName::zone, Reason::zone);
    const std::size_t zone = at(ask.load.zone_index);
    const ZoneView& view = ask.tick.zones[zone];
    const bool asked = ask.by_hand ? view.heater_may_by_hand : view.heater_wanted;
    gate.passes = asked && ask.tick.zone_inputs[zone].fan_reports_off;
    return gate;
}

}  // namespace volt
