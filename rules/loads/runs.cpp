#include "rules/loads/runs.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr Duration long_run = 3600s, shortest_rest = 300s, longest_rest = 7200s;
constexpr int most_doublings = 5;  // 300 s * 2^5 exceeds the longest rest

/// Returns the wait after a failed start on held-back solar power.
Duration held_out_for(const Preferences& p) { return p.bridge_wh == 0 ? 1h : 10min; }

bool ended_badly(Reason reason) {
    return reason == Reason::voltage || reason == Reason::power || reason == Reason::sun || reason == Reason::excess ||
           reason == Reason::budget || reason == Reason::preempted || reason == Reason::emergency || reason == Reason::critical;
}

/// Returns true if the load was on, or assumed on, at the end of the last tick.
bool was_on(const LoadMemory& m) {
    return m.state == LoadState::on || m.state == LoadState::stopping || (m.state == LoadState::unknown && m.wanted);
}

void begin_day(LoadMemory& m, std::int32_t day) {
    if (day <= m.day) return;
    m.day = day;
    m.starts_today = 0;
    m.runtime_today = 0ms;
}

}  // namespace

void begin_run(Observed& tick, std::size_t load, Reason reason, bool ours) {
    LoadMemory& m = tick.memory(load);
    m.wanted = true;
    m.reason = reason;
    m.ordered_on = tick.now;
    m.on_since.reset();
    m.off_since.reset();
    m.drew = false;
    m.continuous_reached = false;
    m.held_start = false;
    m.low_voltage.reset();
    m.no_sun = m.no_excess = m.no_weather = m.no_power = m.over_budget = Hold{};
    m.waiting = m.claim = Hold{};
    tick.loads[load].changed = true;
    if (!ours) return;
    m.starts.add(tick.now);
    ++m.starts_today;
}

void end_run(Observed& tick, std::size_t load, Reason reason) {
    LoadMemory& m = tick.memory(load);
    const LoadTick& now = tick.loads[load];
    const Duration length = m.on_since ? tick.now - *m.on_since : 0ms;
    if (length >= long_run) m.short_runs = 0;
    else if (ended_badly(reason)) m.short_runs = std::min(m.short_runs + 1, most_doublings);
    if (m.held_start && tick.now - *m.ordered_on <= now.min_on + tick.policy.control.stop_hold)
        m.held_out_until = tick.now + held_out_for(tick.policy.preferences);
    if (m.on_since) m.voltage = m.above_stop = Hold{};  // if it never ran, voltd kept watching the voltage
    m.wanted = false;
    m.reason = reason;
    m.ended_by_voltage = reason == Reason::voltage;
    m.ordered_on.reset();
    m.on_since.reset();
    m.off_since.reset();
    m.held_start = false;
    m.sag.before.reset();
    m.sun = m.excess = m.power = m.budget = Hold{};
    m.waiting = m.claim = Hold{};
    tick.loads[load].changed = true;
}

Duration rest_of(const LoadTick& load, const LoadMemory& m, bool sun_is_thrown_away) {
    if (load.miner == nullptr || m.short_runs == 0) return load.min_off;
    if (sun_is_thrown_away && !m.ended_by_voltage) return load.min_off;
    const int doublings = std::clamp(m.short_runs, 0, most_doublings);
    return std::max(load.min_off, std::min(shortest_rest * (1 << doublings), longest_rest));
}

void count_runtime(Observed& tick) {
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        LoadMemory& m = tick.memory(i);
        if (was_on(m)) m.runtime_today += tick.elapsed;
        begin_day(m, tick.snapshot.local.day);
        m.starts.forget(tick.now);
    }
    for (LoadMemory& m : tick.state.real) begin_day(m, tick.snapshot.local.day);
}

}  // namespace volt
