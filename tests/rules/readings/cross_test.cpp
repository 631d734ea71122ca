#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

/// Runs seconds in which both devices answer.
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

TEST_CASE("cross-check: 1.0 V apart lowers starts at once, stops after 60 s") {
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
}

TEST_CASE("cross-check: a disagreement ends after twice its time in agreement") {
    ReadingsRig rig;
    both(rig, 0, 99, 4800_cV, 4660_cV);
    CHECK(rig.r.disagreement);
    both(rig, 100, 218, 4800_cV, 4800_cV);
    CHECK(rig.r.disagreement);
    both(rig, 219, 219, 4800_cV, 4800_cV);
    CHECK_FALSE(rig.r.disagreement);
}

namespace {

/// Returns the second of the first disagreement. The GX answers each second, the Sol-Ark every 5 s while `heard`.
template <class Gx, class Heard>
int disagrees(Gx gx, Heard heard) {
    ReadingsRig rig;
    for (int t = 0; t < 900; ++t) {
        rig.at(Time(t * 1000)).receive(battery, gx(t));
        if (t % 5 == 0 && heard(t)) rig.receive(sol_ark, 4660_cV);
        if (rig.judge().disagreement) return t;
    }
    return -1;
}

}  // namespace

TEST_CASE("cross-check: noise and silence reduce the time without resetting it") {
    const auto steady = [](int) { return 4800_cV; };
    const auto always = [](int) { return true; };
    CHECK(disagrees(steady, always) == 60);
    CHECK(disagrees([](int t) { return t % 9 == 8 ? 4745_cV : 4800_cV; }, always) == 68);
    CHECK(disagrees(steady, [](int t) { return t % 60 < 40; }) == 69);
}

TEST_CASE("cross-check: a lower value at critical_low counts after 10 s") {
    ReadingsRig rig;
    for (int t = 0; t <= 10; ++t) {
        rig.at(Time(t * 1000)).receive(battery, 4800_cV);
        if (t % 5 == 0) rig.receive(sol_ark, t == 0 ? 4670_cV : 4490_cV);
        rig.judge();
        CHECK(rig.r.for_stops == (t < 10 ? 4800_cV : 4490_cV));
        CHECK(rig.r.for_starts == (t < 5 ? 4670_cV : 4490_cV));
    }
}

namespace {

struct Jumps {
    int restless = -1, critical = -1;
};

/// Returns the seconds in which a jumping source is found, and in which stops see a critical voltage.
template <class Gx, class Ark>
Jumps jumps(Gx gx, Ark ark) {
    ReadingsRig rig;
    Jumps found;
    for (int t = 0; t < 900; ++t) {
        rig.at(Time(t * 1000));
        if (const std::optional<Volts> v = gx(t)) rig.receive(battery, v);
        if (const std::optional<Volts> v = t % 5 == 0 ? ark(t) : std::nullopt) rig.receive(sol_ark, v);
        rig.judge();
        if (found.restless < 0 && !rig.r.restless.empty()) found.restless = t;
        if (found.critical < 0 && *rig.r.for_stops <= 4500_cV) found.critical = t;
    }
    return found;
}

}  // namespace

TEST_CASE("restless: a jumping voltage counts as the lower of two samples") {
    using Value = std::optional<Volts>;
    const auto good = [](int) { return Value{5230_cV}; };
    const auto silent = [](int) { return Value{}; };
    const auto each_second = [](int t) { return Value{t % 2 == 1 ? 4450_cV : 5230_cV}; };
    Jumps found = jumps(good, [](int t) { return Value{t % 10 == 5 ? 4450_cV : 5230_cV}; });
    CHECK(found.restless == 58);
    CHECK(found.critical == 70);
    found = jumps(each_second, silent);
    CHECK(found.restless == 41);
    CHECK(found.critical == 41);
    found = jumps(each_second, good);
    CHECK(found.restless == 41);
    CHECK(found.critical == 55);
    CHECK(jumps([](int t) { return Value{t % 10 == 9 ? 4450_cV : 5230_cV}; }, good).restless == -1);
    CHECK(jumps(good, [](int t) { return Value{t < 100 ? 5230_cV : 4800_cV}; }).restless == -1);
}

TEST_CASE("cross-check: the BMS limit uses the lower voltage at once") {
    ReadingsRig rig;
    rig.snapshot.bms_discharge_limit = {Amps{20000}, 0s, true};
    both(rig, 0, 0, 5230_cV, 5101_cV);
    CHECK(rig.r.bms_limit == 10202_W);
    both(rig, 1, 1, 5230_cV, 5230_cV);
    CHECK(rig.r.bms_limit == 10460_W);
}

TEST_CASE("cross-check: stops use a critical lower voltage after 10 s") {
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

TEST_CASE("cross-check: charging and overvoltage use the higher voltage") {
    ReadingsRig rig;
    both(rig, 0, 0, 5850_cV, 6010_cV);
    CHECK(rig.r.for_starts == 5850_cV);
    CHECK(rig.r.for_stops == 5850_cV);
    CHECK(rig.r.for_charge == 6010_cV);
    CHECK_FALSE(rig.r.over_maximum);
    both(rig, 1, 1, 5850_cV, 6010_cV);
    CHECK(rig.r.over_maximum);
}

TEST_CASE("cross-check: compares only good sources of two devices") {
    ReadingsRig rig;
    for (int t = 0; t <= 100; ++t) rig.at(Time(t * 1000)).receive(battery, 5200_cV).receive(system_, 5000_cV).judge();
    CHECK_FALSE(rig.r.disagreement);
    ReadingsRig other;
    both(other, 0, 40, 5200_cV, 5100_cV);
    for (int t = 41; t <= 66; ++t) other.tick(Time(t * 1000), 5200_cV);
    CHECK(other.r.for_starts == 5200_cV);  // the Sol-Ark has been stale for 55 s
    CHECK_FALSE(other.r.disagreement);
    both(other, 67, 70, 5200_cV, 5100_cV);
    CHECK_FALSE(other.r.disagreement);
    both(other, 71, 71, 5200_cV, 5100_cV);
    CHECK(other.r.disagreement);  // the time paused while it was stale
}

namespace {

/// Lets the GX serve until it is found frozen at `low`, while the Sol-Ark falls from 53.00 V by 0.6 V.
void freeze_gx(ReadingsRig& rig, Volts low, int& t) {
    for (; t <= 1000; ++t)
        rig.at(Time(t * 1000)).receive(battery, low).receive(sol_ark, Volts{5300 - std::min(t / 10, 60)}).judge();
}

}  // namespace

TEST_CASE("cross-check: a frozen low voltage still counts for stops only") {
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
    for (; t <= 1005; ++t) rig.at(Time(t * 1000)).receive(sol_ark, 5240_cV).judge();
    CHECK(rig.r.for_stops == 4650_cV);
    for (; t <= 1020; ++t) rig.at(Time(t * 1000)).receive(sol_ark, 5240_cV).judge();
    CHECK(rig.r.for_stops == 5240_cV);  // it no longer answers
    CHECK(rig.r.frozen_low == no_index);
}

TEST_CASE("cross-check: ignores a frozen voltage that is not low or not far") {
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
    near.at(1001s).receive(battery, 4650_cV).receive(sol_ark, 4750_cV).judge();  // 1.0 V: after the times of the cross-check
    near.at(1060s).receive(battery, 4650_cV).receive(sol_ark, 4750_cV).judge();
    CHECK(near.r.for_stops == 4750_cV);
    near.at(1061s).receive(battery, 4650_cV).receive(sol_ark, 4750_cV).judge();
    CHECK(near.r.for_stops == 4650_cV);
}

TEST_CASE("cross-check: a frozen critical voltage counts after 10 s") {
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
    rig.at(1012s).receive(battery, 4499_cV).receive(sol_ark, 4700_cV).judge();  // it moves: good again, and no time restarts
    CHECK(rig.r.source_quality[battery] == Quality::good);
    CHECK(rig.r.frozen_low == no_index);
    CHECK(rig.r.for_starts == 4499_cV);
    CHECK(rig.r.for_stops == 4499_cV);
}

}  // namespace volt
