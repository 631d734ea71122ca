#include "rules/budget/bank_charge.hpp"

#include <doctest/doctest.h>

#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("charge by voltage follows the curve, rounded down") {
    const Preferences p;
    CHECK(share_of_curve(5230 * millionths, p.curve) == 653'333);
    CHECK(share_of_curve(4499 * millionths, p.curve) == 0);
    CHECK(share_of_curve(4500 * millionths, p.curve) == 0);
    CHECK(share_of_curve(5600 * millionths, p.curve) == millionths);
    CHECK(share_of_curve(9000 * millionths, p.curve) == millionths);
}

TEST_CASE("corrects the voltage by the sag of its current") {
    CHECK(corrected_voltage(5200_cV, Watts{-4000}, 10) == 5'315'384'615);
    CHECK(corrected_voltage(5200_cV, Watts{4000}, 10) == 5'084'615'385);
    CHECK(corrected_voltage(5200_cV, std::nullopt, 10) == 5'200'000'000);
    PlanRig rig;
    rig.inputs.for_stops = 5200_cV;
    rig.inputs.battery_power = Watts{-4000};
    CHECK(whole_wh(*rig.tick().by_voltage) == 14'773);
}

TEST_CASE("uses a lost voltage for five minutes") {
    PlanRig rig;
    rig.tick();
    rig.inputs.for_stops.reset();
    rig.pass(300s);
    CHECK(rig.view.known);
    rig.tick();
    CHECK_FALSE(rig.view.known);
    CHECK(rig.view.gap == BudgetGap::no_voltage);
    CHECK_FALSE(rig.memory.bank.counted);
    rig.inputs.for_stops = 5000_cV;
    rig.tick();
    CHECK(rig.memory.bank.mean == 5000 * millionths);
    CHECK(rig.view.known);
}

TEST_CASE("counts on from the curve, which bounds it at low power") {
    PlanRig rig;  // 71 %
    rig.tick();
    rig.inputs.battery_power = Watts{-1000};
    rig.tick();
    CHECK(rig.view.counted);
    const Energy begun = *rig.memory.bank.counted;
    rig.pass(3600s);
    CHECK(*rig.memory.bank.counted == begun - wh(1000));
    rig.inputs.for_stops = 5600_cV;  // 100 %: the count is at least 70 %
    rig.inputs.battery_power = Watts{0};
    rig.pass(7200s);
    CHECK(whole_wh(*rig.memory.bank.counted) >= 14'559);
    rig.inputs.for_stops = 4500_cV;  // 0 %: the count is at most 12 %
    rig.pass(7200s);
    CHECK(whole_wh(*rig.memory.bank.counted) < 20'800 * 13 / 100);
    rig.inputs.battery_power = Watts{300};  // while more flows in, the voltage is a poor measure
    rig.pass(3600s);
    CHECK(whole_wh(*rig.memory.bank.counted) > 20'800 * 13 / 100);
}

TEST_CASE("sets the count to the whole bank after ten full minutes") {
    PlanRig rig;
    rig.inputs.for_starts = rig.inputs.for_stops = 5620_cV;
    rig.inputs.pv = Watts{1500};
    rig.inputs.battery_power = Watts{624};  // 3 % of the bank per hour
    rig.memory.bank.counted = wh(10'000);
    rig.tick();
    CHECK(rig.view.full);
    rig.pass(590s);
    CHECK(*rig.memory.bank.counted < wh(20'800));
    rig.pass(10s);
    CHECK(*rig.memory.bank.counted == wh(20'800));
}

TEST_CASE("a gap or more current restarts the ten full minutes") {
    for (const bool gap : {true, false}) {
        PlanRig rig;
        rig.inputs.for_starts = rig.inputs.for_stops = 5620_cV;
        rig.inputs.pv = Watts{1500};
        rig.inputs.battery_power = Watts{400};
        rig.memory.bank.counted = wh(10'000);
        rig.pass(500s);
        if (gap) rig.tick(61s);
        else {
            rig.inputs.battery_power = Watts{625};
            rig.tick();
            rig.inputs.battery_power = Watts{400};
        }
        rig.pass(590s);
        CHECK(*rig.memory.bank.counted < wh(20'800));
        rig.pass(20s);
        CHECK(*rig.memory.bank.counted == wh(20'800));
    }
}

TEST_CASE("restarts the count after five minutes without battery power in total") {
    PlanRig rig;
    rig.tick();
    rig.inputs.battery_power = Watts{-2000};
    rig.pass(3600s);
    const Energy before = *rig.memory.bank.counted;
    rig.inputs.battery_power.reset();
    rig.pass(290s);
    CHECK(*rig.memory.bank.counted == before);
    rig.inputs.battery_power = Watts{-2000};
    rig.pass(3600s);
    rig.inputs.battery_power.reset();
    rig.pass(10s);
    CHECK(rig.view.counted);
    rig.pass(10s);
    CHECK_FALSE(rig.view.counted);
    CHECK(rig.view.known);  // by the curve
    CHECK(rig.view.gap == BudgetGap::no_battery_power);
    rig.inputs.battery_power = Watts{0};
    rig.tick();
    CHECK(rig.view.counted);
}

TEST_CASE("a gap is all lost time but gives one minute of energy") {
    PlanRig rig;
    rig.inputs.battery_power = Watts{-3600};
    rig.tick();
    rig.tick();
    const Energy before = *rig.memory.bank.counted;
    rig.tick(61s);
    CHECK(*rig.memory.bank.counted == before - wh(60));
    CHECK(rig.memory.bank.lost == 61s);
    rig.tick(240s);
    CHECK(rig.memory.bank.lost == 0s);  // 301 s: restarted
}
