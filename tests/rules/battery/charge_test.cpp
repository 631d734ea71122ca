#include <doctest/doctest.h>

#include <random>

#include "rules/battery/charge.hpp"

namespace volt {

namespace {

struct ChargeRig {
    Policy policy;
    SiteSnapshot snapshot;
    Readings readings;
    ChargeState state;

    ChargeRig() {
        policy.zones.resize(2);
        policy.zones[0].block_charging_enabled = true;
        policy.zones[0].block_charging_below = 0_dK;
        policy.zones[0].sensor = 0;
        policy.zones[1].sensor = 1;
        policy.sensors = {{"heat-room", 600s, false}, {"main-room", 600s, false}};
        policy.battery_temperatures = {{"gx", 600s, true}, {"probe", 600s, false}, {"sol_ark", 600s, false}};
        readings.sensors = {200_dK, 200_dK};
        readings.batteries.resize(3);
        readings.voltage = readings.for_charge = 5300_cV;
    }
    ChargeView at(Time now) {
        snapshot.now = now;
        return judge_charge(snapshot, policy, readings, state);
    }
    ChargeView at(Time now, std::optional<Celsius> guard) {
        readings.batteries[0] = guard;
        return at(now);
    }
};

}  // namespace

TEST_CASE("charge: blocks below the limit and releases 2 K above after 10 min") {
    ChargeRig rig;
    CHECK_FALSE(rig.at(0s, 0_dK).verdict.blocked);
    ChargeView view = rig.at(1s, -1_dK);
    CHECK(view.verdict.blocked);
    CHECK(view.verdict.reason == ChargeReason::cold);
    CHECK(view.verdict.limit == 0_dK);
    CHECK(view.verdict.source == 0);
    CHECK_FALSE(view.verdict.zone_sensor);
    CHECK(rig.at(2s, 19_dK).verdict.reason == ChargeReason::cold);
    view = rig.at(3s, 20_dK);
    CHECK(view.verdict.reason == ChargeReason::hold);
    CHECK(view.verdict.remaining == 600s);
    CHECK(rig.at(602999ms, 20_dK).verdict.blocked);
    view = rig.at(603s, 20_dK);
    CHECK_FALSE(view.verdict.blocked);
    CHECK(view.verdict.reason == ChargeReason::released);
}

TEST_CASE("charge: a cold block stays with its source when the guard changes") {
    ChargeRig rig;
    rig.readings.batteries[1] = Celsius{-40};
    CHECK(rig.at(0s).verdict.blocked);
    CHECK(rig.at(1s, 90_dK).verdict.blocked);
    CHECK(rig.at(700s, 90_dK).verdict.blocked);
    CHECK(rig.at(1400s, 90_dK).verdict.blocked);
    rig.readings.batteries[1] = 30_dK;
    CHECK(rig.at(1401s, 90_dK).verdict.blocked);
    CHECK_FALSE(rig.at(2001s, 90_dK).verdict.blocked);
}

TEST_CASE("charge: the release hold must be unbroken") {
    ChargeRig rig;
    rig.at(0s, -1_dK);
    rig.at(1s, 20_dK);
    rig.at(500s, 19_dK);
    rig.at(501s, 20_dK);
    CHECK(rig.at(1100s, 20_dK).verdict.blocked);
    CHECK_FALSE(rig.at(1101s, 20_dK).verdict.blocked);
}

TEST_CASE("charge: a lost or changed guard restarts the release hold") {
    ChargeRig rig;
    rig.at(0s, -1_dK);
    rig.at(1s, 20_dK);
    rig.at(500s, std::nullopt);
    rig.at(501s, 20_dK);
    CHECK(rig.at(1100s, 20_dK).verdict.blocked);
    CHECK_FALSE(rig.at(1101s, 20_dK).verdict.blocked);
    ChargeRig other;
    other.readings.batteries[1] = -1_dK;
    other.at(0s);
    other.readings.batteries[1] = 20_dK;
    other.at(1s);
    other.at(500s, 30_dK);  // the first in the list gives its first value
    CHECK(other.at(1099s, 30_dK).verdict.blocked);
    CHECK_FALSE(other.at(1100s, 30_dK).verdict.blocked);
}

TEST_CASE("charge: a second block waits for its own hold") {
    ChargeRig rig;
    rig.at(0s, -1_dK);
    rig.at(1s, 20_dK);
    CHECK_FALSE(rig.at(601s, 20_dK).verdict.blocked);
    rig.at(602s, -1_dK);
    rig.at(603s, 20_dK);
    CHECK(rig.at(1202s, 20_dK).verdict.blocked);
    CHECK_FALSE(rig.at(1203s, 20_dK).verdict.blocked);
    rig.readings.over_maximum = true;
    rig.readings.for_charge = 6001_cV;
    rig.at(1204s, 20_dK);
    rig.readings.over_maximum = false;
    rig.readings.for_charge = 5800_cV;
    rig.at(1205s, 20_dK);
    CHECK_FALSE(rig.at(1805s, 20_dK).verdict.blocked);
    rig.readings.over_maximum = true;
    rig.readings.for_charge = 6001_cV;
    rig.at(1806s, 20_dK);
    rig.readings.over_maximum = false;
    rig.readings.for_charge = 5800_cV;
    CHECK(rig.at(1807s, 20_dK).verdict.remaining == 600s);
    CHECK(rig.at(1808s, 20_dK).verdict.blocked);
}

TEST_CASE("charge: ignores the last value of the previous guard") {
    ChargeRig rig;
    rig.state.source = "gone";
    rig.state.last_temperature = 300_dK;
    rig.at(0s, 40_dK);
    rig.at(1s, std::nullopt);
    CHECK(rig.at(901s, std::nullopt).verdict.blocked);
    ChargeRig renamed;
    renamed.state.source = "gone";
    renamed.state.last_temperature = 300_dK;
    CHECK(renamed.at(0s).verdict.source == no_index);
    CHECK(renamed.at(900s).verdict.blocked);  // no configured source ever gave a value
}

TEST_CASE("charge: uses the highest limit of the enabled zones that guard") {
    ChargeRig rig;
    rig.policy.zones[1].block_charging_enabled = true;
    rig.policy.zones[1].block_charging_below = 50_dK;
    CHECK(rig.at(0s, 49_dK).verdict.blocked);
    rig.policy.zones[1].enabled = false;
    rig.policy.zones[0].block_charging_enabled = false;
    const ChargeView view = rig.at(1s, -200_dK);
    CHECK_FALSE(view.verdict.blocked);
    CHECK_FALSE(view.verdict.limit);
    CHECK_FALSE(rig.at(2000s, std::nullopt).guard_blind);
}

TEST_CASE("charge: the first source that ever reported remains the guard") {
    ChargeRig rig;
    rig.readings.batteries[1] = 100_dK;
    CHECK(rig.at(0s).verdict.source == 1);
    rig.readings.batteries[0] = 90_dK;
    CHECK(rig.at(1s).verdict.source == 0);
    CHECK(rig.state.source == "gx");
    rig.readings.batteries[0].reset();
    const ChargeView view = rig.at(2s);
    CHECK(view.verdict.source == 0);
    CHECK(view.verdict.reason == ChargeReason::sensor_lost);
    CHECK_FALSE(view.verdict.blocked);
    ChargeRig next;  // after a restart
    next.state.source = "probe";
    next.readings.batteries[2] = 100_dK;
    CHECK(next.at(0s).verdict.source == 1);
}

TEST_CASE("charge: a cold source within 10 K of the guard also blocks") {
    const struct {
        std::int64_t guard, other;
        bool blocked;
    } cases[] = {{50, 0, false}, {50, -1, true}, {99, -1, true}, {100, -1, false}};
    for (const auto& c : cases) {
        CAPTURE(c.guard);
        ChargeRig rig;
        rig.readings.batteries[2] = Celsius{c.other};
        CHECK(rig.at(0s, Celsius{c.guard}).verdict.blocked == c.blocked);
    }
}

TEST_CASE("charge: another source's block ends 2 K above the limit after 10 min") {
    ChargeRig rig;
    rig.readings.batteries[1] = -1_dK;
    rig.at(0s, 50_dK);
    rig.readings.batteries[1] = 19_dK;
    CHECK(rig.at(1000s, 50_dK).verdict.reason == ChargeReason::cold);
    rig.readings.batteries[1] = 20_dK;
    const ChargeView view = rig.at(1001s, 50_dK);
    CHECK(view.verdict.reason == ChargeReason::hold);
    CHECK(view.verdict.remaining == 600s);
    CHECK(rig.at(1600s, 50_dK).verdict.blocked);
    CHECK_FALSE(rig.at(1601s, 50_dK).verdict.blocked);
    rig.readings.batteries[1] = -1_dK;
    CHECK(rig.at(1602s, 50_dK).verdict.blocked);
}

TEST_CASE("charge: another source's block continues when it gets colder") {
    ChargeRig rig;
    rig.readings.batteries[1] = rig.readings.batteries[2] = -50_dK;
    CHECK(rig.at(0s, 10_dK).verdict.blocked);
    rig.readings.batteries[1] = rig.readings.batteries[2] = -120_dK;  // more than 10 K under the guard's value
    ChargeView view = rig.at(1s, 30_dK);
    CHECK(view.verdict.reason == ChargeReason::cold);
    CHECK(view.verdict.other_temperature == -120_dK);
    CHECK(rig.at(20000s, 30_dK).verdict.blocked);
    rig.readings.batteries[1] = 20_dK;  // one of two is not enough
    rig.at(20001s, 30_dK);
    CHECK(rig.at(30000s, 30_dK).verdict.blocked);
    rig.readings.batteries[2] = 20_dK;
    rig.at(30001s, 30_dK);
    CHECK_FALSE(rig.at(30601s, 30_dK).verdict.blocked);
}

TEST_CASE("charge: a silent source's block ends after 10 min of guard warmth") {
    ChargeRig rig;
    rig.readings.batteries[1] = -10_dK;
    rig.at(0s, 19_dK);
    rig.readings.batteries[1].reset();
    ChargeView view = rig.at(1s, 19_dK);
    CHECK(view.verdict.reason == ChargeReason::cold);
    CHECK(view.verdict.by_other);
    CHECK(view.verdict.other == 1);
    CHECK(view.verdict.other_temperature == -10_dK);
    CHECK_FALSE(view.verdict.other_usable);
    CHECK(rig.at(5000s, 19_dK).verdict.blocked);
    CHECK(rig.at(5001s, 20_dK).verdict.reason == ChargeReason::hold);
    rig.readings.batteries[1] = -10_dK;  // back, and as cold as before
    CHECK(rig.at(5500s, 20_dK).verdict.reason == ChargeReason::cold);
    rig.readings.batteries[1].reset();
    rig.at(5501s, 20_dK);
    CHECK(rig.at(6100s, 20_dK).verdict.blocked);
    CHECK_FALSE(rig.at(6101s, 20_dK).verdict.blocked);
}

TEST_CASE("charge: another source's block continues while the guard is lost") {
    ChargeRig rig;
    rig.readings.sensors = {200_dK, 200_dK};
    rig.readings.batteries[1] = -10_dK;
    rig.at(0s, 80_dK);
    rig.readings.batteries[1] = 20_dK;  // warm, but the last order is kept for 15 min
    CHECK(rig.at(1s, std::nullopt).verdict.reason == ChargeReason::hold);
    CHECK(rig.at(900s, std::nullopt).verdict.blocked);
    CHECK_FALSE(rig.at(901s, std::nullopt).verdict.blocked);
    ChargeRig silent;
    silent.readings.batteries[1] = -10_dK;
    silent.at(0s, 80_dK);
    silent.readings.batteries[1].reset();
    silent.at(1s, std::nullopt);
    CHECK(silent.at(20000s, std::nullopt).verdict.reason == ChargeReason::cold);  // no reading proves that it is warm
}

TEST_CASE("charge: the verdict names the blocking source") {
    ChargeRig rig;
    rig.readings.batteries[1] = -10_dK;
    rig.readings.batteries[2] = -20_dK;
    ChargeView view = rig.at(0s, 60_dK);
    CHECK(view.verdict.by_other);
    CHECK(view.verdict.other == 2);
    CHECK(view.verdict.other_temperature == -20_dK);
    CHECK(view.verdict.temperature == 60_dK);
    CHECK(view.verdict.source == 0);
    view = rig.at(1s, -1_dK);
    CHECK_FALSE(view.verdict.by_other);         // the guard's own source blocks
    rig.policy.battery_temperatures.resize(1);  // removed from the file: its block waits for the guard's warmth
    rig.readings.batteries.resize(1);
    rig.at(2s, 120_dK);
    CHECK(rig.at(601s, 120_dK).verdict.blocked);
    CHECK_FALSE(rig.at(602s, 120_dK).verdict.blocked);
}

TEST_CASE("charge: a blocking source keeps blocking after it becomes the guard") {
    ChargeRig rig;
    rig.readings.batteries[1] = 50_dK;
    rig.readings.batteries[2] = -10_dK;
    rig.at(0s);
    REQUIRE(rig.state.others.size() == 1);
    rig.policy.battery_temperatures = {{"sol_ark", 600s, false}};
    rig.readings.batteries = {10_dK};
    const ChargeView view = rig.at(1s);
    CHECK(view.verdict.reason == ChargeReason::cold);
    CHECK_FALSE(view.verdict.by_other);
    CHECK(rig.state.others.empty());
}

TEST_CASE("charge: another source never releases a block") {
    ChargeRig rig;
    rig.readings.batteries[1] = 100_dK;
    rig.at(0s, -1_dK);
    CHECK(rig.at(5000s, -1_dK).verdict.blocked);
    rig.at(5001s, 10_dK);
    CHECK(rig.at(9000s, 10_dK).verdict.blocked);
}

TEST_CASE("charge: an unusable guard keeps the last order for 15 min") {
    ChargeRig rig;
    rig.at(0s, -1_dK);
    ChargeView view = rig.at(1s, std::nullopt);
    CHECK(view.verdict.blocked);
    CHECK(view.verdict.reason == ChargeReason::sensor_lost);
    CHECK(view.verdict.remaining == 900s);
    ChargeRig warm;
    warm.at(0s, 49_dK);
    warm.at(1s, std::nullopt);
    view = warm.at(900999ms, std::nullopt);
    CHECK_FALSE(view.verdict.blocked);
    CHECK_FALSE(view.guard_blind);
    view = warm.at(901s, std::nullopt);
    CHECK(view.verdict.blocked);  // the last value was under the limit + 5 K
    CHECK(view.guard_blind);
    view = warm.at(902s, 50_dK);
    CHECK_FALSE(view.guard_blind);
    CHECK(view.verdict.reason == ChargeReason::hold);
}

TEST_CASE("charge: uses other readings after 15 min without the guard") {
    ChargeRig rig;
    rig.at(0s, 50_dK);
    rig.at(1s, std::nullopt);
    CHECK_FALSE(rig.at(901s, std::nullopt).verdict.blocked);
    rig.readings.sensors[1] = 20_dK;
    CHECK_FALSE(rig.at(902s, std::nullopt).verdict.blocked);
    rig.readings.sensors[1] = 19_dK;
    CHECK(rig.at(903s, std::nullopt).verdict.blocked);
    rig.readings.sensors[1] = 20_dK;
    CHECK_FALSE(rig.at(904s, std::nullopt).verdict.blocked);
    rig.readings.batteries[2] = 19_dK;
    CHECK(rig.at(905s, std::nullopt).verdict.blocked);
}

TEST_CASE("charge: silence never ends a block that a temperature began") {
    for (const Celsius last : {60_dK, 200_dK}) {
        ChargeRig rig;
        CHECK(rig.at(0s, -120_dK).verdict.blocked);
        CHECK(rig.at(60s, last).verdict.blocked);
        for (const Duration silent : {61s, 961s, 7200s}) CHECK(rig.at(Time{} + silent, std::nullopt).verdict.blocked);
        CHECK(rig.at(7201s, last).verdict.blocked);
        CHECK_FALSE(rig.at(7801s, last).verdict.blocked);
    }
}

TEST_CASE("charge: blocks 15 min after a start without any value") {
    ChargeRig rig;
    CHECK_FALSE(rig.at(0s).verdict.blocked);
    CHECK_FALSE(rig.at(899s).verdict.blocked);
    const ChargeView view = rig.at(900s);
    CHECK(view.verdict.blocked);
    CHECK(view.guard_blind);
    ChargeRig stored;
    stored.state.cold = true;
    CHECK(stored.at(0s).verdict.blocked);
}

TEST_CASE("charge: the coldest zone guards if no battery temperature is configured") {
    ChargeRig rig;
    rig.readings.sensors[0] = -50_dK;
    CHECK_FALSE(rig.at(0s, 100_dK).verdict.blocked);
    rig.policy.battery_temperatures.clear();
    rig.readings.batteries.clear();
    rig.policy.zones[1].block_charging_enabled = true;
    rig.policy.zones[1].block_charging_below = 0_dK;
    rig.readings.sensors = {30_dK, 25_dK};
    ChargeView view = rig.at(1s);
    CHECK_FALSE(view.verdict.blocked);
    CHECK(view.verdict.source == 1);
    CHECK(view.verdict.zone_sensor);
    rig.readings.sensors = {-1_dK, 25_dK};
    view = rig.at(2s);
    CHECK(view.verdict.source == 0);
    CHECK(view.verdict.blocked);
    rig.readings.sensors = {21_dK, 20_dK};
    rig.at(3s);
    rig.readings.sensors = {20_dK, 21_dK};
    rig.at(300s);  // the coldest zone changes, and the hold continues
    CHECK(rig.at(602s).verdict.blocked);
    CHECK_FALSE(rig.at(603s).verdict.blocked);
    rig.readings.sensors = {-1_dK, 25_dK};
    rig.at(604s);
    rig.readings.sensors[0].reset();  // silent: a warmer zone does not take over
    view = rig.at(1000s);
    CHECK(view.verdict.blocked);
    CHECK(view.verdict.source == 0);
}

TEST_CASE("charge: overvoltage blocks until V <= full for 10 min") {
    ChargeRig rig;
    rig.readings.over_maximum = true;
    rig.readings.for_charge = 6001_cV;
    CHECK(rig.at(0s, 200_dK).verdict.reason == ChargeReason::overvoltage);
    rig.readings.over_maximum = false;
    rig.readings.for_charge = 5801_cV;
    CHECK(rig.at(5000s, 200_dK).verdict.reason == ChargeReason::overvoltage);
    rig.readings.for_charge = 5800_cV;
    CHECK(rig.at(5001s, 200_dK).verdict.reason == ChargeReason::hold);
    rig.readings.for_charge.reset();
    CHECK(rig.at(5300s, 200_dK).verdict.blocked);  // blind
    rig.readings.for_charge = 5800_cV;
    rig.at(5301s, 200_dK);
    CHECK(rig.at(5900s, 200_dK).verdict.blocked);
    CHECK_FALSE(rig.at(5901s, 200_dK).verdict.blocked);
}

TEST_CASE("charge: raises an alarm after 120 s above 5 A while blocked") {
    ChargeRig rig;
    rig.readings.battery_current = Amps{501};
    CHECK_FALSE(rig.at(0s, 0_dK).not_blocked);
    rig.at(1s, -1_dK);
    CHECK_FALSE(rig.at(120999ms, -1_dK).not_blocked);
    CHECK(rig.at(121s, -1_dK).not_blocked);
    rig.readings.battery_current = Amps{500};
    CHECK_FALSE(rig.at(122s, -1_dK).not_blocked);
    rig.readings.battery_current.reset();
    rig.readings.battery_power = 266_W;  // 5.018 A at 53.00 V
    rig.at(123s, -1_dK);
    CHECK(rig.at(243s, -1_dK).not_blocked);
    rig.readings.battery_power = 265_W;  // 5.00 A
    CHECK_FALSE(rig.at(244s, -1_dK).not_blocked);
}

TEST_CASE("charge: two other sources that agree block regardless of the guard") {
    const struct {
        std::int64_t one, other;
        bool blocked;
    } cases[] = {{-80, -30, true}, {-80, -29, false}, {-80, 0, false}};
    for (const auto& c : cases) {
        CAPTURE(c.other);
        ChargeRig rig;
        rig.readings.batteries[1] = Celsius{c.one};
        rig.readings.batteries[2] = Celsius{c.other};
        CHECK(rig.at(0s, 180_dK).verdict.blocked == c.blocked);
    }
    ChargeRig blind;
    blind.readings.batteries[1] = blind.readings.batteries[2] = -80_dK;
    blind.state.source = "gx";
    CHECK(blind.at(0s, std::nullopt).verdict.blocked);
}

TEST_CASE("charge: two silent cold sources need a guard 10 K warmer") {
    ChargeRig rig;
    rig.readings.batteries[1] = -80_dK;
    rig.readings.batteries[2] = -40_dK;
    rig.at(0s, 30_dK);
    rig.readings.batteries[1].reset();
    rig.readings.batteries[2].reset();
    rig.at(1s, 30_dK);
    CHECK(rig.at(1561s, 30_dK).verdict.blocked);
    rig.at(1562s, 120_dK);
    CHECK(rig.at(2161s, 120_dK).verdict.blocked);
    CHECK_FALSE(rig.at(2162s, 120_dK).verdict.blocked);
}

TEST_CASE("charge: a temperature above 60 °C blocks at once") {
    ChargeRig rig;
    CHECK_FALSE(rig.at(0s, 200_dK).verdict.blocked);
    rig.readings.doubts = {TemperatureDoubt::none, TemperatureDoubt::hot, TemperatureDoubt::none};
    rig.readings.raw_batteries = {200_dK, 610_dK, {}};
    const ChargeView view = rig.at(1s, 200_dK);
    CHECK(view.verdict.blocked);
    CHECK(view.verdict.reason == ChargeReason::sensor_lost);
    REQUIRE(view.disagreement);
    CHECK(view.disagreement->cause == TemperatureDoubt::hot);
    CHECK(view.disagreement->at == 610_dK);
    rig.readings.doubts.clear();
    CHECK_FALSE(rig.at(2s, 200_dK).verdict.blocked);
}

TEST_CASE("charge: temperatures over 10 K apart near the limit disagree") {
    const struct {
        std::int64_t guard, other;
        bool alarm;
    } cases[] = {{120, 19, true}, {119, 19, false}, {300, 20, false}, {100, -1, true}};
    for (const auto& c : cases) {
        CAPTURE(c.guard);
        ChargeRig rig;
        rig.readings.batteries[1] = Celsius{c.other};
        CHECK(rig.at(0s, Celsius{c.guard}).disagreement.has_value() == c.alarm);
    }
}

TEST_CASE("charge: blocks whenever two other sources under the limit agree") {
    std::mt19937 random(7);
    ChargeRig rig;
    const auto any = [&random]() -> std::optional<Celsius> {
        if (random() % 5 == 0) return std::nullopt;
        return Celsius{static_cast<std::int64_t>(random() % 400) - 150};
    };
    for (int t = 0; t < 20000; ++t) {
        for (std::optional<Celsius>& value : rig.readings.batteries)
            if (random() % 50 == 0) value = any();
        const ChargeView view = rig.at(Time(t * 30'000));
        const auto& b = rig.readings.batteries;
        for (std::size_t i = 0; i < 3; ++i) {
            const std::size_t j = (i + 1) % 3;
            if (view.verdict.source == static_cast<Index>(i) || view.verdict.source == static_cast<Index>(j)) continue;
            if (b[i] && b[j] && *b[i] < 0_dK && *b[j] < 0_dK && abs(*b[i] - *b[j]) <= 50_dK) CHECK(view.verdict.blocked);
        }
    }
}

}  // namespace volt
