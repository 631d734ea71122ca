// Each number of the budget, tested at its edge.
#include <doctest/doctest.h>

#include "rules/budget/missed.hpp"
#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Starts at a local time of day 20000; dawn 07:00 and dusk 17:00 are learned, and the sun has risen.
PlanRig day_rig(std::int32_t second) {
    PlanRig rig;
    rig.clock(second);
    DaysMemory& days = rig.memory.days;
    days.day = 20000;
    days.rise = hour(14);
    days.rises.add(hour(14));
    days.falls.add(0);
    days.sums.add(wh(60'000));
    return rig;
}

void shine(PlanRig& rig, Watts pv) {
    rig.inputs.pv = pv;
    rig.memory.days.pv_mean = pv.steps * millionths;
}

}  // namespace

TEST_CASE("expects three quarters of the sun from day and current power") {
    PlanRig noon = day_rig(hour(12));
    shine(noon, 1600_W);
    noon.memory.days.sum = wh(20'000);
    noon.tick();
    CHECK(whole_wh(noon.view.sun) == 9'781);
    CHECK(noon.view.spare == noon.view.charge + noon.view.sun - noon.view.need);
    PlanRig morning = day_rig(hour(8, 40));  // too early for the sum: the newest day, or less by the current power
    shine(morning, 4000_W);
    morning.memory.days.sum = wh(9'000);
    morning.tick();
    CHECK(whole_wh(morning.view.sun) == 30'819);
    PlanRig dawn = day_rig(23'090);  // 410 s after the first light
    shine(dawn, 500_W);
    dawn.tick();
    CHECK(whole_wh(dawn.view.sun) == 18'744);
    dawn.memory.days.sum = wh(2'399'999);
    shine(dawn, 100'000_W);
    dawn.pass(1h);
    CHECK(dawn.memory.days.sum == wh(2'400'000));
}

TEST_CASE("means of voltage and PV move a tenth per minute") {
    PlanRig rig;
    rig.inputs.battery_power.reset();
    rig.tick();
    rig.inputs.for_stops = rig.inputs.for_starts = 5215_cV;
    rig.inputs.pv = 6000_W;
    rig.pass(60s, 1s);
    CHECK(*rig.memory.bank.mean > 5'300 * millionths);
    CHECK(*rig.memory.bank.mean < 5'310 * millionths);
    CHECK(*rig.memory.days.pv_mean > 500 * millionths);
    CHECK(*rig.memory.days.pv_mean < 700 * millionths);
}

TEST_CASE("full begins at 97 % of the curve") {
    for (const auto& [volts, full] : {std::pair{5577_cV, false}, std::pair{5578_cV, true}}) {
        PlanRig rig;
        rig.inputs.for_starts = rig.inputs.for_stops = volts;
        rig.inputs.pv = 1000_W;
        CHECK(rig.tick().full == full);
    }
}

TEST_CASE("a gap ends the bridge even if the bank gave almost nothing") {
    PlanRig rig;
    rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
    rig.inputs.pv = 1000_W;
    rig.tick();
    REQUIRE(rig.view.bridged);
    rig.inputs.pv = 500_W;
    PlanRig gap = rig;
    rig.tick(60s);
    CHECK(rig.view.bridged);
    gap.tick(61s);
    CHECK_FALSE(gap.view.bridged);
}

TEST_CASE("the charge is the count minus the floor") {
    PlanRig rig;
    rig.tick();
    rig.inputs.battery_power = Watts{-2000};
    rig.pass(1h);
    REQUIRE(rig.view.counted);
    CHECK(*rig.memory.bank.counted < *rig.view.by_voltage - wh(1'000));
    CHECK(rig.view.charge == *rig.memory.bank.counted - rig.view.floor);
}

TEST_CASE("detects rise and fall by base load, minimum power and time") {
    struct Row {
        std::int32_t at;
        Watts pv, base;
        bool risen, rises, falls;
    };
    const Row rows[] = {
        {hour(10), 1149_W, 1000_W, false, false, false}, {hour(10), 1150_W, 1000_W, false, true, false},
        {hour(10), 99_W, 50_W, false, false, false},     {hour(10), 100_W, 50_W, false, true, false},
        {hour(2), 3000_W, 1000_W, false, false, false},  {hour(3), 3000_W, 1000_W, false, true, false},
        {hour(11), 1000_W, 1000_W, true, true, false},   {hour(12), 1000_W, 1000_W, true, true, true},
        {hour(12), 999_W, 1000_W, true, true, false},    {hour(12), 99_W, 50_W, true, true, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.at);
        CAPTURE(row.pv.steps);
        PlanRig rig;
        rig.clock(row.at);
        rig.memory.days.day = 20000;
        if (row.risen) rig.memory.days.rise = hour(15);
        rig.inputs.pv = row.pv;
        rig.inputs.base_load = row.base;
        rig.tick();
        CHECK(rig.memory.days.rise.has_value() == row.rises);
        CHECK(rig.memory.days.fall.has_value() == row.falls);
    }
}

TEST_CASE("counts a low night within 18 h of a run as missed") {
    for (const auto& [later, raised] : {std::pair{Duration{18h}, true}, std::pair{Duration{18h + 60s}, false}}) {
        PlanRig rig;
        rig.tick();
        MissedMemory memory;
        judge_missed(rig.inputs, {0, false}, rig.preferences, rig.view, rig.memory, memory);
        rig.pass(later, 60s);
        judge_missed(rig.inputs, {no_index, true}, rig.preferences, rig.view, rig.memory, memory);
        CHECK(rig.memory.raised_percent == (raised ? 5 : 0));
    }
    PlanRig rig;
    rig.tick();
    MissedMemory memory;
    judge_missed(rig.inputs, {0, false}, rig.preferences, rig.view, rig.memory, memory);
    rig.memory.raised_percent = 18;
    judge_missed(rig.inputs, {no_index, true}, rig.preferences, rig.view, rig.memory, memory);
    CHECK(rig.memory.raised_percent == 20);
}

TEST_CASE("a missed night counts once per run of a load") {
    PlanRig rig;
    rig.tick();
    MissedMemory memory;
    const auto critical_while = [&](Index running) {
        judge_missed(rig.inputs, {running, false}, rig.preferences, rig.view, rig.memory, memory);
        judge_missed(rig.inputs, {running, true}, rig.preferences, rig.view, rig.memory, memory);
        return rig.memory.raised_percent;
    };
    CHECK(critical_while(0) == 5);
    CHECK(critical_while(0) == 5);  // the same run
    CHECK(critical_while(no_index) == 5);
    CHECK(critical_while(0) == 10);
}

TEST_CASE("days that differ in opposite directions are no misfit") {
    PlanRig rig;
    FitMemory fit;
    fit.cycles.add({1, 5230_cV, wh(13'000)});
    fit.cycles.add({2, 5230_cV, wh(13'000)});
    fit.cycles.add({3, 5230_cV, wh(13'000)});
    CHECK(misfit_of(rig.preferences, fit));
    fit.cycles.add({4, 5150_cV, wh(4'000)});
    CHECK_FALSE(misfit_of(rig.preferences, fit));
}
