#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

/// Seconds in which both devices answer.
void both(ReadingsRig& rig, int from, int to, Volts gx, Volts ark) {
    for (int t = from; t <= to; ++t) rig.at(Time(t * 1000)).receive(battery, gx).receive(sol_ark, ark).judge();
}

}  // namespace

TEST_CASE("cross-check: 0.99 V apart is agreement") {
    ReadingsRig rig;
    both(rig, 0, 100, 5200_cV, 5101_cV);
    CHECK_FALSE(rig.r.disagreement);
    CHECK(rig.r.for_starts == 5200_cV);
    CHECK(rig.r.for_stops == 5200_cV);
    CHECK(rig.r.for_charge == 5200_cV);
    CHECK(rig.r.for_starts_source == static_cast<Index>(battery));
}

TEST_CASE("cross-check: 1.0 V apart, starts see the lower at once, stops with the alarm after 60 s") {
    ReadingsRig rig;
    both(rig, 0, 0, 5200_cV, 5100_cV);
    CHECK(rig.r.for_starts == 5100_cV);
    CHECK(rig.r.for_starts_source == static_cast<Index>(sol_ark));
    CHECK(rig.r.voltage == 5200_cV);
    both(rig, 1, 59, 5200_cV, 5100_cV);
    CHECK(rig.r.for_stops == 5200_cV);
    CHECK(rig.r.for_stops_source == static_cast<Index>(battery));
    CHECK_FALSE(rig.r.disagreement);
    both(rig, 60, 60, 5200_cV, 5100_cV);
    CHECK(rig.r.disagreement);
    CHECK(rig.r.for_stops == 5100_cV);
    CHECK(rig.r.for_stops_source == static_cast<Index>(sol_ark));
    CHECK(rig.r.for_charge == 5200_cV);
    both(rig, 61, 61, 5200_cV, 5101_cV);
    CHECK_FALSE(rig.r.disagreement);
    CHECK(rig.r.for_stops == 5200_cV);
}

TEST_CASE("cross-check: the watts of the BMS limit are those of the lower one at once") {
    ReadingsRig rig;
    rig.snapshot.bms_discharge_limit = {Amps{20000}, 0s, true};
    both(rig, 0, 0, 5230_cV, 5101_cV);
    CHECK(rig.r.bms_limit == 10202_W);
    both(rig, 1, 1, 5230_cV, 5230_cV);
    CHECK(rig.r.bms_limit == 10460_W);
}

TEST_CASE("cross-check: stops see the lower after 10 s where it is at or under critical_low") {
    for (const std::int64_t low : {4500, 4501}) {
        CAPTURE(low);
        ReadingsRig rig;
        both(rig, 0, 9, 4650_cV, Volts{low});
        CHECK(rig.r.for_stops == 4650_cV);
        both(rig, 10, 10, 4650_cV, Volts{low});
        CHECK(rig.r.for_stops == (low == 4500 ? 4500_cV : 4650_cV));
        CHECK_FALSE(rig.r.disagreement);
    }
}

TEST_CASE("cross-check: the serving one may be the lower, charging and overvoltage see the other") {
    ReadingsRig rig;
    both(rig, 0, 0, 5850_cV, 6010_cV);
    CHECK(rig.r.for_starts == 5850_cV);
    CHECK(rig.r.for_stops == 5850_cV);
    CHECK(rig.r.for_charge == 6010_cV);
    CHECK_FALSE(rig.r.over_maximum);
    both(rig, 1, 1, 5850_cV, 6010_cV);
    CHECK(rig.r.over_maximum);
}

TEST_CASE("cross-check: only between good ones of two devices") {
    ReadingsRig rig;
    for (int t = 0; t <= 100; ++t) rig.at(Time(t * 1000)).receive(battery, 5200_cV).receive(system_, 5000_cV).judge();
    CHECK_FALSE(rig.r.disagreement);
    ReadingsRig other;
    both(other, 0, 50, 5200_cV, 5100_cV);
    for (int t = 51; t <= 66; ++t) other.tick(Time(t * 1000), 5200_cV);
    CHECK(other.r.for_starts == 5200_cV);  // the Sol-Ark is stale since 65 s
    CHECK_FALSE(other.r.disagreement);
    both(other, 67, 126, 5200_cV, 5100_cV);
    CHECK_FALSE(other.r.disagreement);  // the time began again
    both(other, 127, 127, 5200_cV, 5100_cV);
    CHECK(other.r.disagreement);
}

namespace {

/// The GX serves until it is found frozen at `low`, while the Sol-Ark falls from 53.00 V by 0.6 V.
void freeze_gx(ReadingsRig& rig, Volts low, int& t) {
    for (; t <= 1000; ++t)
        rig.at(Time(t * 1000)).receive(battery, low).receive(sol_ark, Volts{5300 - std::min(t / 10, 60)}).judge();
}

}  // namespace

TEST_CASE("cross-check: a frozen voltage at or under voltage_low goes on counting for stops, for nothing else") {
    ReadingsRig rig;
    int t = 0;
    freeze_gx(rig, 4650_cV, t);
    REQUIRE(rig.r.frozen[battery]);
    CHECK(rig.r.voltage == 5240_cV);
    CHECK(rig.r.for_stops == 4650_cV);
    CHECK(rig.r.for_stops_source == static_cast<Index>(battery));
    CHECK(rig.r.frozen_low == static_cast<Index>(battery));
    CHECK(rig.r.for_starts == 5240_cV);
    CHECK(rig.r.for_charge == 5240_cV);
    CHECK_FALSE(rig.r.disagreement);  // it has its own alarm
    for (; t <= 1005; ++t) rig.at(Time(t * 1000)).receive(sol_ark, 5240_cV).judge();
    CHECK(rig.r.for_stops == 4650_cV);
    for (; t <= 1020; ++t) rig.at(Time(t * 1000)).receive(sol_ark, 5240_cV).judge();
    CHECK(rig.r.for_stops == 5240_cV);  // it answers no more
    CHECK(rig.r.frozen_low == no_index);
}

TEST_CASE("cross-check: a frozen voltage above voltage_low, or near the one that serves, counts for nothing") {
    ReadingsRig above;
    int t = 0;
    freeze_gx(above, 4701_cV, t);
    REQUIRE(above.r.frozen[battery]);
    CHECK(above.r.for_stops == 5240_cV);
    ReadingsRig near;
    for (t = 0; t <= 1000; ++t) {
        const Volts ark = t < 10 ? 4650_cV : t < 20 ? 4710_cV : 4749_cV;
        near.at(Time(t * 1000)).receive(battery, 4650_cV).receive(sol_ark, ark).judge();
    }
    REQUIRE(near.r.frozen[battery]);
    CHECK(near.r.for_stops == 4749_cV);
    near.at(1001s).receive(battery, 4650_cV).receive(sol_ark, 4750_cV).judge();  // 1.0 V: by the times of the cross-check
    near.at(1060s).receive(battery, 4650_cV).receive(sol_ark, 4750_cV).judge();
    CHECK(near.r.for_stops == 4750_cV);
    near.at(1061s).receive(battery, 4650_cV).receive(sol_ark, 4750_cV).judge();
    CHECK(near.r.for_stops == 4650_cV);
}

TEST_CASE("cross-check: a frozen voltage at or under critical_low counts after 10 s") {
    ReadingsRig rig;
    for (int t = 0; t <= 1000; ++t) {
        const Volts ark = t < 10 ? 4500_cV : t < 20 ? 4560_cV : 4590_cV;
        rig.at(Time(t * 1000)).receive(battery, 4500_cV).receive(sol_ark, ark).judge();
    }
    REQUIRE(rig.r.frozen[battery]);
    for (int t = 1001; t <= 1010; ++t) rig.at(Time(t * 1000)).receive(battery, 4500_cV).receive(sol_ark, 4700_cV).judge();
    CHECK(rig.r.for_stops == 4700_cV);
    rig.at(1011s).receive(battery, 4500_cV).receive(sol_ark, 4700_cV).judge();
    CHECK(rig.r.for_stops == 4500_cV);
    rig.at(1012s).receive(battery, 4499_cV).receive(sol_ark, 4700_cV).judge();  // it moves: good again, and no time begins again
    CHECK(rig.r.source_quality[battery] == Quality::good);
    CHECK(rig.r.frozen_low == no_index);
    CHECK(rig.r.for_starts == 4499_cV);
    CHECK(rig.r.for_stops == 4499_cV);
}

}  // namespace volt
