#include "rules/budget/days.hpp"

#include <doctest/doctest.h>

#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("a day's share of sun is a raised cosine") {
    const SunTimes times{hour(7), hour(17)};
    const std::int64_t begin = hour(7) - 2520, whole = hour(10) + 5040;
    CHECK(share_of_day(times, begin) == 0);
    CHECK(share_of_day(times, 0) == 0);
    CHECK(share_of_day(times, begin + whole / 4) == 156'250);
    CHECK(share_of_day(times, begin + whole / 2) == 500'000);
    CHECK(share_of_day(times, begin + whole) == 1'000'000);
    CHECK(share_of_day(times, hour(24)) == 1'000'000);
}

TEST_CASE("a sunny day teaches its sum, its dawn and its dusk") {
    PlanRig rig;
    rig.clock(0);
    rig.day_of(6000_W);
    rig.tick();
    REQUIRE(rig.memory.days.sums.size() == 1);
    CHECK(whole_wh(*rig.memory.days.sums.begin()) == 66'000);
    CHECK(rig.view.times.dawn >= hour(7));
    CHECK(rig.view.times.dawn <= hour(7, 5));
    CHECK(rig.view.times.dusk >= hour(18));
    CHECK(rig.view.times.dusk <= hour(18, 30));
}

TEST_CASE("one hour less of offset moves dawn and dusk by an hour") {
    PlanRig rig;
    rig.clock(0);
    rig.day_of(6000_W);
    rig.tick();
    const SunTimes before = rig.view.times;
    rig.offset -= 3600;
    rig.clock(hour(3), 20001);
    rig.tick();
    CHECK(rig.view.times.dawn == before.dawn - 3600);
    CHECK(rig.view.times.dusk == before.dusk - 3600);
}

TEST_CASE("a day observed for only half its time is skipped; a dark day is a day without sun") {
    PlanRig rig;
    rig.clock(0);
    rig.inputs.pv.reset();
    rig.pass(12h);
    rig.inputs.pv = 6000_W;
    rig.pass(9h - 10s);
    rig.inputs.pv = Watts{0};
    rig.pass(3h + 20s);
    CHECK(rig.memory.days.sums.empty());
    CHECK(rig.memory.days.rises.empty());
    rig.pass(24h);
    REQUIRE(rig.memory.days.sums.size() == 1);
    CHECK(*rig.memory.days.sums.begin() == Energy{});
    CHECK(rig.memory.days.rises.empty());
}

TEST_CASE("dawn is the latest of the last three, dusk their mean") {
    PlanRig rig;
    DaysMemory& days = rig.memory.days;
    for (const int minute : {0, 30, 10, 20}) {
        days.rises.add(hour(14, minute));  // UTC, 7 h ahead
        days.falls.add((hour(25, minute)) % 86'400);
    }
    rig.tick();
    CHECK(rig.view.times.dawn == hour(7, 30));
    CHECK(rig.view.times.dusk == hour(18, 20));
}

TEST_CASE("before the first day the sun is expected from 08:00 to 16:30, and dusk is never within an hour of dawn") {
    PlanRig rig;
    rig.tick();
    CHECK(rig.view.times.dawn == hour(8));
    CHECK(rig.view.times.dusk == hour(16, 30));
    rig.memory.days.rises.add(hour(23));  // 16:00 here
    rig.tick();
    CHECK(rig.view.times.dusk == hour(17));
}

TEST_CASE("a date that went back teaches nothing, and an untrusted clock closes no day") {
    PlanRig rig;
    rig.clock(hour(10));
    rig.inputs.pv = 5000_W;
    rig.pass(600s);
    const Energy sum = rig.memory.days.sum;
    rig.clock(hour(10), 19999);
    rig.pass(600s);
    CHECK(rig.memory.days.sum == sum);
    rig.clock(hour(10), 20001);
    rig.inputs.clock_trusted = false;
    rig.pass(600s);
    CHECK(rig.memory.days.sum == sum);
    CHECK(rig.memory.days.day == 20000);
}

TEST_CASE("no sun is promised before it was seen, and none without PV") {
    PlanRig rig;
    rig.memory.days.sums.add(wh(66'000));
    rig.clock(hour(7));
    rig.inputs.pv = Watts{500};
    CHECK(rig.tick().sun == Energy{});
    rig.clock(hour(9));
    rig.inputs.pv = 5000_W;
    rig.pass(1200s);
    CHECK(rig.view.sun > wh(5000));
    CHECK(rig.view.sun < wh(66'000));
    rig.inputs.pv.reset();
    CHECK(rig.tick().sun == Energy{});
}

TEST_CASE("snow promises nothing: the sun to come is bounded by what comes now") {
    PlanRig rig;
    rig.memory.days.sums.add(wh(66'000));
    rig.memory.days.rise = hour(15);
    rig.memory.days.day = 20000;
    rig.clock(hour(9));
    rig.inputs.pv = Watts{0};
    CHECK(rig.pass(1200s).sun == Energy{});
}
