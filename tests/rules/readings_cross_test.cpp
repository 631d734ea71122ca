#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

/// Seconds in which both devices answer.
void both(ReadingsRig& rig, int from, int to, Volts gx, Volts ark) {
    for (int t = from; t <= to; ++t) rig.at(Time(t * 1000)).hear(battery, gx).hear(sol_ark, ark).judge();
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
    for (int t = 0; t <= 100; ++t) rig.at(Time(t * 1000)).hear(battery, 5200_cV).hear(system_, 5000_cV).judge();
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

}  // namespace volt
