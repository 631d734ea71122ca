#include <doctest/doctest.h>

#include <limits>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

std::optional<Celsius> room(ReadingsRig& rig, Time now, std::optional<Celsius> value) {
    rig.snapshot.temperatures[0] = word<Celsius>(value, now);
    return rig.silent(now).sensors[0];
}

std::optional<Celsius> cell(ReadingsRig& rig, std::size_t which, Time now, std::optional<Celsius> value) {
    rig.snapshot.battery_temperatures[which].sample = word<Celsius>(value, now);
    return rig.silent(now).batteries[which];
}

}  // namespace

TEST_CASE("power: limits range and age, and clears no data at once") {
    ReadingsRig rig;
    rig.snapshot.pv = word<Watts>(100000_W, 0s);
    rig.snapshot.grid = word<Watts>(-100000_W, 0s);
    rig.snapshot.load = word<Watts>(0_W, 0s);
    rig.snapshot.battery_power = word<Watts>(-633_W, 0s);
    rig.silent(30s);
    CHECK(rig.r.pv == 100000_W);
    CHECK(rig.r.grid == -100000_W);
    CHECK(rig.r.load == 0_W);
    CHECK(rig.r.battery_power == -633_W);
    rig.silent(30001ms);
    CHECK_FALSE(rig.r.pv);
    CHECK_FALSE(rig.r.battery_power);
    rig.snapshot.pv = word<Watts>(100001_W, 31s);
    rig.snapshot.grid = word<Watts>(-100001_W, 31s);
    rig.snapshot.load = word<Watts>(-100001_W, 31s);
    rig.snapshot.battery_power = word<Watts>(std::nullopt, 31s);
    rig.silent(31s);
    CHECK_FALSE(rig.r.pv);
    CHECK_FALSE(rig.r.grid);
    CHECK_FALSE(rig.r.load);
    CHECK_FALSE(rig.r.battery_power);
}

TEST_CASE("power: a negative load counts as PV") {
    ReadingsRig rig;
    rig.snapshot.pv = word<Watts>(5000_W, 0s);
    rig.snapshot.load = word<Watts>(-1200_W, 0s);
    rig.snapshot.battery_power = word<Watts>(6200_W, 0s);
    rig.silent(0s);
    CHECK(rig.r.load == 0_W);
    CHECK(rig.r.pv == 6200_W);
    CHECK(rig.r.powers.difference == 0_W);
}

TEST_CASE("power: three slow polls extend the limit") {
    ReadingsRig rig;
    rig.policy.power_poll = 20s;
    rig.snapshot.pv = word<Watts>(5_W, 0s);
    CHECK(rig.silent(60s).pv == 5_W);
    CHECK_FALSE(rig.silent(60001ms).pv);
}

TEST_CASE("power: reports times of PV and load, and the battery current") {
    ReadingsRig rig;
    rig.snapshot.pv = word<Watts>(5_W, 1s);
    rig.snapshot.load = word<Watts>(6_W, 2s);
    rig.snapshot.battery_current = word<Amps>(Amps{-1210}, 2s);
    rig.silent(3s);
    CHECK(rig.r.pv_taken == 1s);
    CHECK(rig.r.load_taken == 2s);
    CHECK(rig.r.battery_current == Amps{-1210});
    rig.snapshot.battery_current = word<Amps>(Amps{285715}, 4s);
    CHECK_FALSE(rig.silent(4s).battery_current);
    rig.snapshot.battery_current = word<Amps>(Amps{285714}, 5s);
    CHECK(rig.silent(5s).battery_current);
    CHECK_FALSE(rig.silent(35001ms).battery_current);
}

TEST_CASE("BMS limit: is amperes times volts, and 0 always forbids") {
    ReadingsRig rig;
    rig.snapshot.bms_discharge_limit = word<Amps>(Amps{20000}, 0s);
    CHECK_FALSE(rig.silent(0s).bms_limit);  // no voltage was ever known
    CHECK(rig.tick(1s, 5230_cV).bms_limit == 10460_W);
    CHECK(rig.silent(12s).bms_limit == 10460_W);  // blind: uses the last known voltage
    CHECK(rig.tick(30s, 5231_cV).bms_limit == 10462_W);
    rig.snapshot.bms_discharge_limit = word<Amps>(Amps{std::numeric_limits<std::int64_t>::max()}, 31s);
    CHECK(rig.tick(31s, 5231_cV).bms_limit > 100000_W);  // no limit at all, and no overflow
    rig.snapshot.bms_discharge_limit = word<Amps>(Amps{20000}, 0s);
    CHECK_FALSE(rig.tick(30001ms, 5231_cV).bms_limit);
    ReadingsRig blind;
    blind.snapshot.bms_discharge_limit = word<Amps>(Amps{0}, 0s);
    CHECK(blind.silent(0s).bms_limit == 0_W);
    blind.snapshot.bms_discharge_limit = word<Amps>(std::nullopt, 1s);
    CHECK_FALSE(blind.silent(1s).bms_limit);
}

TEST_CASE("weather: expires after three hours") {
    ReadingsRig rig;
    rig.snapshot.sunny = word<bool>(true, 0s);
    CHECK(rig.silent(10800s).sunny == true);
    CHECK_FALSE(rig.silent(10801s).sunny);
}

TEST_CASE("zone temperature: limits range and age, clears no data at once") {
    ReadingsRig rig;
    CHECK_FALSE(room(rig, 0s, -501_dK));
    CHECK(room(rig, 1s, -500_dK) == -500_dK);
    ReadingsRig other;
    CHECK(room(other, 0s, 1000_dK) == 1000_dK);
    CHECK_FALSE(room(other, 1s, 1001_dK));
    CHECK(room(other, 2s, 990_dK) == 990_dK);
    CHECK_FALSE(room(other, 3s, std::nullopt));
    CHECK(room(other, 4s, 990_dK) == 990_dK);
    CHECK(other.silent(604s).sensors[0] == 990_dK);
    CHECK_FALSE(other.silent(604001ms).sensors[0]);
}

TEST_CASE("zone temperature: a step over 5 K needs a second sample") {
    ReadingsRig rig;
    room(rig, 0s, 200_dK);
    CHECK(room(rig, 1s, 250_dK) == 250_dK);
    CHECK(room(rig, 2s, 850_dK) == 250_dK);
    CHECK(room(rig, 3s, 251_dK) == 251_dK);
    CHECK(room(rig, 4s, 302_dK) == 251_dK);
    CHECK(room(rig, 5s, 323_dK) == 251_dK);  // 2.1 K further: waits as well
    CHECK(room(rig, 6s, 343_dK) == 343_dK);
    CHECK(room(rig, 7s, 292_dK) == 343_dK);
    CHECK(rig.silent(8s).sensors[0] == 343_dK);  // the same sample again does not confirm
    CHECK(room(rig, 9s, 292_dK) == 292_dK);
}

TEST_CASE("zone temperature: a waiting sample does not refresh the last one") {
    ReadingsRig rig;
    room(rig, 0s, 200_dK);
    CHECK(room(rig, 600s, 300_dK) == 200_dK);
    CHECK_FALSE(rig.silent(601s).sensors[0]);
    CHECK(room(rig, 602s, 300_dK) == 300_dK);
}

TEST_CASE("battery temperature: does not filter steps") {
    ReadingsRig rig;
    CHECK(cell(rig, 1, 0s, 200_dK) == 200_dK);
    CHECK(cell(rig, 1, 1s, -10_dK) == -10_dK);
}

TEST_CASE("battery temperature: a constant 0.0 is a missing sensor on a GX") {
    ReadingsRig rig;
    CHECK_FALSE(cell(rig, 0, 0s, 0_dK));
    CHECK(cell(rig, 1, 0s, 0_dK) == 0_dK);
    CHECK_FALSE(cell(rig, 0, 100s, 0_dK));
    CHECK(cell(rig, 0, 200s, 1_dK) == 1_dK);
    CHECK(cell(rig, 0, 300s, 0_dK) == 0_dK);
}

TEST_CASE("battery temperature: a stored nonzero value counts as moved") {
    ReadingsRig rig;
    rig.state.batteries.resize(2);
    rig.state.batteries[0].good = 15_dK;
    CHECK(cell(rig, 0, 1s, 0_dK) == 0_dK);
}

TEST_CASE("battery temperature: a step to exactly 0.0 is a lost GX sensor") {
    for (const std::int64_t before : {30, 21, -21}) {
        CAPTURE(before);
        ReadingsRig rig;
        CHECK(cell(rig, 0, 0s, Celsius{before}) == Celsius{before});
        CHECK_FALSE(cell(rig, 0, 1s, 0_dK));
        CHECK(rig.state.batteries[0].lost);
        CHECK_FALSE(cell(rig, 0, 5000s, 0_dK));
        CHECK_FALSE(cell(rig, 0, 5001s, std::nullopt));
        CHECK_FALSE(cell(rig, 0, 5002s, 0_dK));
        CHECK(cell(rig, 0, 5003s, 10_dK) == 10_dK);
        CHECK_FALSE(rig.state.batteries[0].lost);
        CHECK(cell(rig, 0, 5004s, 0_dK) == 0_dK);  // a bank can cool by 1 K
    }
    ReadingsRig near;
    cell(near, 0, 0s, 20_dK);
    CHECK(cell(near, 0, 1s, 0_dK) == 0_dK);
    ReadingsRig probe;  // not on a GX
    cell(probe, 1, 0s, 30_dK);
    CHECK(cell(probe, 1, 1s, 0_dK) == 0_dK);
}

TEST_CASE("battery temperature: exactly 0.0 for 600 s is a lost sensor") {
    ReadingsRig rig;
    cell(rig, 0, 0s, 5_dK);
    CHECK(cell(rig, 0, 10s, 0_dK) == 0_dK);
    CHECK(cell(rig, 0, 300s, 0_dK) == 0_dK);
    CHECK(cell(rig, 0, 609s, 0_dK) == 0_dK);
    CHECK_FALSE(cell(rig, 0, 610s, 0_dK));
    CHECK_FALSE(cell(rig, 0, 611s, 0_dK));
    CHECK(cell(rig, 0, 612s, -1_dK) == -1_dK);
    CHECK(cell(rig, 0, 613s, 0_dK) == 0_dK);
    CHECK(cell(rig, 0, 1212s, 0_dK) == 0_dK);  // its time restarted
    CHECK_FALSE(cell(rig, 0, 1213s, 0_dK));
    ReadingsRig probe;
    for (int t = 0; t <= 2000; t += 100) CHECK(cell(probe, 1, Time(t * 1000), 0_dK) == 0_dK);
}

TEST_CASE("battery temperature: a stored 3.0 and then 0.0 is lost") {
    ReadingsRig rig;
    rig.state.batteries.resize(2);
    rig.state.batteries[0].good = 30_dK;
    rig.state.batteries[0].moved = true;
    CHECK_FALSE(cell(rig, 0, 1s, 0_dK));
}

TEST_CASE("weather: fails after 15 min without a usable value") {
    ReadingsRig rig;
    CHECK_FALSE(rig.silent(0s).weather_failing);
    CHECK_FALSE(rig.silent(2000s).weather_failing);  // none is configured
    rig.policy.weather_configured = true;
    rig.silent(3000s);
    CHECK_FALSE(rig.silent(3899s).weather_failing);
    CHECK(rig.silent(3900s).weather_failing);
    rig.snapshot.sunny = word<bool>(std::nullopt, 3901s);
    CHECK(rig.silent(3901s).weather_failing);
    rig.snapshot.sunny = word<bool>(false, 3902s);
    CHECK_FALSE(rig.silent(3902s).weather_failing);
    CHECK_FALSE(rig.silent(3902s + 10800s + 900s).weather_failing);  // stale from now on
}

TEST_CASE("weather: decides which miners may run") {
    ReadingsRig rig;
    Miner miner;
    const auto suits = [&] { return weather_suits(rig.policy, rig.r, miner); };
    CHECK(suits());
    miner.require_sunny = true;
    CHECK_FALSE(suits());
    miner.minimum_solar = 8000_W;
    CHECK(suits());
    rig.policy.weather_configured = true;
    CHECK_FALSE(suits());
    rig.r.sunny = true;
    CHECK(suits());
    rig.r.sunny.reset();
    rig.r.weather_failing = true;
    CHECK(suits());
    miner.minimum_solar.reset();
    CHECK_FALSE(suits());
}

}  // namespace volt
