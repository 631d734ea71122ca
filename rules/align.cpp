#include "rules/align.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "rules/limits.hpp"

namespace volt {

namespace {

/// Ends the override of a forgotten proof: it has no end (rules/loads/load_list.cpp), so nothing else would end it.
void end_trial(const LoadMemory& was, LoadMemory& load) {
    if (was.lease_trial && was.override_ == OverrideKind::on && !was.override_until) load.override_ = OverrideKind::automatic;
}

/// Returns the memory to keep of a load whose row was removed: a person's orders, and the rests of its relay and the bank.
LoadMemory kept_of(const LoadMemory& load) {
    LoadMemory kept;
    kept.key = load.key;
    kept.override_ = load.override_;
    kept.override_adopted = load.override_adopted;
    kept.override_until = load.override_until;
    end_trial(load, kept);
    kept.short_runs = load.short_runs;
    kept.continuous_reached = load.continuous_reached;
    kept.ended_by_voltage = load.ended_by_voltage;
    kept.starts = load.starts;
    kept.day = load.day;
    kept.starts_today = load.starts_today;
    kept.runtime_today = load.runtime_today;
    kept.held_out_until = load.held_out_until;
    kept.sag.learned = load.sag.learned;
    kept.sag.learned_at = load.sag.learned_at;
    kept.on_battery_at = load.on_battery_at;
    kept.too_small_at = load.too_small_at;
    return kept;
}

ZoneState kept_of(const ZoneState& zone) {
    ZoneState kept;
    kept.key = zone.key;
    kept.tripped = zone.tripped;
    kept.fan_override = zone.fan_override;
    kept.fan_override_level = zone.fan_override_level;
    kept.fan_override_until = zone.fan_override_until;
    return kept;
}

/// Maps each key to its previous index.
template <class Memory>
std::unordered_map<std::string_view, std::size_t> places(const std::vector<Memory>& memories) {
    std::unordered_map<std::string_view, std::size_t> found;
    for (std::size_t i = 0; i < memories.size(); ++i) found.emplace(memories[i].key, i);
    return found;
}

/// Returns the memories in the order of `keys`; `moved[old]` becomes the new index, or no_index.
template <class Memory>
std::vector<Memory> matched(const std::vector<Memory>& old, const std::vector<const std::string*>& keys,
                            std::vector<Index>& moved) {
    const auto where = places(old);
    moved.assign(old.size(), no_index);
    std::vector<Memory> fresh(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto found = where.find(*keys[i]);
        if (found == where.end()) continue;
        moved[found->second] = static_cast<Index>(i);
        fresh[i] = old[found->second];
    }
    for (std::size_t i = 0; i < keys.size(); ++i) fresh[i].key = *keys[i];
    return fresh;
}

/// Restores the memory of a row that came back from `removed`, and moves the memories of missing rows there, newest last.
template <class Memory>
void keep_removed(const std::vector<Memory>& old, const std::vector<Index>& moved, std::vector<Memory>& present,
                  std::vector<Memory>& removed) {
    const auto before = places(old);
    for (Memory& memory : present) {
        if (before.count(memory.key) != 0) continue;
        const auto found = std::find_if(removed.begin(), removed.end(), [&](const Memory& m) { return m.key == memory.key; });
        if (found == removed.end()) continue;
        memory = std::move(*found);
        removed.erase(found);
    }
    for (std::size_t i = 0; i < old.size(); ++i)
        if (moved[i] == no_index && !old[i].key.empty()) removed.push_back(kept_of(old[i]));
    if (removed.size() > limits::removed_kept)
        removed.erase(removed.begin(), removed.end() - static_cast<std::ptrdiff_t>(limits::removed_kept));
}

std::vector<const std::string*> load_keys(const Policy& policy) {
    std::vector<const std::string*> keys;
    for (const Miner& miner : policy.miners) keys.push_back(&miner.id);
    for (const Zone& zone : policy.zones) keys.push_back(&zone.id);
    return keys;
}

/// Translates the previous order to the new indices. New entries come last.
void carry_order(std::vector<Index>& order, const std::vector<Index>& moved, std::size_t loads) {
    std::vector<Index> carried;
    std::vector<bool> known(loads, false);
    for (const Index old : order) {
        const Index place = moved[static_cast<std::size_t>(old)];
        if (place == no_index) continue;
        carried.push_back(place);
        known[static_cast<std::size_t>(place)] = true;
    }
    if (carried.empty()) {
        order.clear();
        return;
    }
    for (std::size_t i = 0; i < loads; ++i)
        if (!known[i]) carried.push_back(static_cast<Index>(i));
    order = std::move(carried);
}

/// Keeps a missed night with its load, and drops it with the load.
void carry_missed(MissedMemory& missed, const std::vector<Index>& moved) {
    const auto gone = [&](Index& load) {
        const auto old = static_cast<std::size_t>(load);
        load = load != no_index && old < moved.size() ? moved[old] : no_index;
        return load == no_index;
    };
    if (missed.plan && gone(missed.plan->load)) missed.plan.reset();
    if (missed.missed && gone(missed.missed->load)) missed.missed.reset();
}

void forget(OutputMemory& output) {
    OutputMemory fresh;
    fresh.key = output.key;
    output = fresh;
}

void forget(LoadMemory& load) {
    end_trial(load, load);
    load.wanted = false;
    load.ordered_on.reset();
    load.on_since.reset();
    load.lease_trial = false;
}

/// Ends the imagined runs of a load. An override applies in either mode.
void restore(const LoadMemory& real, LoadMemory& load) {
    const LoadMemory imagined = std::exchange(load, real);
    load.override_ = imagined.override_;
    load.override_adopted = imagined.override_adopted;
    load.override_until = imagined.override_until;
    load.lease_trial = imagined.lease_trial;
}

/// Returns the keys of the loads that this output switches.
std::vector<std::string> loads_behind(const Policy& policy, const std::string& output) {
    const auto is_it = [&](Index index) {
        return index != no_index && policy.outputs[static_cast<std::size_t>(index)].id == output;
    };
    std::vector<std::string> keys;
    for (const Miner& miner : policy.miners)
        if (is_it(miner.output)) keys.push_back(miner.id);
    for (const Zone& zone : policy.zones)
        if (is_it(zone.heater)) keys.push_back(zone.id);
    return keys;
}

/// Aligns loads. In shadow, the rest of a removed row is that of its real runs.
void align_loads(RuleState& state, const std::vector<const std::string*>& keys, std::vector<Index>& moved) {
    std::vector<LoadMemory> real = matched(state.real, keys, moved);
    std::vector<LoadMemory> loads = matched(state.loads, keys, moved);
    std::vector<LoadMemory> old = std::move(state.loads);
    for (std::size_t i = 0; i < std::min(state.real.size(), old.size()); ++i) restore(state.real[i], old[i]);
    keep_removed(old, moved, loads, state.removed_loads);
    if (!state.real.empty()) {
        for (std::size_t i = 0; i < loads.size(); ++i)
            if (std::find(moved.begin(), moved.end(), static_cast<Index>(i)) == moved.end()) real[i] = loads[i];
        state.real = std::move(real);
    }
    state.loads = std::move(loads);
}

}  // namespace

void align(RuleState& state, const Policy& policy) {
    const bool fits = state.loads.size() == load_count(policy) && state.outputs.size() == policy.outputs.size() &&
                      state.zones.size() == policy.zones.size();
    if (state.policy_revision == policy.revision && fits) return;
    std::vector<Index> moved;
    align_loads(state, load_keys(policy), moved);
    carry_order(state.site.order, moved, state.loads.size());
    carry_missed(state.site.missed, moved);
    std::vector<const std::string*> keys;
    for (const OutputWiring& output : policy.outputs) keys.push_back(&output.id);
    state.outputs = matched(state.outputs, keys, moved);
    keys.clear();
    for (const Zone& zone : policy.zones) keys.push_back(&zone.id);
    std::vector<ZoneState> zones = matched(state.zones, keys, moved);
    keep_removed(state.zones, moved, zones, state.removed_zones);
    state.zones = std::move(zones);
    state.site.claim.reset();
    state.policy_revision = policy.revision;
}

void forget_orders(RuleState& state) {
    state.started.reset();
    for (OutputMemory& output : state.outputs) forget(output);
    for (std::size_t i = 0; i < state.real.size() && i < state.loads.size(); ++i) restore(state.real[i], state.loads[i]);
    state.real.clear();
    for (LoadMemory& load : state.loads) forget(load);
    state.site.claim.reset();
}

void follow_shadow(RuleState& state, bool live) {
    if (live && !state.real.empty()) forget_orders(state);
    else if (!live && state.real.size() != state.loads.size()) state.real = state.loads;
}

void forget_orders(RuleState& state, const Policy& policy, const std::string& output) {
    const auto memory =
        std::find_if(state.outputs.begin(), state.outputs.end(), [&](const OutputMemory& m) { return m.key == output; });
    if (memory == state.outputs.end()) return;
    forget(*memory);
    for (const std::string& load : loads_behind(policy, output))
        for (LoadMemory& m : state.loads)
            if (m.key == load) forget(m);
    state.started.reset();
    state.site.claim.reset();
}

}  // namespace volt
