#include "rules/budget/days.hpp"

#include <doctest/doctest.h>

#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("share of a day's sun follows a raised cosine") {
    const SunTimes times{hour(7), hour(17)};
    const std::int64_t begin = hour(7) - 2520, whole = hour(10) + 5040;
    CHECK(share_of_day(times, begin) == 0);
    CHECK(share_of_day(times, 0) == 0);
    CHECK(share_of_day(times, begin + whole / 4) == 156'250);
    CHECK(share_of_day(times, begin + whole / 2) == 500'000);
    CHECK(share_of_day(times, begin + whole) == 1'000'000);
    CHECK(share_of_day(times, hour(24)) == 1'000'000);
}

TEST_CASE("learns sum, dawn and dusk from a sunny day") {
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

TEST_CASE("an hour less of offset moves dawn and dusk by an hour") {
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

TEST_CASE("skips a day observed for half its time") {
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

TEST_CASE("uses the latest of three dawns and the mean dusk") {
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

TEST_CASE("limits the first days to an hour inside sunrise and sunset") {
    PlanRig rig;
    rig.inputs.sun = SunOfDay{hour(5, 50), hour(20, 40)};
    rig.tick();
    CHECK(rig.view.times.dawn == hour(6, 50));
    CHECK(rig.view.times.dusk == hour(19, 40));
    rig.inputs.sun = SunOfDay{hour(11), hour(12)};
    rig.tick();
    CHECK(rig.view.times.dawn == hour(12));
    CHECK(rig.view.times.dusk == hour(13));
}

TEST_CASE("keeps learned times between sunrise and sunset") {
    PlanRig rig;
    rig.memory.days.rises.add(hour(11));          // UTC, 7 h ahead: 04:00
    rig.memory.days.falls.add(hour(28) % day_s);  // 21:00
    rig.tick();
    CHECK(rig.view.times.dawn == hour(4));
    CHECK(rig.view.times.dusk == hour(21));
    rig.inputs.sun = SunOfDay{hour(5, 50), hour(20, 40)};
    rig.tick();
    CHECK(rig.view.times.dawn == hour(5, 50));
    CHECK(rig.view.times.dusk == hour(20, 40));
}

TEST_CASE("ignores a place that does not fit the time zone") {
    PlanRig rig;
    rig.inputs.sun = SunOfDay{hour(21), hour(11)};  // nine hours off
    rig.tick();
    CHECK(rig.view.times.dawn == hour(8));
    CHECK(rig.view.times.dusk == hour(16, 30));
    CHECK(fits_zone({hour(6), hour(18)}));
    CHECK(fits_zone({hour(2, 30), hour(0, 10)}));  // a summer night of 2 h in the north
    CHECK(fits_zone({hour(8, 30), hour(21, 20)}));
    CHECK_FALSE(fits_zone({hour(11), hour(23)}));
    CHECK_FALSE(fits_zone({hour(1), hour(15)}));
}

TEST_CASE("expects sun from 08:00 to 16:30 before the first day") {
    PlanRig rig;
    rig.tick();
    CHECK(rig.view.times.dawn == hour(8));
    CHECK(rig.view.times.dusk == hour(16, 30));
    rig.memory.days.rises.add(hour(23));  // 16:00 local
    rig.tick();
    CHECK(rig.view.times.dusk == hour(17));
}

TEST_CASE("ignores a day whose date went backward") {
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

TEST_CASE("promises no sun before sunrise is seen or without PV") {
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

TEST_CASE("current power bounds the sun to come, as with snow") {
    PlanRig rig;
    rig.memory.days.sums.add(wh(66'000));
    rig.memory.days.rise = hour(15);
    rig.memory.days.day = 20000;
    rig.clock(hour(9));
    rig.inputs.pv = Watts{0};
    CHECK(rig.pass(1200s).sun == Energy{});
}

namespace {

/// Runs a day of 24 h from midnight: `sun` from 07:00 to 18:00 while open. From `shut` on, the bank is full and only the house
/// draws.
PlanRig half_shut(Watts sun, std::int32_t shut, std::int32_t until) {
    PlanRig rig;
    rig.clock(0);
    rig.memory.days.rises.add(hour(14));
    rig.memory.days.falls.add(hour(1));  // 07:00 and 18:00 local
    for (std::int32_t second = 0; second < until; second += 10) {
        const bool full = second >= shut && second < hour(18);
        rig.inputs.pv = second < hour(7) || second >= hour(18) ? Watts{0} : full ? 1000_W : sun;
        rig.inputs.for_starts = rig.inputs.for_stops = full ? 5600_cV : 5315_cV;
        if (full) rig.memory.bank.mean = 5600 * millionths;
        rig.tick(10s);
    }
    return rig;
}

}  // namespace

TEST_CASE("rates a day of held-back sun by its open part") {
    const PlanRig open = half_shut(6000_W, hour(18), hour(24) + 20);
    REQUIRE(open.memory.days.sums.size() == 1);
    CHECK(whole_wh(open.memory.days.sums.newest()) == 66'000);
    const PlanRig shut = half_shut(6000_W, hour(12), hour(18));
    CHECK(whole_wh(shut.memory.days.open) == 30'000);
    CHECK(shut.memory.days.shut > 400'000);
    CHECK(shut.memory.days.shut < 600'000);
    const PlanRig closed = half_shut(6000_W, hour(12), hour(24) + 20);
    REQUIRE(closed.memory.days.sums.size() == 1);
    CHECK(whole_wh(closed.memory.days.sums.newest()) ==
          whole_wh(Energy{shut.memory.days.open.steps * millionths / (millionths - shut.memory.days.shut)}));
    CHECK(closed.memory.days.shut == 0);
    CHECK(closed.memory.days.open == Energy{});
}

TEST_CASE("scales the open part at most four times") {
    DaysMemory days;
    days.day = 20000;
    days.rise = hour(14);
    days.seen = 24h;
    days.sum = days.open = wh(9'000);
    days.shut = 850'000;
    DayInputs inputs;
    inputs.clock_trusted = true;
    inputs.local = {20001, 0};
    learn_day(inputs, days);
    REQUIRE(days.sums.size() == 1);
    CHECK(whole_wh(days.sums.newest()) == 36'000);
}

TEST_CASE("predicts the rest of a held-back day from its open part") {
    const SunTimes times{hour(7), hour(17)};
    const std::int32_t at = hour(12) + 4520;
    const std::int64_t share = share_of_day(times, at);
    DaysMemory days;
    days.day = 20000;
    days.rise = hour(14);
    days.sum = wh(25'000);
    days.open = wh(20'000);
    days.pv_mean = 1'000 * millionths;
    DayInputs inputs;
    inputs.clock_trusted = true;
    inputs.local = {20000, at};
    inputs.pv = 1000_W;
    inputs.full = true;
    const auto whole = [&] { return sun_to_come(inputs, days, times).steps * 100 / 75 * millionths / (millionths - share); };
    const auto near = [](std::int64_t one, std::int64_t other) { return std::abs(one - other) < wh(2).steps; };
    CHECK(near(whole(), days.sum.steps * millionths / share));
    days.shut = share - 400'000;
    CHECK(near(whole(), wh(50'000).steps));
    inputs.full = false;  // the current power counts half
    CHECK(whole() < wh(45'000).steps);
    days.shut = share - 100'000;
    inputs.full = true;
    CHECK(near(whole(), wh(80'000).steps));
}

TEST_CASE("counts the third skipped day in a row as observed") {
    PlanRig rig;
    rig.clock(0);
    const auto third_unseen = [&] {
        const std::int32_t today = rig.inputs.local.day;
        do {
            const std::int32_t second = rig.inputs.local.second_of_day;
            rig.inputs.pv = second < hour(7) || second >= hour(18) ? Watts{0} : 3000_W;
            if (second >= hour(10) && second < hour(13)) rig.inputs.pv.reset();
            rig.tick(10s);
        } while (rig.inputs.local.day == today);
    };
    rig.tick();
    for (const std::size_t joined : {0u, 0u, 1u, 1u, 1u, 2u}) {
        third_unseen();
        CHECK(rig.memory.days.sums.size() == joined);
        CHECK(rig.memory.days.rises.size() == joined);
    }
    CHECK(whole_wh(rig.memory.days.sums.newest()) == 24'000);
}
