#include "rules/loads/preempt.hpp"

#include <algorithm>

#include "rules/loads/allowance.hpp"
#include "rules/loads/gates.hpp"
#include "rules/loads/power.hpp"
#include "rules/loads/starts.hpp"
#include "rules/loads/stops.hpp"

namespace volt {

namespace {

/// Load that leaves, or must leave, the inverter, by both sums of the gate.
struct Relief {
    Watts site_load{}, by_draws{};
    void add(const Relief& other) {
        site_load += other.site_load;
        by_draws += other.by_draws;
    }
    void take(const Relief& other) {
        site_load -= other.site_load;
        by_draws -= other.by_draws;
    }
    bool covers(const Relief& need) const { return site_load >= need.site_load && by_draws >= need.by_draws; }
};

/// Amount that one load needs beyond the available power.
struct Need {
    Index load = no_index;
    Watts draw{};
    bool power = false;       ///< its `power` gate blocks
    Watts coming{};           ///< power to be freed by OFFs that are not confirmed yet
    Relief inverter;          ///< load to take off the inverter; 0 or less if it has room
    bool by_nominal = false;  ///< site load unknown, so nominal draws count
};

Relief relief_of(const LoadTick& load, bool by_nominal) {
    if (!load.on) return {};
    if (by_nominal) return {{}, load.nominal};
    return {part_of_site_load(load), load.draw};
}

Index claimant(const Started& tick) {
    for (const Index index : tick.order) {
        const LoadMemory& m = tick.memory(at(index));
        if (tick.loads[at(index)].miner == nullptr || m.wanted) continue;
        if (m.claim.over(tick.now, tick.policy.control.stop_hold)) return index;
    }
    return no_index;
}

bool in_flight(const Started& tick, std::size_t index) {
    const LoadTick& load = tick.loads[index];
    if (!load.counts || tick.memory(index).wanted || load.output == no_index) return false;
    const OutputMemory& order = tick.order_of(load);
    const bool ordered_off = load.changed || (order.ordered && !order.on && !order.confirmed);
    return ordered_off && order.ordered_at && !order.not_following;
}

Need need_of(const Started& tick, Index index) {
    const LoadTick& load = tick.loads[at(index)];
    const InverterSum sum = inverter_sum(tick);
    Need need{index, load.nominal, false, {}, {}, sum.by_nominal};
    const Gate* power = tick.verdicts[at(index)].gates.find(GateName::power);
    need.power = power != nullptr && !power->passes;
    Relief freed;
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        if (!in_flight(tick, i)) continue;
        need.coming += tick.loads[i].draw;
        freed.add(relief_of(tick.loads[i], need.by_nominal));
    }
    const Watts own = added_by(load);
    need.inverter = {sum.site_load + own - sum.limit, sum.by_draws + own - sum.limit};
    need.inverter.take(freed);
    return need;
}

bool may_be_stopped(const Started& tick, Index index, int level) {
    const LoadTick& load = tick.loads[at(index)];
    return tick.memory(at(index)).wanted && load.level > level && !load.forced_on && !load.changed;
}

/// Returns the part of its allowance that a running load would have left.
Watts left_of(const Started& tick, Index load, const Need& need) {
    return tick.stops[at(load)].room.headroom - tick.loads[at(load)].draw + need.coming;
}

/// Keeps loads from the first in order while possible, and puts the others into `victims`. Returns false if that does not free
/// enough.
bool find_victims(const Started& tick, const Need& need, std::vector<Index>& victims) {
    const std::vector<Index>& order = tick.state.site.order;
    const int level = tick.loads[at(need.load)].level;
    const auto frees = [&](Index i) { return relief_of(tick.loads[at(i)], need.by_nominal); };
    Watts stopped_draws{};
    Relief stopped, all;  // stopped so far; including all that could still be stopped
    for (const Index i : order)
        if (may_be_stopped(tick, i, level)) all.add(frees(i));
    victims.clear();
    bool behind = false, possible = true;
    for (const Index i : order) {
        if (i == need.load) behind = true;
        const LoadTick& load = tick.loads[at(i)];
        if (!behind || !tick.memory(at(i)).wanted || load.forced_on) continue;
        const bool fits = !need.power || left_of(tick, i, need) + stopped_draws >= need.draw;
        if (!may_be_stopped(tick, i, level)) {
            possible = possible && fits;
            continue;
        }
        Relief without = all;
        without.take(frees(i));
        if (fits && without.covers(need.inverter)) {
            all = without;
            continue;
        }
        victims.push_back(i);
        stopped.add(frees(i));
        stopped_draws += load.draw;
    }
    return possible && stopped.covers(need.inverter);
}

void preempt(Started& tick, const Need& need, const std::vector<Index>& victims) {
    for (const Index victim : victims) {
        stop(tick, at(victim), Reason::preempted);
        tick.stops[at(victim)].subject = need.load;
    }
    tick.state.site.claim = Claim{need.load, victims, tick.now};
}

}  // namespace

void follow_claim(Planned& tick) {
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

void judge_preemption(Started& tick) {
    if (tick.state.site.claim || claimant(tick) == no_index) return;
    judge_room_to_start(tick);
    judge_waiting(tick);  // waiting loads may no longer wait
    const Index load = claimant(tick);
    if (load == no_index) return;
    judge_room_to_run(tick);
    const Need need = need_of(tick, load);
    if (need.power && tick.stops[at(load)].room.own_headroom + need.coming < need.draw) return;
    std::vector<Index>& victims = tick.victims;
    if (!find_victims(tick, need, victims) || victims.empty()) return;
    bool wait = false;
    for (const Index victim : victims) {
        if (!in_min_on(tick, at(victim))) continue;
        wait = true;
        tick.stops[at(victim)].wait_min_on(Reason::preempted);
        tick.stops[at(victim)].subject = load;
    }
    if (!wait) preempt(tick, need, victims);
}

}  // namespace volt
