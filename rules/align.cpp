#include "rules/align.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace volt {

namespace {

/// The index each key had before.
template <class Memory>
std::unordered_map<std::string_view, std::size_t> places(const std::vector<Memory>& memories) {
    std::unordered_map<std::string_view, std::size_t> found;
    for (std::size_t i = 0; i < memories.size(); ++i) found.emplace(memories[i].key, i);
    return found;
}

/// The same memories in the order of `keys`; `moved[old]` becomes the new place, or no_index.
template <class Memory>
std::vector<Memory> matched(std::vector<Memory>& old, const std::vector<const std::string*>& keys, std::vector<Index>& moved) {
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

std::vector<const std::string*> load_keys(const Policy& policy) {
    std::vector<const std::string*> keys;
    for (const Miner& miner : policy.miners) keys.push_back(&miner.id);
    for (const Zone& zone : policy.zones) keys.push_back(&zone.id);
    return keys;
}

/// The previous order in the new indices; new entries come last.
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

/// A missed night stays with its load, and is dropped with it.
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
    load.wanted = false;
    load.ordered_on.reset();
    load.on_since.reset();
    load.lease_trial = false;
}

/// Ends the imagined runs of a load; an override applies in either mode.
void restore(const LoadMemory& real, LoadMemory& load) {
    const LoadMemory imagined = std::exchange(load, real);
    load.override_ = imagined.override_;
    load.override_adopted = imagined.override_adopted;
    load.override_until = imagined.override_until;
    load.lease_trial = imagined.lease_trial;
}

/// Keys of the loads that this output switches.
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

}  // namespace

void align(RuleState& state, const Policy& policy) {
    const bool fits = state.loads.size() == load_count(policy) && state.outputs.size() == policy.outputs.size() &&
                      state.zones.size() == policy.zones.size();
    if (state.policy_revision == policy.revision && fits) return;
    std::vector<Index> moved;
    if (!state.real.empty()) state.real = matched(state.real, load_keys(policy), moved);
    state.loads = matched(state.loads, load_keys(policy), moved);
    carry_order(state.site.order, moved, state.loads.size());
    carry_missed(state.site.missed, moved);
    std::vector<const std::string*> keys;
    for (const OutputWiring& output : policy.outputs) keys.push_back(&output.id);
    state.outputs = matched(state.outputs, keys, moved);
    keys.clear();
    for (const Zone& zone : policy.zones) keys.push_back(&zone.id);
    state.zones = matched(state.zones, keys, moved);
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
