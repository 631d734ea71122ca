// Counts the basic blocks that decide() executes for sites of 4 to 512 loads: the work of a tick must grow linearly with the
// loads (except for sorting). Uses no clock, so the count is the same on every machine. Only ./dev fuzz builds it, since the
// rules must be compiled again with a counter in every block.
#include <cstdio>
#include <string>

#include "rules/decide.hpp"
#include "tests/rules/default_site.hpp"

namespace {

std::uint64_t steps = 0;

volt::Policy site_of(int loads) {
    volt::Policy policy = volt::test::default_site();
    policy.miners.clear();
    policy.outputs.resize(6);
    for (int i = 0; i < loads; ++i) {
        volt::Miner miner = volt::test::s21_profile();
        miner.id = miner.slug = "m" + std::to_string(10000 + i);
        miner.power = volt::Watts{100 + i % 7};
        miner.priority_level = 1 + i % 10;
        miner.zone = i % 2;
        policy.outputs.push_back(volt::test::relay(miner.id, true));
        miner.output = static_cast<volt::Index>(policy.outputs.size() - 1);
        policy.miners.push_back(miner);
    }
    policy.preferences.inverter_max = volt::Watts{200000};
    return policy;
}

/// Returns the most blocks of one tick in half an hour with starts, stops by voltage and a preemption.
std::uint64_t worst_of(int loads) {
    using namespace volt;
    const Policy policy = site_of(loads);
    SiteSnapshot s;
    s.voltages.resize(policy.voltage_sources.size());
    s.battery_temperatures.resize(policy.battery_temperatures.size());
    s.temperatures.resize(policy.sensors.size());
    s.outputs.resize(policy.outputs.size());
    s.clock_trusted = true;
    RuleState state;
    std::uint64_t worst = 0;
    for (int tick = 0; tick < 600; ++tick) {
        s.now = Time{1'000'000 + tick * 5000};
        const bool low = tick > 400;
        for (VoltageSample& v : s.voltages) {
            static_cast<Sample<Volts>&>(v) = {low ? Volts{4690 - tick % 3} : Volts{5300 + tick % 3}, s.now, true};
            v.unit_moved = s.now;
        }
        s.pv = {Watts{tick % 100 < 50 ? 90000 : 300}, s.now, true};
        s.load = {Watts{1000}, s.now, true};
        s.battery_power = {Watts{0}, s.now, true};
        for (auto& t : s.temperatures) t = {Celsius{200}, s.now, true};
        for (OutputReport& o : s.outputs) {
            o.available = o.state_received = true;
            if (o.state == OutputState::unknown) o.state = OutputState::off;
            o.state_at = tick == 0 ? s.now - 24h : s.now;
            o.power = {Watts{o.state == OutputState::on ? 100 : 0}, s.now, true};
        }
        steps = 0;
        const Decision decision = decide(s, policy, std::move(state));
        worst = std::max(worst, steps);
        state = decision.next;
        for (const Command& c : decision.commands)
            s.outputs[static_cast<std::size_t>(c.output)].state = c.on ? OutputState::on : OutputState::off;
    }
    return worst;
}

}  // namespace

extern "C" {
void __sanitizer_cov_trace_pc_guard_init(std::uint32_t* start, std::uint32_t* stop);
void __sanitizer_cov_trace_pc_guard(std::uint32_t* guard);
void __sanitizer_cov_trace_pc_guard_init(std::uint32_t* start, std::uint32_t* stop) {
    for (std::uint32_t* guard = start; guard < stop; ++guard) *guard = 1;
}
void __sanitizer_cov_trace_pc_guard(std::uint32_t*) { ++steps; }
}

int main() {
    std::uint64_t before = 0;
    bool linear = true;
    for (int loads = 4; loads <= 512; loads *= 2) {
        const std::uint64_t worst = worst_of(loads);
        // Twice the loads may cost 2.3 times: sorting takes slightly more than linear time.
        const bool fits = before == 0 || worst * 10 <= before * 23;
        std::printf("%3d loads: %8llu blocks in the worst tick, %llu a load%s\n", loads, static_cast<unsigned long long>(worst),
                    static_cast<unsigned long long>(worst / static_cast<std::uint64_t>(loads)), fits ? "" : "  TOO MANY");
        linear = linear && fits;
        before = worst;
    }
    return linear ? 0 : 1;
}
