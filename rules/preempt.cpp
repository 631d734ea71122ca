#include "rules/preempt.hpp"

#include <algorithm>

#include "rules/allowance.hpp"
#include "rules/gates.hpp"
#include "rules/starts.hpp"
#include "rules/stops.hpp"

namespace volt {

namespace {

/// What one load needs beyond what is there.
struct Need {
    Index load = no_index;
    Watts draw{};
    bool power = false;       ///< its `power` gate blocks
    Watts coming{};           ///< freed by OFFs that are on their way
    Watts inverter{};         ///< to be freed for the inverter; not above 0: enough
    bool by_nominal = false;  ///< site load unknown: nominal draws count
};

Index claimant(const Tick& tick) {
    for (const Index index : tick.order) {
        const LoadMemory& m = tick.memory(at(index));
        if (tick.loads[at(index)].miner == nullptr || m.wanted) continue;
        if (m.claim.over(tick.now, tick.policy.control.stop_hold)) return index;
    }
    return no_index;
}

bool in_flight(const Tick& tick, std::size_t index) {
    const LoadNow& load = tick.loads[index];
    if (!load.counts || tick.memory(index).wanted || load.output == no_index) return false;
    const OutputMemory& order = tick.order_of(load);
    const bool ordered_off = load.changed || (order.ordered && !order.on && !order.confirmed);
    return ordered_off && order.ordered_at && !order.not_following;
}

Need need_of(const Tick& tick, Index index) {
    const LoadNow& load = tick.loads[at(index)];
    Need need{index, load.nominal, false, {}, {}, !tick.readings.load};
    const Gate* power = tick.verdicts[at(index)].gates.find(GateName::power);
    need.power = power != nullptr && !power->passes;
    Watts freed{};
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        if (!in_flight(tick, i)) continue;
        need.coming += tick.loads[i].draw;
        freed += need.by_nominal ? tick.loads[i].nominal : tick.loads[i].draw;
    }
    const Watts limit = tick.policy.preferences.inverter_max;
    if (need.by_nominal) need.inverter = tick.power.nominal_on + load.nominal - freed - Watts{limit.steps / 2};
    else need.inverter = *tick.readings.load + tick.power.to_come + load.nominal - freed - limit;
    return need;
}

bool may_be_stopped(const Tick& tick, Index index, int level) {
    const LoadNow& load = tick.loads[at(index)];
    return tick.memory(at(index)).wanted && load.level > level && !load.forced_on && !load.changed;
}

/// What a running load would have left of its own.
Watts left_of(const LoadNow& load, const Need& need) { return load.headroom - load.draw + need.coming; }

/// Goes from the first to the last in order and keeps what can be kept; the rest has to stop. Empty: no way.
std::vector<Index> victims_for(const Tick& tick, const Need& need, bool& possible) {
    const std::vector<Index>& order = tick.state.site.order;
    const int level = tick.loads[at(need.load)].level;
    const auto frees = [&](Index i) { return need.by_nominal ? tick.loads[at(i)].nominal : tick.loads[at(i)].draw; };
    Watts later{}, stopped{}, stopped_draws{};
    for (const Index i : order)
        if (may_be_stopped(tick, i, level)) later += frees(i);
    std::vector<Index> victims;
    bool behind = false;
    for (const Index i : order) {
        if (i == need.load) behind = true;
        const LoadNow& load = tick.loads[at(i)];
        if (!behind || !tick.memory(at(i)).wanted || load.forced_on) continue;
        const bool fits = !need.power || left_of(load, need) + stopped_draws >= need.draw;
        if (!may_be_stopped(tick, i, level)) {
            possible = possible && fits;
            continue;
        }
        later -= frees(i);
        if (fits && stopped + later >= need.inverter) continue;
        victims.push_back(i);
        stopped += frees(i);
        stopped_draws += load.draw;
    }
    possible = possible && stopped >= need.inverter;
    return victims;
}

void preempt(Tick& tick, const Need& need, const std::vector<Index>& victims) {
    for (const Index victim : victims) {
        stop(tick, at(victim), Reason::preempted);
        tick.loads[at(victim)].subject = need.load;
        judge_again(tick, at(victim));
    }
    tick.state.site.claim = Claim{need.load, victims, tick.now};
}

}  // namespace

void follow_claim(Tick& tick) {
    std::optional<Claim>& claim = tick.state.site.claim;
    if (!claim) return;
    std::optional<Time> last;
    bool all = true;
    for (const Index victim : claim->victims) {
        const std::optional<Time> off = tick.memory(at(victim)).off_since;
        if (!off) all = false;
        else if (!last || *off > *last) last = off;
    }
    const bool over = all && last && tick.now - *last >= tick.policy.control.start_stagger;
    const bool lost = !all && tick.now - claim->since >= tick.policy.control.start_timeout;
    if (over || lost || tick.memory(at(claim->load)).wanted) claim.reset();
}

void judge_preemption(Tick& tick) {
    if (tick.state.site.claim || tick.started != no_index) return;
    const Index load = claimant(tick);
    if (load == no_index) return;
    judge_headroom(tick, tick.state.site.order);
    const Need need = need_of(tick, load);
    if (need.power && tick.loads[at(load)].own_headroom + need.coming < need.draw) return;
    bool possible = true;
    const std::vector<Index> victims = victims_for(tick, need, possible);
    if (!possible || victims.empty()) return;
    bool wait = false;
    for (const Index victim : victims) {
        if (!in_min_on(tick, at(victim))) continue;
        wait = true;
        tick.loads[at(victim)].wait_min_on(Reason::preempted);
        tick.loads[at(victim)].subject = load;
    }
    if (!wait) preempt(tick, need, victims);
}

}  // namespace volt
