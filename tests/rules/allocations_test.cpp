// Allocation tests: decide() in reused memory makes the same decision as in fresh memory, and allocates nothing.
#include <doctest/doctest.h>

#include "tests/fakes/allocations.hpp"
#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Lengthens the ids: real ones do not fit into a string's inline buffer.
Policy long_ids(Policy policy = default_site()) {
    const std::string rest = "-0000-4000-8000-000000000000";
    for (Miner& miner : policy.miners) miner.id += rest;
    for (Zone& zone : policy.zones) zone.id += rest;
    for (OutputWiring& output : policy.outputs) output.id += rest;
    for (TemperatureSource& sensor : policy.sensors) sensor.name += rest;
    return policy;
}

/// Repeats the ticks of a bench in place.
class InPlace {
public:
    explicit InPlace(Bench& bench) : bench_(bench) {
        bench.each_tick = [this](const Bench& b) {
            taken_ = allocations_of([&] { decide(b.snapshot, b.policy, decision_, memory_); });
            CHECK(decision_.verdicts.size() == b.last.verdicts.size());
            CHECK(decision_.alarms.size() == b.last.alarms.size());
        };
    }
    /// Returns the largest number of allocations in one of the next ticks.
    long most() {
        long most = 0;
        for (int i = 0; i < 20; ++i) {
            bench_.tick();
            most = std::max(most, taken_);
        }
        return most;
    }

private:
    Bench& bench_;
    Decision decision_;
    TickMemory memory_;
    long taken_ = 0;
};

long taken(Policy policy, const std::function<void(Bench&)>& prepare) {
    Bench bench(long_ids(std::move(policy)));
    InPlace ticks(bench);
    prepare(bench);
    return ticks.most();
}

}  // namespace

TEST_CASE("ticks of an unchanged site allocate nothing") {
    const auto settle = [](Bench& bench) { bench.run(900s); };
    SUBCASE("one load on, one waits") { CHECK(taken(default_site(), settle) == 0); }
    SUBCASE("in shadow") {
        Policy policy = default_site();
        policy.control.live = false;
        CHECK(taken(policy, settle) == 0);
    }
    SUBCASE("a sensor is lost") {
        Policy policy = default_site();
        policy.sensors[0].stale_after = -1s;
        CHECK(taken(policy, settle) == 0);
    }
    SUBCASE("a zone is disabled") {
        Policy policy = default_site();
        policy.zones[1].enabled = false;
        CHECK(taken(policy, settle) == 0);
    }
    SUBCASE("a relay for a fan") {
        Policy policy = default_site();
        policy.outputs[site::heat_fan].kind = OutputKind::relay;
        CHECK(taken(policy, settle) == 0);
    }
    SUBCASE("a miner provides heat") {
        CHECK(taken(default_site(), [](Bench& bench) {
                  bench.room(-60_dK).run(900s);
                  CHECK(bench.last.zones[site::heat_room].heat == HeatSource::miner);
              }) == 0);
    }
    SUBCASE("no voltage is known") {
        CHECK(taken(default_site(), [](Bench& bench) {
                  bench.run(100s).sources_silent(true).run(900s);
                  CHECK(bench.alarm(AlarmCode::blind));
              }) == 0);
    }
    SUBCASE("a load waits for another one to stop") {
        Policy policy = two_miners();
        for (Miner& miner : policy.miners) miner.operating_mode = OperatingMode::opportunistic;
        policy.miners[0].enabled = false;
        CHECK(taken(policy, [](Bench& bench) {
                  bench.pv(1850_W + 3878_W + 100_W).battery(Watts{-300});
                  REQUIRE(bench.until_on(1));
                  bench.change([](Policy& p) { p.miners[0].enabled = true; }).run(200s);
                  CHECK(bench.verdict(1).waiting == Reason::preempted);
              }) == 0);
    }
}
