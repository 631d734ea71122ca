#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

TEST_CASE("voltage: is good for ten seconds and then stale") {
    ReadingsRig rig;
    rig.tick(100s, 5230_cV);
    CHECK(rig.silent(110s).voltage == 5230_cV);
    CHECK(rig.r.quality == Quality::good);
    CHECK_FALSE(rig.silent(110001ms).voltage);
    CHECK(rig.r.quality == Quality::stale);
    CHECK(rig.r.last_voltage == 5230_cV);
    CHECK(rig.r.voltage_taken == 100s);
}

TEST_CASE("voltage: three slow polls extend the limit") {
    ReadingsRig rig;
    rig.at(0s).receive(sol_ark, 5200_cV).judge();
    CHECK(rig.silent(15s).voltage == 5200_cV);
    CHECK_FALSE(rig.silent(15001ms).voltage);
}

TEST_CASE("voltage: accepts 35 to 65 V inclusive") {
    const struct {
        std::int64_t v;
        bool usable;
    } cases[] = {{3499, false}, {3500, true}, {6500, true}, {6501, false}, {0, false}, {-5200, false}};
    for (const auto& c : cases) {
        CAPTURE(c.v);
        ReadingsRig rig;
        CHECK(rig.tick(0s, Volts{c.v}).voltage.has_value() == c.usable);
        CHECK(rig.r.quality == (c.usable ? Quality::good : Quality::implausible));
    }
}

TEST_CASE("voltage: keeps the last good value after no data or nonsense") {
    for (const std::optional<Volts> bad : {std::optional<Volts>{}, std::optional<Volts>{0_cV}}) {
        ReadingsRig rig;
        rig.tick(0s, 5200_cV);
        for (int t = 1; t <= 10; ++t) CHECK(rig.tick(Time(t * 1000), bad).voltage == 5200_cV);
        CHECK_FALSE(rig.tick(10001ms, bad).voltage);
        CHECK(rig.r.quality == (bad ? Quality::implausible : Quality::missing));
    }
}

TEST_CASE("spike: a step over 2.0 V waits for a second sample") {
    for (const int side : {1, -1}) {
        CAPTURE(side);
        ReadingsRig rig;
        rig.tick(0s, 5200_cV);
        CHECK(rig.tick(1s, Volts{5200 + side * 200}).voltage == Volts{5200 + side * 200});
        ReadingsRig other;
        other.tick(0s, 5200_cV);
        CHECK(other.tick(1s, Volts{5200 + side * 201}).voltage == 5200_cV);
        CHECK_FALSE(other.r.new_voltage);
        CHECK(other.r.voltage_taken == 0s);
        CHECK(other.tick(2s, Volts{5200 + side * 201}).voltage == Volts{5200 + side * 201});
        CHECK(other.r.new_voltage);
    }
}

TEST_CASE("spike: a second sample within 0.5 V confirms the first") {
    const struct {
        std::int64_t second;
        std::int64_t expected;
    } cases[] = {{4600, 4600}, {4650, 4650}, {4651, 5200}, {4550, 4600}, {4549, 4600}, {3600, 4600}, {5600, 5200}};
    for (const auto& c : cases) {
        CAPTURE(c.second);
        ReadingsRig rig;
        rig.tick(0s, 5200_cV);
        rig.tick(1s, 4600_cV);
        CHECK(rig.tick(2s, Volts{c.second}).voltage == Volts{c.expected});
    }
}

TEST_CASE("spike: the nearer of two rising samples is the lower one") {
    ReadingsRig rig;
    rig.tick(0s, 4900_cV);
    rig.tick(1s, 5300_cV);
    CHECK(rig.tick(2s, 5900_cV).voltage == 5300_cV);
}

TEST_CASE("spike: a newer pending sample replaces the older") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    rig.tick(1s, 4000_cV);
    rig.tick(2s, 4700_cV);  // nearer, but by more than 0.5 V: waits as well
    CHECK(rig.r.voltage == 5200_cV);
    CHECK(rig.tick(3s, 4690_cV).voltage == 4700_cV);
}

TEST_CASE("spike: a normal sample ends the waiting") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    rig.tick(1s, 4600_cV);
    rig.tick(2s, 5190_cV);
    CHECK(rig.tick(3s, 4600_cV).voltage == 5190_cV);
}

TEST_CASE("spike: the last good value keeps its age while one waits") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    rig.tick(9s, 4600_cV);
    CHECK(rig.tick(10s, std::nullopt).voltage == 5200_cV);
    CHECK_FALSE(rig.tick(11s, std::nullopt).voltage);
    CHECK(rig.tick(12s, 4610_cV).voltage == 4610_cV);  // the second one follows
}

TEST_CASE("spike: the same sample in two ticks does not confirm") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    rig.tick(1s, 4600_cV);
    CHECK(rig.silent(2s).voltage == 5200_cV);
    CHECK(rig.silent(3s).voltage == 5200_cV);
}

TEST_CASE("spike: the setting bounds it") {
    ReadingsRig rig;
    rig.policy.control.spike = 50_cV;
    rig.tick(0s, 5200_cV);
    CHECK(rig.tick(1s, 5250_cV).voltage == 5250_cV);
    CHECK(rig.tick(2s, 5301_cV).voltage == 5250_cV);
}

TEST_CASE("overvoltage: counts at the second sample above the maximum") {
    ReadingsRig rig;
    rig.tick(0s, 6000_cV);
    CHECK_FALSE(rig.r.over_maximum);
    CHECK_FALSE(rig.tick(1s, 6001_cV).over_maximum);
    CHECK_FALSE(rig.silent(2s).over_maximum);  // the same sample again
    CHECK(rig.tick(3s, 6001_cV).over_maximum);
    CHECK_FALSE(rig.tick(4s, 6000_cV).over_maximum);
    CHECK_FALSE(rig.tick(5s, 6010_cV).over_maximum);
}

TEST_CASE("overvoltage: a leap counts with its confirming sample") {
    ReadingsRig rig;
    rig.tick(0s, 5700_cV);
    CHECK_FALSE(rig.tick(1s, 6100_cV).over_maximum);
    CHECK(rig.tick(2s, 6110_cV).over_maximum);
    ReadingsRig other;
    other.tick(0s, 5700_cV);
    other.tick(1s, 6100_cV);
    CHECK_FALSE(other.tick(2s, 5700_cV).over_maximum);
}

TEST_CASE("overvoltage: one low sample that may be a spike continues it") {
    ReadingsRig rig;
    rig.tick(0s, 6010_cV);
    REQUIRE(rig.tick(1s, 6010_cV).over_maximum);
    CHECK(rig.tick(2s, 5600_cV).over_maximum);
    CHECK_FALSE(rig.tick(3s, 5590_cV).over_maximum);
}

}  // namespace volt
