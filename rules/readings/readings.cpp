#include "rules/readings/readings.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

#include "rules/emptied.hpp"
#include "rules/readings/parts.hpp"

namespace volt {

namespace {

bool fits(const std::vector<VoltageSource>& sources, const std::vector<VoltageMemory>& memories) {
    return std::equal(sources.begin(), sources.end(), memories.begin(), memories.end(),
                      [](const VoltageSource& source, const VoltageMemory& m) { return source.name == m.key; });
}

void align_voltages(const Policy& policy, ReadingsState& state) {
    if (fits(policy.voltage_sources, state.voltages)) return;
    state.voltages.assign(policy.voltage_sources.size(), {});
    for (std::size_t i = 0; i < state.voltages.size(); ++i) state.voltages[i].key = policy.voltage_sources[i].name;
    state.swings.assign(state.voltages.size() * state.voltages.size(), {});
    state.serving = no_index;
    state.apart.reset();
    state.apart_now = state.disagree = false;
    state.frozen_low.reset();
}

// Matches a memory without a key to the sensor at the same index: its caller has no names.
bool belongs(const TemperatureMemory& memory, const TemperatureSource& source) {
    return memory.key.empty() || memory.key == source.name;
}

void align_temperatures(const std::vector<TemperatureSource>& sources, std::vector<TemperatureMemory>& memories) {
    const bool same = std::equal(memories.begin(), memories.end(), sources.begin(), sources.end(), belongs);
    if (!same) {
        std::vector<TemperatureMemory> aligned(sources.size());
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const auto kept = std::find_if(memories.begin(), memories.end(),
                                           [&](const TemperatureMemory& memory) { return memory.key == sources[i].name; });
            if (kept != memories.end()) aligned[i] = *kept;
        }
        memories = std::move(aligned);
    }
    for (std::size_t i = 0; i < sources.size(); ++i)
        if (memories[i].key.empty()) memories[i].key = sources[i].name;
}

void assert_aligned([[maybe_unused]] const SiteSnapshot& snapshot, [[maybe_unused]] const Policy& policy) {
    assert(snapshot.voltages.size() == policy.voltage_sources.size());
    assert(snapshot.polled.empty() || snapshot.polled.size() == policy.polled.size());
    assert(snapshot.battery_temperatures.size() == policy.battery_temperatures.size());
    assert(snapshot.temperatures.size() == policy.sensors.size());
    assert(snapshot.outputs.size() == policy.outputs.size());
}

}  // namespace

Readings emptied(Readings& readings) {
    Readings fresh;
    fresh.frozen = emptied(readings.frozen);
    fresh.copied = emptied(readings.copied);
    fresh.copy_intervals = emptied(readings.copy_intervals);
    fresh.restless = emptied(readings.restless);
    fresh.refused = emptied(readings.refused);
    fresh.at_odds = emptied(readings.at_odds);
    fresh.source_quality = emptied(readings.source_quality);
    fresh.turns = emptied(readings.turns);
    fresh.sensors = emptied(readings.sensors);
    fresh.batteries = emptied(readings.batteries);
    fresh.doubts = emptied(readings.doubts);
    fresh.raw_batteries = emptied(readings.raw_batteries);
    return fresh;
}

void align_readings(const Policy& policy, ReadingsState& state) {
    align_voltages(policy, state);
    align_temperatures(policy.sensors, state.sensors);
    align_temperatures(policy.battery_temperatures, state.batteries);
    const std::size_t pairs = state.batteries.size() * state.batteries.size();
    if (state.drifts.size() != pairs) state.drifts.assign(pairs, {});
    if (state.meters.size() != policy.outputs.size()) state.meters.assign(policy.outputs.size(), {});
}

Duration elapsed_since(const ReadingsState& state, Time now) {
    return state.last_tick ? std::max(now - *state.last_tick, Duration::zero()) : Duration::zero();
}

Volts worth_of(const VoltageMemory& m) { return m.restless ? std::min(*m.newest, m.second.value_or(*m.newest)) : *m.good; }

Time worth_at(const VoltageMemory& m) {
    const Time taken = m.restless ? m.newest_at : m.good_at;
    return m.copy.copy ? std::min(taken, *m.copy.moved_at) : taken;
}

void judge_readings(const SiteSnapshot& snapshot, const Policy& policy, bool load_on, ReadingsState& state, Readings& readings) {
    assert_aligned(snapshot, policy);
    align_readings(policy, state);
    SourceTurns& turns = readings.turns;
    take_voltages(snapshot, policy, turns, state);
    watch_restless(policy, snapshot.now, elapsed_since(state, snapshot.now), state);
    watch_frozen(snapshot, policy, load_on, turns, state);
    watch_copies(snapshot, policy, state, readings);
    judge_quality(snapshot, policy, turns, state);
    serve_voltage(snapshot, policy, turns, state, readings);
    cross_check(policy, turns, snapshot.now, state, readings);
    watch_power(snapshot, policy, state, readings);
    judge_values(snapshot, policy, state, readings);
    judge_temperatures(snapshot, policy, state, readings);
    state.last_tick = snapshot.now;
}

}  // namespace volt
