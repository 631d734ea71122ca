// Tests of the published health of a polled source: from its poller, the age of its newest answer, and the rules' rejections.
#include "daemon/journal/source_health.hpp"

#include <doctest/doctest.h>

#include "tests/daemon/captured.hpp"
#include "tests/daemon/site_fixture.hpp"
#include "tests/fakes/store.hpp"

using namespace volt;

namespace {

/// GX battery as a poller fills its slot, one turn of the tracker at a time.
struct HealthBench {
    HealthBench() { slot().health.name = name; }
    Mailbox::LatestReading& slot() { return slots[name]; }
    void answer(std::optional<Volts> voltage) {
        SourceHealth& health = slot().health;
        health.state = SourceState::ok;
        health.last_error.clear();
        health.fault.reset();
        health.ever_succeeded = true;
        health.last_success = site.snapshot.now;
        ++health.successes;
        slot().reading.name = name;
        slot().reading.taken = site.snapshot.now;
        slot().reading.voltage = voltage;
        slot().has_reading = true;
        ++slot().readings;
    }
    void fail(SourceState state, const char* error) {
        slot().health.state = state;
        slot().health.last_error = error;
        slot().health.fault = Fault::reconnect;
        ++slot().health.failures;
    }
    /// Runs a turn. Returns its view of the battery.
    SourceView turn(Duration later = 1s) {
        site.advance(later);
        tracker.note_refusals(site.policy, slots);
        tracker.view(slots, others, config, 15s, site.snapshot.now, site.sources);
        tracker.record(slots, site.view(), store, log);
        return site.sources.at(0);
    }

    static constexpr const char* name = "victron.battery";
    fixture::Site site;
    LatestReadings slots;
    std::vector<SourceHealth> others;
    Config config;
    testing::FakeStore store;
    Log log{Level::error};
    SourceHealthTracker tracker;
};

}  // namespace

TEST_CASE("marks a source stale by the age of its newest answer") {
    HealthBench bench;
    bench.slot().health.state = SourceState::ok;  // polled, but without an answer yet
    CHECK(bench.turn().state == SourceState::stale);
    CHECK_FALSE(bench.site.sources[0].age);
    bench.answer(5230_cV);
    CHECK(bench.turn().state == SourceState::ok);
    CHECK(bench.site.sources[0].age == 1s);
    CHECK(bench.turn(14s).state == SourceState::ok);
    CHECK(bench.turn().state == SourceState::stale);
    bench.answer(5230_cV);
    CHECK(bench.turn().state == SourceState::ok);
    REQUIRE(bench.store.healths.size() == 4);
    const SourceState states[] = {SourceState::stale, SourceState::ok, SourceState::stale, SourceState::ok};
    for (std::size_t i = 0; i < 4; ++i) CHECK(bench.store.healths[i].first.state == states[i]);
}

TEST_CASE("keeps a poller's failing or absent state") {
    for (const SourceState state : {SourceState::failing, SourceState::absent}) {
        HealthBench bench;
        bench.answer(100_cV);
        bench.fail(state, "no answer within 1500 ms");
        CHECK(bench.turn().state == state);
        CHECK(bench.turn(1h).state == state);
        CHECK(bench.site.sources[0].last_error == "no answer within 1500 ms");
    }
}

TEST_CASE("counts an implausible voltage as failing until a good one") {
    HealthBench bench;
    bench.answer(100_cV);
    const SourceView refused = bench.turn();
    CHECK(refused.state == SourceState::failing);
    CHECK(refused.failures == 1);
    CHECK(refused.last_error == explain_refusal(bench.site.policy, 100_cV));
    CHECK(bench.turn().failures == 1);
    bench.answer({});
    CHECK(bench.turn().failures == 2);
    CHECK(bench.site.sources[0].last_error == "no data: the device answers without a voltage");
    bench.answer(5230_cV);
    const SourceView good = bench.turn();
    CHECK(good.state == SourceState::ok);
    CHECK(good.failures == 2);
    CHECK(good.last_error.empty());
}

TEST_CASE("prefers a rejection to a device's partial failure") {
    HealthBench bench;
    bench.answer({});
    bench.slot().health.last_error = "alarm LowVoltage (268)";
    CHECK(bench.turn().last_error == "no data: the device answers without a voltage; alarm LowVoltage (268)");
}

TEST_CASE("accepts an answer without voltage from a source without one") {
    HealthBench bench;
    bench.site.policy.voltage_sources.clear();
    bench.answer({});
    CHECK(bench.turn().state == SourceState::ok);
}

TEST_CASE("stores each reading and each new health once") {
    HealthBench bench;
    SourceHealth mqtt;
    mqtt.name = "mqtt";
    mqtt.state = SourceState::ok;
    mqtt.ever_succeeded = true;
    bench.others = {mqtt};
    bench.answer(100_cV);
    bench.turn();
    bench.turn();
    REQUIRE(bench.site.sources.size() == 2);
    CHECK(bench.site.sources[1].state == SourceState::ok);  // never old, because it is not polled
    CHECK(bench.store.readings.size() == 1);
    REQUIRE(bench.store.healths.size() == 1);
    CHECK(bench.store.healths[0].first.name == HealthBench::name);
    CHECK(bench.store.healths[0].first.state == SourceState::failing);
    CHECK(bench.store.healths[0].first.failures == 1);
    CHECK(bench.store.healths[0].first.consecutive_failures == 0);
    bench.answer(5230_cV);
    bench.turn();
    CHECK(bench.store.readings.size() == 2);
    CHECK(bench.store.healths.size() == 2);
}

TEST_CASE("logs a failed poll") {
    HealthBench bench;
    bench.log.set_level(Level::info);
    bench.fail(SourceState::failing, "no answer");
    const std::string text = testing::captured(bench.log, [&] {
        bench.turn();
        bench.turn();
    });
    CHECK(testing::count(text, "victron.battery: no answer") == 1);
}
