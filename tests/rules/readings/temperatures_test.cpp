#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

constexpr std::size_t jk = 0, probe = 1;

/// A JK BMS and a probe, and a zone that guards charging.
struct Leaps : ReadingsRig {
    Leaps() {
        policy.zones.resize(1);
        policy.zones[0].block_charging_enabled = true;
        policy.zones[0].sensor = 0;
        snapshot.now = 1000s;
        judge();
    }
    Leaps& say(std::size_t source, std::optional<Celsius> t) {
        snapshot.battery_temperatures[source].sample = word<Celsius>(t, snapshot.now);
        return *this;
    }
    Leaps& room(Celsius t) {
        snapshot.temperatures[0] = word<Celsius>(t, snapshot.now);
        return *this;
    }
    /// Ticks every 5 s with these values, until `time` later.
    Leaps& pass(Duration time, std::optional<Celsius> bank, std::optional<Celsius> zone = std::nullopt) {
        for (const Time end = snapshot.now + time; snapshot.now < end;) {
            snapshot.now += 5s;
            if (bank) say(jk, bank);
            if (zone) room(*zone);
            judge();
        }
        return *this;
    }
    std::optional<Celsius> value() const { return r.batteries[jk]; }
    TemperatureDoubt doubt() const { return r.doubts.empty() ? TemperatureDoubt::none : r.doubts[jk]; }
};

}  // namespace

TEST_CASE("leap: rejects a battery rise of more than 10 K in 60 s") {
    Leaps rig;
    CHECK(rig.pass(10s, Celsius{-20}).value() == Celsius{-20});
    CHECK_FALSE(rig.pass(3600s, 1000_dK).value());
    CHECK(rig.doubt() == TemperatureDoubt::hot);
    CHECK_FALSE(rig.pass(3600s, 450_dK).value());
    CHECK(rig.doubt() == TemperatureDoubt::hot);
    CHECK(rig.pass(5s, 80_dK).value() == 80_dK);
    CHECK(rig.doubt() == TemperatureDoubt::none);
}

TEST_CASE("leap: accepts a rise of 10 K but not 10.1 K") {
    Leaps rig;
    CHECK(rig.pass(100s, 60_dK).pass(5s, 160_dK).value() == 160_dK);
    Leaps other;
    CHECK_FALSE(other.pass(100s, 60_dK).pass(5s, 161_dK).value());
    CHECK(other.doubt() == TemperatureDoubt::leaped);
}

TEST_CASE("leap: accepts a slow rise") {
    Leaps rig;
    for (int t = 60; t <= 300; ++t) rig.pass(10s, Celsius{t});
    CHECK(rig.value() == 300_dK);
}

TEST_CASE("leap: a guarded zone that agrees for 10 min ends it") {
    Leaps rig;
    rig.pass(100s, 60_dK, 120_dK).pass(5s, 170_dK, 120_dK);
    CHECK_FALSE(rig.pass(595s, 170_dK, 120_dK).value());
    CHECK(rig.pass(5s, 170_dK, 120_dK).value() == 170_dK);
    CHECK_FALSE(rig.pass(5s, 171_dK, 120_dK).value());
}

TEST_CASE("leap: silence allows 1 K more every 6 min") {
    for (const std::int64_t back : {200, 201}) {
        Leaps rig;
        rig.pass(10s, 50_dK);
        rig.snapshot.now += 30min - 5s;
        rig.pass(5s, Celsius{back});
        CHECK(rig.value().has_value() == (back == 200));
    }
}

TEST_CASE("leap: silence does not end it") {
    Leaps rig;
    rig.pass(10s, 50_dK).pass(5s, 300_dK);
    rig.snapshot.now += 24h;
    CHECK_FALSE(rig.pass(5s, 300_dK).value());
    CHECK(rig.pass(5s, 150_dK).value() == 150_dK);
}

TEST_CASE("leap: accepts a fall at once and the return from it") {
    Leaps rig;
    rig.pass(100s, 200_dK);
    CHECK(rig.pass(5s, Celsius{-100}).value() == Celsius{-100});
    CHECK(rig.pass(300s, 200_dK).value() == 200_dK);
    Leaps late;
    late.pass(100s, 200_dK).pass(605s, Celsius{-100});
    CHECK_FALSE(late.pass(5s, 200_dK).value());
}

TEST_CASE("leap: accepts a value that a person checked") {
    Leaps rig;
    rig.pass(10s, 50_dK).pass(5s, 300_dK);
    rig.snapshot.accepted_temperature = jk;
    rig.judge();
    rig.snapshot.accepted_temperature = no_index;
    CHECK(rig.value() == 300_dK);
    CHECK(rig.pass(5s, 301_dK).value() == 301_dK);
}

TEST_CASE("hot: rejects a battery above 60 °C until a lower value") {
    Leaps rig;
    rig.pass(10s, 550_dK).pass(5s, 600_dK);
    CHECK(rig.value() == 600_dK);
    CHECK_FALSE(rig.pass(5s, 601_dK).value());
    CHECK(rig.doubt() == TemperatureDoubt::hot);
    rig.snapshot.now += 24h;
    rig.judge();
    CHECK(rig.doubt() == TemperatureDoubt::hot);
    CHECK(rig.pass(5s, 590_dK).value() == 590_dK);
    CHECK(rig.doubt() == TemperatureDoubt::none);
}

TEST_CASE("stands: rejects a sensor that ignores another's 5 K movement") {
    Leaps rig;
    for (int minute = 0; minute <= 6; ++minute) {
        rig.say(probe, Celsius{120 - minute * 10}).pass(60s, 180_dK);
        CHECK(rig.value().has_value() == (minute < 6));
    }
    CHECK(rig.doubt() == TemperatureDoubt::stands);
    CHECK(rig.pass(5s, 181_dK).value() == 181_dK);
}

TEST_CASE("stands: a jump of another sensor proves nothing") {
    Leaps rig;
    rig.say(probe, 120_dK).pass(60s, 180_dK);
    CHECK(rig.say(probe, Celsius{-400}).pass(60s, 180_dK).value() == 180_dK);
}

}  // namespace volt
