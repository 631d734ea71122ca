#include "rules/loads/fans.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("a fan follows its level and switches off in a cool room") {
    Bench bench;
    bench.room(400_dK).run(3s);
    CHECK(bench.last.zones[site::heat_room].fan_wanted == 10);
    CHECK(bench.device(site::heat_fan).level == 10);
    CHECK(bench.device(site::main_fan).level == 8);
    bench.room(375_dK).run(60s);
    CHECK(bench.device(site::heat_fan).level == 5);
    bench.room(300_dK).run(30s);
    CHECK(bench.device(site::heat_fan).state == OutputState::off);
}

TEST_CASE("a fan that does not follow is tried forever with an alarm") {
    Bench bench;
    bench.device(site::heat_fan).obeys = false;
    bench.volts(4900_cV).room(400_dK).run(2s);
    bench.room(390_dK).run(400s);
    CHECK(bench.alarm(AlarmCode::output_not_following));
    CHECK(bench.times_of(site::heat_fan, true).size() >= 7);
    CHECK(bench.times_of(site::heat_fan, false).empty());
    CHECK(bench.blocks(site::s21, GateName::zone));
}

TEST_CASE("a load whose OFF is denied keeps its zone's fan running") {
    Bench bench;
    bench.policy.outputs[0].meter = true;
    REQUIRE(bench.until_on(site::s21));
    bench.run(700s).room(2000_dK);  // its temperature is not usable
    bench.by_hand(site::s21_relay, OutputState::off);
    bench.device(site::s21_relay).meters = false;
    bench.house_load(5100_W);
    const auto fan_after = [&](Watts metered) {
        for (int second = 0; second < 200; ++second) {
            bench.report(site::s21_relay).power = {metered, bench.now() + 1s, true};
            bench.tick();
        }
        return bench.last.zones[site::heat_room].fan_wanted;
    };
    CHECK(fan_after(3250_W) == 10);
    CHECK(fan_after(0_W) == 0);
}

TEST_CASE("a fan moved by hand is adopted for an hour") {
    Bench bench;
    bench.run(100s);
    bench.device(site::heat_fan).level = 4;
    bench.by_hand(site::heat_fan, OutputState::on).tick();
    CHECK(bench.last.zones[site::heat_room].fan_override == OverrideKind::level);
    CHECK(bench.last.zones[site::heat_room].fan_wanted == 4);
    bench.run(3600s);
    CHECK(bench.last.zones[site::heat_room].fan_wanted == 0);
}

TEST_CASE("fans take their safe state when blind beyond the grace") {
    Bench bench;
    REQUIRE(bench.until_on(site::s21));
    bench.run(100s).sources_silent(true).run(80s);
    CHECK(bench.device(site::s21_relay).state == OutputState::off);
    CHECK(bench.device(site::heat_fan).level == 10);
    bench.run(200s);
    CHECK(bench.device(site::heat_fan).state == OutputState::off);
}

TEST_CASE("the charge output keeps its order while blind") {
    Policy policy = default_site();
    policy.outputs.push_back(relay("charge", false));
    policy.outputs.back().lease = 0s;
    policy.charge_output = 6;
    Bench bench(policy);
    bench.run(3s);
    CHECK(bench.device(6).state == OutputState::on);
    bench.volts(6010_cV).run(3s);
    CHECK(bench.device(6).state == OutputState::off);
    bench.sources_silent(true).run(1000s);
    CHECK(bench.device(6).state == OutputState::off);
}

TEST_CASE("a bank that gets cold while blind stops charging") {
    Policy policy = default_site();
    policy.outputs.push_back(relay("charge", false));
    policy.outputs.back().lease = 0s;
    policy.charge_output = 6;
    policy.battery_temperatures = {{"probe", 7200s, false}};
    Bench bench(policy);
    bench.run(3s);
    REQUIRE(bench.device(6).state == OutputState::on);
    bench.sources_silent(true).run(20s);
    bench.cell_now = Celsius{-30};
    bench.run(3s);
    CHECK(bench.device(6).state == OutputState::off);
}

TEST_CASE("a proof's OFF of the charge output is not kept while blind") {
    Policy policy = default_site();
    policy.outputs.push_back(relay("charge", false));
    policy.outputs.back().lease = 0s;
    policy.charge_output = 6;
    Bench bench(policy);
    bench.run(3s);
    bench.snapshot.charge_test = true;
    bench.run(3s);
    CHECK(bench.device(6).state == OutputState::off);
    CHECK_FALSE(bench.last.charge.blocked);
    SUBCASE("the proof ends") {
        bench.snapshot.charge_test = false;
        bench.run(3s);
        CHECK(bench.device(6).state == OutputState::on);
    }
    SUBCASE("the proof ends while blind") {
        bench.sources_silent(true).run(60s);
        REQUIRE(bench.last.battery.stage == Stage::blind);
        bench.snapshot.charge_test = false;
        bench.run(3s);
        CHECK(bench.device(6).state == OutputState::on);
    }
    SUBCASE("a real block remains") {
        bench.volts(6010_cV).run(3s);
        bench.snapshot.charge_test = false;
        bench.run(3s);
        CHECK(bench.device(6).state == OutputState::off);
    }
}
