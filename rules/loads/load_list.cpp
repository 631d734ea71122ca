#include "rules/loads/load_list.hpp"
#include "rules/limits.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr Duration heater_min_on = 300s;
constexpr std::size_t heater_starts = 6;

LoadTick from_miner(const Policy& policy, const Miner& miner, const SiteSnapshot& snapshot) {
    LoadTick load;
    load.miner = &miner;
    load.zone_index = miner.zone;
    if (miner.zone != no_index) load.zone = &policy.zones[at(miner.zone)];
    load.output = miner.output;
    load.nominal = miner.power;
    load.level = miner.priority_level;
    load.min_on = miner.min_on;
    load.min_off = miner.min_off;
    load.max_starts = std::min(static_cast<std::size_t>(miner.max_starts_per_hour), StartHistory::capacity);
    load.enabled = miner.enabled;
    load.needs_excess = miner.require_excess_solar;
    load.in_window = in_window(miner, snapshot.local.second_of_day);
    return load;
}

LoadTick from_zone(const Zone& zone, Index index, int level) {
    LoadTick load;
    load.zone = &zone;
    load.zone_index = index;
    load.output = zone.heater;
    load.nominal = zone.heater_power;
    load.level = level;
    load.min_on = heater_min_on;
    load.min_off = limits::heater_min_off;
    load.max_starts = heater_starts;
    const bool named = zone.heat_first == HeatSource::heater || zone.heat_second == HeatSource::heater;
    load.enabled = zone.enabled && zone.heating_enabled && named;
    return load;
}

/// Assigns each output to a zone's fan, or to one load: enabled before disabled, then the first.
void own_outputs(Observed& tick) {
    for (const Zone& zone : tick.policy.zones)
        if (zone.fan != no_index) tick.outputs[at(zone.fan)].fan = true;
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        const LoadTick& load = tick.loads[i];
        if (load.output == no_index) continue;
        Index& owner = tick.outputs[at(load.output)].load;
        if (owner == no_index || (load.enabled && !tick.loads[at(owner)].enabled)) owner = static_cast<Index>(i);
    }
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        LoadTick& load = tick.loads[i];
        if (load.output != no_index && tick.outputs[at(load.output)].load != static_cast<Index>(i)) load.output = no_index;
    }
}

const std::string& slug_of(const LoadTick& load) { return load.miner != nullptr ? load.miner->slug : load.zone->slug; }

class Before {
public:
    explicit Before(const Observed& tick) : tick_(tick) {}
    bool operator()(Index a, Index b) const {
        const LoadTick& one = tick_.loads[at(a)];
        const LoadTick& other = tick_.loads[at(b)];
        const bool heater = one.miner == nullptr, other_heater = other.miner == nullptr;
        if (heater != other_heater) return other_heater;
        if (one.level != other.level) return one.level < other.level;
        if (one.in_window != other.in_window) return one.in_window;
        const int starts = tick_.memory(at(a)).starts_today, other_starts = tick_.memory(at(b)).starts_today;
        if (starts != other_starts) return starts < other_starts;
        const int slugs = slug_of(one).compare(slug_of(other));
        return slugs != 0 ? slugs < 0 : a < b;
    }

private:
    const Observed& tick_;
};

void take_request(LoadMemory& m, const OverrideRequest& request, Time now) {
    m.override_ = request.kind == OverrideKind::level ? OverrideKind::on : request.kind;
    m.override_adopted = false;
    m.override_until.reset();
    if (request.kind == OverrideKind::automatic) return;
    if (request.lasts) m.override_until = now + std::clamp<Duration>(*request.lasts, 0s, limits::longest_override);
    else if (request.kind != OverrideKind::off) m.override_until = now + limits::default_override;
}

/// Returns true if its OFF is confirmed, or it was never switched on.
bool is_off(const Observed& tick, const LoadTick& load) {
    if (load.output == no_index) return true;
    const OutputMemory& order = tick.state.outputs[at(load.output)];
    if (order.ordered) return !order.on && order.confirmed;
    return tick.outputs[at(load.output)].state == OutputState::off;
}

/// Follows a proof: an `on` override without an end, which no request can make. When anything ends it, including a restart or
/// another override, the load goes off first.
void follow_trial(Observed& tick, std::size_t index) {
    LoadTick& load = tick.loads[index];
    LoadMemory& m = tick.memory(index);
    const bool tried = load.miner != nullptr && load.output != no_index && load.output == tick.snapshot.lease_trial.output;
    if (tried && !m.lease_trial && m.override_ == OverrideKind::automatic) {
        m.lease_trial = true;
        m.override_ = OverrideKind::on;
    }
    if (!m.lease_trial) return;
    const bool own_override = m.override_ == OverrideKind::on && !m.override_until;
    if (tried && own_override) return;
    if (own_override) m.override_ = OverrideKind::automatic;
    m.lease_trial = !is_off(tick, load);
    load.trial_over = m.lease_trial;
}

}  // namespace

bool in_window(const Miner& miner, std::int32_t second) {
    const std::int32_t start = miner.preferred_start_s, end = miner.preferred_end_s;
    if (start == end) return true;
    if (start < end) return second >= start && second < end;
    return second >= start || second < end;
}

void list_loads(Observed& tick) {
    const Policy& policy = tick.policy;
    tick.loads.reserve(load_count(policy));
    int largest = policy.miners.empty() ? 10 : 1;
    for (const Miner& miner : policy.miners) {
        tick.loads.push_back(from_miner(policy, miner, tick.snapshot));
        largest = std::max(largest, miner.priority_level);
    }
    for (std::size_t i = 0; i < policy.zones.size(); ++i)
        tick.loads.push_back(from_zone(policy.zones[i], static_cast<Index>(i), largest));
    own_outputs(tick);
}

void sort_loads(Planned& tick) {
    tick.order = tick.state.site.order;
    if (tick.order.size() != tick.loads.size()) {
        tick.order.resize(tick.loads.size());
        for (std::size_t i = 0; i < tick.order.size(); ++i) tick.order[i] = static_cast<Index>(i);
    }
    if (!std::is_sorted(tick.order.begin(), tick.order.end(), Before(tick)))
        std::sort(tick.order.begin(), tick.order.end(), Before(tick));
    if (tick.state.site.order.size() != tick.order.size()) tick.state.site.order = tick.order;
}

void take_overrides(Observed& tick) {
    for (const OverrideRequest& request : tick.snapshot.requests) {
        if (request.target == TargetKind::fan) continue;
        const std::size_t first = request.target == TargetKind::heat ? tick.policy.miners.size() : 0;
        const std::size_t load = first + request.index;
        if (load < tick.loads.size()) take_request(tick.memory(load), request, tick.now);
    }
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        LoadMemory& m = tick.memory(i);
        if (m.override_until && *m.override_until <= tick.now) {
            m.override_ = OverrideKind::automatic;
            m.override_adopted = false;
            m.override_until.reset();
        }
        follow_trial(tick, i);
    }
}

}  // namespace volt
