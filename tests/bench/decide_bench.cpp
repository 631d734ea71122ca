// Measures one turn of the rules: the default site, and sites of many loads (the cost must grow linearly).
#include <benchmark/benchmark.h>

#include <string>

#include "tests/rules/bench.hpp"

namespace {

using namespace volt;
using namespace volt::test;

Policy many_loads(std::size_t count) {
    Policy policy = default_site();
    policy.zones.clear();
    policy.sensors.clear();
    policy.miners.clear();
    policy.outputs.clear();
    for (std::size_t i = 0; i < count; ++i) {
        Miner miner = i % 2 == 0 ? s21_profile() : s19_profile();
        miner.id = "miner-" + std::to_string(i);
        miner.slug = miner.id;
        miner.output = static_cast<Index>(i);
        miner.zone = no_index;
        miner.priority_level = static_cast<int>(1 + i % 10);
        policy.miners.push_back(miner);
        policy.outputs.push_back(relay(miner.id, true));
    }
    return policy;
}

void turn(benchmark::State& run, Bench& bench) {
    Decision decision(std::move(bench.state));
    TickMemory memory;
    for (auto _ : run) {
        bench.snapshot.now += 1s;
        decide(bench.snapshot, bench.policy, decision, memory);
        benchmark::DoNotOptimize(decision.verdicts.data());
    }
}

/// Freezes the readings and extends their limits: fresh readings every tick would cost more than the rules.
void keep_fresh(Bench& bench) {
    bench.policy.control.voltage_stale = bench.policy.control.power_stale = 100000000s;
    bench.policy.control.temperature_stale = 100000000s;
}

void default_site_tick(benchmark::State& run) {
    Bench bench;
    bench.run(120s);
    keep_fresh(bench);
    turn(run, bench);
}

void many_loads_tick(benchmark::State& run) {
    Bench bench(many_loads(static_cast<std::size_t>(run.range(0))));
    bench.run(120s);
    keep_fresh(bench);
    turn(run, bench);
    run.SetComplexityN(run.range(0));
}

}  // namespace

BENCHMARK(default_site_tick);
BENCHMARK(many_loads_tick)->RangeMultiplier(10)->Range(10, 1000)->Unit(benchmark::kMicrosecond)->Complexity(benchmark::oN);

BENCHMARK_MAIN();
