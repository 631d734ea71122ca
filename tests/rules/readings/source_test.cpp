#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

TEST_CASE("sources: the first usable serves, degraded on another device") {
    ReadingsRig rig;
    rig.at(0s).receive(sol_ark, 5190_cV).judge();
    CHECK(rig.r.source == static_cast<Index>(sol_ark));
    CHECK(rig.r.degraded);
    ReadingsRig gx;
    gx.at(0s).receive(system_, 5190_cV).receive(sol_ark, 5180_cV).judge();
    CHECK(gx.r.source == static_cast<Index>(system_));
    CHECK_FALSE(gx.r.degraded);
}

TEST_CASE("sources: a better one serves again after 30 s of good samples") {
    ReadingsRig rig;
    rig.at(0s).receive(battery, 5200_cV).receive(sol_ark, 5190_cV).judge();
    CHECK(rig.r.source == static_cast<Index>(battery));
    rig.at(10s).receive(sol_ark, 5191_cV).judge();
    CHECK(rig.r.source == static_cast<Index>(battery));
    CHECK(rig.silent(10001ms).source == static_cast<Index>(sol_ark));
    CHECK(rig.r.starts_begin_again);
    for (int t = 11; t <= 40; ++t) {
        rig.at(Time(t * 1000)).receive(battery, 5200_cV).receive(sol_ark, 5190_cV).judge();
        CHECK(rig.r.source == static_cast<Index>(sol_ark));
        CHECK_FALSE(rig.r.starts_begin_again);
    }
    rig.at(41s).receive(battery, 5201_cV).receive(sol_ark, 5190_cV).judge();
    CHECK(rig.r.source == static_cast<Index>(battery));
    CHECK(rig.r.starts_begin_again);
}

TEST_CASE("sources: a recovering source serves if the other is lost") {
    ReadingsRig rig;
    rig.at(0s).receive(sol_ark, 5190_cV).judge();
    rig.tick(14s, 5200_cV);
    CHECK(rig.r.source == static_cast<Index>(sol_ark));
    CHECK(rig.tick(16s, 5200_cV).source == static_cast<Index>(battery));
}

TEST_CASE("sources: blindness shows the last one without degraded") {
    ReadingsRig rig;
    rig.at(0s).receive(sol_ark, 5190_cV).judge();
    rig.silent(16s);
    CHECK_FALSE(rig.r.voltage);
    CHECK(rig.r.source == static_cast<Index>(sol_ark));
    CHECK(rig.r.quality == Quality::stale);
    CHECK_FALSE(rig.r.degraded);
    CHECK(rig.r.last_voltage == 5190_cV);
}

TEST_CASE("starts begin again: after a tick gap over 5 s") {
    const struct {
        Duration tick, gap;
        bool again;
    } cases[] = {{1s, 5000ms, false}, {1s, 5001ms, true}, {3s, 9000ms, false}, {3s, 9001ms, true}};
    for (const auto& c : cases) {
        CAPTURE(c.gap.count());
        ReadingsRig rig;
        rig.policy.control.tick = c.tick;
        rig.tick(0s, 5200_cV);
        rig.tick(1s, 5200_cV);
        CHECK_FALSE(rig.r.starts_begin_again);
        CHECK(rig.tick(1s + c.gap, 5200_cV).starts_begin_again == c.again);
    }
}

TEST_CASE("starts begin again: after distant samples and blindness") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    for (int t = 1; t < 10; ++t) rig.silent(Time(t * 1000));
    CHECK_FALSE(rig.tick(10s, 5200_cV).starts_begin_again);
    for (int t = 11; t <= 20; ++t) rig.silent(Time(t * 1000));
    CHECK(rig.tick(20001ms, 5200_cV).starts_begin_again);
    CHECK_FALSE(rig.tick(21s, 5200_cV).starts_begin_again);
}

TEST_CASE("tick gap: over 30 s pauses renewals until a good sample") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    CHECK_FALSE(rig.tick(30s, 5200_cV).tick_gap_30s);
    CHECK(rig.tick(60001ms, 5200_cV).tick_gap_30s);
    CHECK(rig.silent(61s).tick_gap_30s);
    CHECK(rig.tick(62s, std::nullopt).tick_gap_30s);
    CHECK_FALSE(rig.tick(63s, 5200_cV).tick_gap_30s);
}

TEST_CASE("good samples: counts five of the serving voltage") {
    ReadingsRig rig;
    for (int i = 1; i <= 7; ++i) {
        CHECK(rig.tick(Time(i * 1000), 5200_cV).good_samples == static_cast<std::uint32_t>(std::min(i, 5)));
        if (i < 5) CHECK(rig.silent(Time(i * 1000 + 500)).good_samples == static_cast<std::uint32_t>(i));
    }
    rig.silent(30s);
    CHECK(rig.tick(31s, 5200_cV).good_samples == 5);
}

TEST_CASE("mean: averages ten seconds of the serving source") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    CHECK(rig.r.mean_10s == 520000);
    rig.tick(5s, 5201_cV);
    CHECK(rig.r.mean_10s == 520050);
    rig.tick(10s, 5202_cV);
    CHECK(rig.r.mean_10s == 520100);
    rig.tick(10001ms, 5203_cV);
    CHECK(rig.r.mean_10s == 520200);  // the first one is outside the window
    rig.silent(12s);
    CHECK(rig.r.mean_10s == 520200);
    rig.at(20002ms).receive(sol_ark, 5100_cV).judge();
    CHECK(rig.r.source == static_cast<Index>(sol_ark));
    CHECK(rig.r.mean_10s == 510000);
}

TEST_CASE("mean: a rarely polled source uses its last value") {
    ReadingsRig rig;
    rig.policy.voltage_sources[battery].poll = 30s;
    rig.tick(0s, 5200_cV);
    CHECK(rig.silent(20s).mean_10s == 520000);
}

TEST_CASE("mean: the fastest poll stays within its bound") {
    ReadingsRig rig;
    for (int t = 0; t < 20000; t += 50) rig.tick(Time(t), 5200_cV);
    CHECK(rig.state.recent.size() <= 64);
    CHECK(rig.r.mean_10s == 520000);
}

}  // namespace volt
