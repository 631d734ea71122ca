#include "rules/loads/starts.hpp"

#include <algorithm>

#include "rules/limits.hpp"
#include "rules/loads/allowance.hpp"
#include "rules/loads/follow.hpp"
#include "rules/loads/running.hpp"
#include "rules/loads/runs.hpp"
#include "rules/loads/sag.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

void see_start(StartContext& shared, Index load, Time at) {
    if (!shared.last_start || at > *shared.last_start) {
        if (shared.last_starter != load) shared.other_start = shared.last_start;
        shared.last_start = at;
        shared.last_starter = load;
    } else if (shared.last_starter != load && (!shared.other_start || at > *shared.other_start)) {
        shared.other_start = at;
    }
}

StartContext share_starts(const Started& tick) {
    StartContext shared;
    for (std::size_t i = 0; i < tick.loads.size(); ++i)
        if (const std::optional<Time> last = tick.memory(i).starts.last()) see_start(shared, static_cast<Index>(i), *last);
    return shared;
}

/// Effect of the loads of one level on larger levels, applied from the next level on.
struct Level {
    int level = 0;
    StartContext seen;
};

void look_back(Level& level, StartContext& shared, const LoadTick& load) {
    if (load.level == level.level) return;
    level.level = load.level;
    shared.blocker = level.seen.blocker;
    shared.blocker_index = level.seen.blocker_index;
    shared.blocker_since = level.seen.blocker_since;
    shared.highest_stop = level.seen.highest_stop;
    shared.highest_stop_index = level.seen.highest_stop_index;
}

void remember(Level& level, const Started& tick, Index index) {
    const LoadTick& load = tick.loads[at(index)];
    const LoadMemory& m = tick.memory(at(index));
    if (load.miner == nullptr) return;
    if (m.wanted && load.miner->stop > level.seen.highest_stop) {
        level.seen.highest_stop = load.miner->stop;
        level.seen.highest_stop_index = index;
    }
    const bool waits = m.waiting.since && tick.now - *m.waiting.since < limits::priority_lasts;
    if (!waits || (level.seen.blocker != nullptr && level.seen.blocker_since >= *m.waiting.since)) return;
    level.seen.blocker = &load;
    level.seen.blocker_index = index;
    level.seen.blocker_since = *m.waiting.since;
}

/// Returns the draw of a miner that should be on, else 0.
Watts running_miner(const Started& tick, Index index) {
    const LoadTick& load = tick.loads[at(index)];
    return load.miner != nullptr && tick.memory(at(index)).wanted ? load.draw : Watts{};
}

/// Tracks if a load waits only for power or inverter, and if others may be stopped for it.
void update_waiting(const GateContext& ask, const Gates& gates) {
    bool supply = false, other = false, soft = false;
    for (const Gate& gate : gates) {
        if (gate.passes) continue;
        if (gate.name == GateName::power || gate.name == GateName::inverter) supply = true;
        else if (!gate.hold && gate.name != GateName::stagger && gate.name != GateName::priority) other = true;
        if (gate.hold || gate.name == GateName::stagger || gate.name == GateName::priority) soft = true;
    }
    ask.m.waiting.see(supply && !other, ask.tick.now);
    ask.m.claim.see(supply && !other && !soft, ask.tick.now);
}

bool waived(const Gates& gates, GateName name) {
    const Gate* gate = gates.find(name);
    return gate != nullptr && gate->waived;
}

bool starts_held_back(const GateContext& ask, const Gates& gates) {
    if (ask.forced() || ask.overvolted()) return false;
    return waived(gates, GateName::sun) || waived(gates, GateName::excess) || waived(gates, GateName::power);
}

Reason reason_of_start(const GateContext& ask, const Gates& gates) {
    if (starts_held_back(ask, gates)) return Reason::held_back;
    if (ask.forced()) return Reason::override_on;
    if (ask.load.miner == nullptr) return ask.m.override_ == OverrideKind::on ? Reason::override_on : Reason::heat;
    const bool asked = ask.load.heat_asked && (waived(gates, GateName::schedule) || waived(gates, GateName::weather));
    return asked ? Reason::heat : Reason::running;
}

void start(const GateContext& ask, const Gates& gates) {
    Started& tick = ask.tick;
    const bool held = starts_held_back(ask, gates);
    ask.load.starts_as = reason_of_start(ask, gates);
    begin_run(tick, ask.index, *ask.load.starts_as, true);
    ask.m.held_start = held;
    if (held) tick.state.site.held_start_at = tick.now;
    begin_sag_sample(tick, ask.index);
    ask.load.counts = ask.load.on = true;
    ask.load.draw = ask.load.nominal;
    ask.load.measured.reset();
    tick.started = static_cast<Index>(ask.index);
    tick.power.draws_on += ask.load.nominal;
    tick.power.nominal_on += ask.load.nominal;
}

/// Keeps a load that someone switched on for an hour if every gate that `on` does not waive passes; else it goes off.
void judge_external(const GateContext& ask) {
    GateContext by_hand{ask.tick, ask.index, ask.load, ask.m, ask.shared, true};
    ask.load.wants_adoption = false;
    Gates gates;
    start_gates(by_hand, gates);
    if (!all_pass(gates)) {
        ask.m.off_since.reset();
        return;
    }
    ask.load.starts_as = Reason::override_on;
    begin_run(ask.tick, ask.index, Reason::override_on, false);
    adopt_external(ask.m, OverrideKind::on, ask.tick.now);
    ask.load.forced_on = ask.load.miner != nullptr;
    OutputMemory& order = ask.tick.order_of(ask.load);
    adopt_state(order, true, 0, true, ask.tick.output_of(ask.load).event_at);
    ask.m.on_since = order.confirmed_at;
}

/// Updates the voltage holds while the load is not on. An external ON can then be adopted at once, by the stop voltage, and after
/// a start that was never confirmed the next one needs no second hold.
void watch_voltage(const GateContext& ask) {
    if (ask.load.miner == nullptr || ask.m.on_since) return;
    gate_voltage(GateContext{ask.tick, ask.index, ask.load, ask.m, ask.shared, true});
    if (ask.m.wanted) gate_voltage(ask);
}

void judge_waiting(const GateContext& ask, Gates& gates) {
    start_gates(ask, gates);
    update_waiting(ask, gates);
}

void judge(const GateContext& ask, Gates& gates) {
    watch_voltage(ask);
    if (ask.load.wants_adoption) judge_external(ask);
    if (ask.m.wanted) {
        running_gates(ask, gates);
        return;
    }
    judge_waiting(ask, gates);
    if (ask.tick.started == no_index && !ask.load.changed && all_pass(gates)) start(ask, gates);
}

}  // namespace

void judge_starts(Started& tick) {
    StartContext shared = share_starts(tick);
    Level level;
    for (const Index index : tick.order) {
        LoadTick& load = tick.loads[at(index)];
        look_back(level, shared, load);
        const GateContext ask{tick, at(index), load, tick.memory(at(index)), shared};
        judge(ask, tick.verdicts[at(index)].gates);
        if (tick.started == index) {
            see_start(shared, index, tick.now);
            judge_room_to_start(tick);
        }
        remember(level, tick, index);
        shared.miners_before += running_miner(tick, index);
    }
}

void judge_waiting(Started& tick) {
    StartContext shared = share_starts(tick);
    Level level;
    for (const Index index : tick.order) {
        LoadTick& load = tick.loads[at(index)];
        look_back(level, shared, load);
        if (!tick.memory(at(index)).wanted)
            judge_waiting({tick, at(index), load, tick.memory(at(index)), shared}, tick.verdicts[at(index)].gates);
        remember(level, tick, index);
        shared.miners_before += running_miner(tick, index);
    }
}

}  // namespace volt
