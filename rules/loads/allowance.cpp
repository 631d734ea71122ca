#include "rules/loads/allowance.hpp"

#include <algorithm>
#include <limits>

#include "rules/battery/bank.hpp"

namespace volt {

namespace {

constexpr Volts conservative_gap = 100_cV;  // a running load keeps its share down to this far under optimal_max
constexpr Watts no_bound{std::numeric_limits<std::int32_t>::max()};

/// Returns the share in halves.
std::int64_t halves(SiteMode mode, OperatingMode profile) {
    switch (mode) {
        case SiteMode::aggressive: return profile == OperatingMode::opportunistic ? 1 : 2;
        case SiteMode::balanced: return profile == OperatingMode::aggressive ? 2 : profile == OperatingMode::balanced ? 1 : 0;
        case SiteMode::conservative: return profile == OperatingMode::aggressive ? 1 : 0;
        case SiteMode::off: return 0;
    }
    return 0;
}

Watts share(const Planned& tick, std::int64_t count) {
    const Watts part{tick.policy.preferences.max_battery_discharge.steps * count / 2};
    return tick.readings.bms_limit ? std::min(part, *tick.readings.bms_limit) : part;
}

bool given_to_start(const Planned& tick, const LoadTick& load) {
    const std::optional<Volts> v = tick.readings.for_starts;
    if (!v || *v < (load.forced_on ? load.miner->stop : load.miner->start)) return false;
    const Preferences& p = tick.policy.preferences;
    return p.mode != SiteMode::conservative || *v >= p.optimal_max;
}

bool kept_running(const Planned& tick) {
    const Preferences& p = tick.policy.preferences;
    const std::optional<Volts> v = tick.readings.for_stops;
    return p.mode != SiteMode::conservative || !v || *v >= p.optimal_max - scaled(conservative_gap, p);
}

/// Draws that come before every load: unwanted ones that still count, and loads forced on.
struct Sums {
    Watts unwanted{}, forced{};
};

Sums sum_of(const Planned& tick) {
    Sums sums;
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const LoadTick& load = tick.loads[i];
        if (!load.counts) continue;
        if (!tick.memory(i).wanted) sums.unwanted += load.draw;
        else if (load.forced_on) sums.forced += load.draw;
    }
    return sums;
}

void forward(Stopped& tick, const std::vector<Index>& order, const Sums& sums) {
    Watts before{}, starting_or_on{};
    const Watts surplus = tick.power.surplus.value_or(Watts{0});
    for (const Index index : order) {
        const LoadTick& load = tick.loads[at(index)];
        LoadRoom& room = tick.stops[at(index)].room;
        const bool wanted = tick.memory(at(index)).wanted;
        Watts taken = before + sums.unwanted + sums.forced;
        if (load.counts && !wanted) taken -= load.draw;
        if (wanted && load.forced_on) taken -= load.draw;
        if (!wanted) taken += kept_room(tick, index);
        room.headroom_alone = surplus - taken;
        room.headroom = room.headroom_alone + allowance(tick, load, wanted);
        room.own_headroom = room.headroom;
        room.excess = surplus - starting_or_on;
        if (!load.counts) continue;
        starting_or_on += load.draw;
        if (wanted && !load.forced_on) before += load.draw;
    }
}

/// Limits each start by the allowance left to the running loads behind it.
void backward(Stopped& tick, const std::vector<Index>& order) {
    Watts left = no_bound;
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
        const LoadTick& load = tick.loads[at(*it)];
        LoadRoom& room = tick.stops[at(*it)].room;
        if (!tick.memory(at(*it)).wanted) {
            const Watts behind = left - kept_room(tick, *it);
            room.headroom = std::min(room.headroom, behind);
            room.headroom_alone = std::min(room.headroom_alone, behind);
        } else if (!load.forced_on) {
            left = std::min(left, room.headroom - load.draw);
        }
    }
}

/// Sets the room of running loads, and the room a start of the others would have. One pass forward and one back.
void judge_room(Stopped& tick, const std::vector<Index>& order) {
    forward(tick, order, sum_of(tick));
    backward(tick, order);
}

}  // namespace

Watts allowance(const Planned& tick, const LoadTick& load, bool running) {
    if (load.miner == nullptr || load.needs_excess) return {};
    const bool given = running ? kept_running(tick) : given_to_start(tick, load);
    return given ? share(tick, halves(tick.policy.preferences.mode, load.miner->operating_mode)) : Watts{};
}

bool denied_in_doubt(const Planned& tick, const LoadTick& load, bool running) {
    return !tick.power.surplus && tick.readings.powers.in_doubt && allowance(tick, load, running) == Watts{};
}

Watts kept_room(const Planned& tick, Index load) {
    const std::optional<Claim>& claim = tick.state.site.claim;
    if (!claim || claim->load == load || tick.memory(at(claim->load)).wanted) return {};
    return tick.loads[at(claim->load)].nominal;
}

bool may_use_battery(const Miner& miner, SiteMode mode) {
    return !miner.require_excess_solar && halves(mode, miner.operating_mode) > 0;
}

Watts full_allowance(const Planned& tick) { return share(tick, halves(tick.policy.preferences.mode, OperatingMode::aggressive)); }

void judge_room_to_run(Stopped& tick) { judge_room(tick, tick.state.site.order); }

void judge_room_to_start(Stopped& tick) { judge_room(tick, tick.order); }

}  // namespace volt
