#include "rules/budget/budget.hpp"

#include <doctest/doctest.h>

#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

TEST_CASE("plans the first night a sixth of a day beyond dawn") {
    PlanRig rig;  // 20:00, 53.15 V, 1,000 W
    rig.tick();
    CHECK(rig.view.house == 1150_W);
    CHECK(whole_wh(rig.view.charge) == 11'648);
    CHECK(whole_wh(rig.view.need) == 20'700);
    CHECK(whole_wh(rig.view.spare) == -9'052);
    CHECK(rig.view.gap == BudgetGap::first_day);
    rig.inputs.clock_trusted = false;
    rig.tick();
    CHECK(whole_wh(rig.view.need) == 25'300);
    CHECK(rig.view.gap == BudgetGap::clock_untrusted);
}

TEST_CASE("reserves tomorrow's shortfall by the darkest of the last days") {
    PlanRig rig;
    rig.memory.days.sums.add(wh(66'000));
    rig.memory.days.sums.add(wh(40'000));
    rig.tick();
    CHECK(whole_wh(rig.view.need) == 1150 * 12 + (1150 * 24 - 16'000));
    for (int day = 0; day < 3; ++day) rig.memory.days.sums.add(wh(60'000));  // the dark day is the fourth last
    rig.tick();
    CHECK(whole_wh(rig.view.need) == 1150 * 12 + 1150 * 24 - 24'000 - 1);
    rig.memory.days.sums.clear();
    rig.memory.days.sums.add(wh(100'000));
    rig.tick();
    CHECK(whole_wh(rig.view.need) == 1150 * 12 - 1);  // two seconds less until dawn
}

TEST_CASE("reserves for the house after midnight until today's dawn") {
    PlanRig rig;
    rig.memory.days.sums.add(wh(100'000));
    rig.clock(hour(4));
    rig.tick();
    CHECK(whole_wh(rig.view.need) == 1150 * 4);
    rig.clock(hour(9) - 1);  // dawn is past, and the sun has not risen: until tomorrow's dawn
    rig.tick();
    CHECK(whole_wh(rig.view.need) == 1150 * 23);
}

TEST_CASE("reserves by day only as much as the bank can hold") {
    PlanRig rig;
    rig.memory.days.sums.add(wh(100'000));
    rig.memory.days.rise = hour(15);
    rig.memory.days.day = 20000;
    rig.clock(hour(12, 30));
    rig.tick();
    CHECK(whole_wh(rig.view.need) == 1150 * 4 + 17'680);  // not 1,150 W * 15.5 h
    rig.preferences.bank_wh = 10'000;
    rig.tick();
    CHECK(rig.view.need - over(1150_W, 4h - 1s) == wh(8'500));
}

TEST_CASE("the house is a slow mean that survives a missing base load") {
    PlanRig rig;
    rig.memory.house_mean.reset();
    rig.inputs.base_load.reset();
    rig.tick();
    CHECK_FALSE(rig.view.known);
    CHECK(rig.view.gap == BudgetGap::no_load);
    rig.memory.house_mean = 1'000 * millionths;
    rig.inputs.base_load = 2000_W;
    rig.pass(3h);
    CHECK(rig.view.house > 1550_W);
    CHECK(rig.view.house < 1700_W);
    const Watts house = rig.view.house;
    rig.inputs.base_load.reset();
    rig.pass(3h);
    CHECK(rig.view.house == house);
    CHECK(rig.view.known);
}

TEST_CASE("full needs a high voltage, little charging and a carrying sun") {
    PlanRig rig;
    rig.inputs.for_starts = rig.inputs.for_stops = 5590_cV;
    rig.inputs.pv = 900_W;
    rig.inputs.battery_power = Watts{-200};
    CHECK(rig.tick().full);
    const auto is_full = [&](auto change) {
        PlanRig other = rig;
        change(other.inputs);
        return other.tick().full;
    };
    CHECK_FALSE(is_full([](BudgetInputs& in) { in.pv = 899_W; }));
    CHECK_FALSE(is_full([](BudgetInputs& in) { in.battery_power = Watts{-201}; }));
    CHECK(is_full([](BudgetInputs& in) { in.battery_power = Watts{4160}; }));
    CHECK_FALSE(is_full([](BudgetInputs& in) { in.battery_power = Watts{4161}; }));
    CHECK_FALSE(is_full([](BudgetInputs& in) { in.for_starts = 5499_cV; }));
    CHECK_FALSE(is_full([](BudgetInputs& in) { in.battery_power.reset(); }));
    PlanRig low;  // 55.00 V at 4,160 W is 94 %
    low.inputs = rig.inputs;
    low.inputs.for_starts = low.inputs.for_stops = 5500_cV;
    CHECK_FALSE(low.tick().full);
    low.preferences.bank_wh.reset();
    CHECK(low.tick().full);
}

TEST_CASE("meters that read 0 bridge at most 60 min below float") {
    PlanRig rig;
    rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
    rig.inputs.pv = 1000_W;
    rig.tick();
    REQUIRE(rig.view.full);
    rig.inputs.pv = rig.inputs.load = rig.inputs.battery_power = Watts{0};
    CHECK_FALSE(sun_carries(rig.inputs));
    rig.pass(2h);  // at float the time does not start
    CHECK(rig.view.bridged);
    rig.inputs.for_starts = rig.inputs.for_stops = 5499_cV;
    rig.pass(3590s);
    CHECK(rig.view.bridged);
    CHECK_FALSE(rig.view.full);
    rig.pass(10s);
    CHECK_FALSE(rig.view.bridged);
    rig.inputs.for_stops = 5500_cV;
    rig.tick();
    CHECK_FALSE(rig.view.bridged);  // until full again
}

TEST_CASE("the bridge ends after 60 min of charging or unknown voltage") {
    for (const bool known : {true, false}) {
        PlanRig rig;
        rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
        rig.inputs.pv = 1000_W;
        rig.tick();
        REQUIRE(rig.view.bridged);
        rig.inputs.pv = Watts{0};
        rig.inputs.battery_power = 1000_W;
        rig.inputs.for_starts = rig.inputs.for_stops = known ? std::optional{5400_cV} : std::nullopt;
        rig.pass(3590s);
        CHECK(rig.view.bridged);
        rig.pass(10s);
        CHECK_FALSE(rig.view.bridged);
    }
}

TEST_CASE("the bridge ends in the tick that exhausts its energy") {
    for (const bool bank : {true, false}) {
        PlanRig rig;
        if (!bank) rig.preferences.bank_wh.reset();
        rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
        rig.inputs.pv = 1000_W;
        rig.tick();
        REQUIRE(rig.view.full);
        rig.inputs.pv = Watts{0};
        rig.inputs.battery_power = Watts{-4000};
        rig.pass(440s);
        CHECK(rig.view.bridged);
        CHECK_FALSE(rig.view.full);
        rig.pass(10s);
        CHECK_FALSE(rig.view.bridged);
        rig.inputs.battery_power = Watts{4000};
        rig.pass(600s);
        CHECK_FALSE(rig.view.bridged);
    }
}

TEST_CASE("the bridge counts recharged energy and ends without battery power") {
    PlanRig rig;
    rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
    rig.inputs.pv = 1000_W;
    rig.tick();
    rig.inputs.pv = Watts{0};
    rig.inputs.battery_power = Watts{-4000};
    rig.pass(300s);
    rig.inputs.battery_power = Watts{4000};
    rig.pass(3600s);
    rig.inputs.battery_power = Watts{-4000};
    rig.pass(440s);
    CHECK(rig.view.bridged);
    PlanRig gap = rig;
    gap.tick(61s);
    CHECK_FALSE(gap.view.bridged);
    rig.inputs.battery_power.reset();
    rig.tick();
    CHECK_FALSE(rig.view.bridged);
}

TEST_CASE("a bridge of 0 bridges nothing") {
    PlanRig rig;
    rig.preferences.bank_wh.reset();
    rig.preferences.bridge_wh = 0;
    rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
    rig.inputs.pv = 1000_W;
    rig.tick();
    CHECK(rig.view.full);
    CHECK_FALSE(rig.view.bridged);
    CHECK(rig.memory == BudgetMemory{});
}

TEST_CASE("a discharging bank below its floor counts as at the floor") {
    PlanRig rig;
    rig.inputs.for_starts = rig.inputs.for_stops = 4600_cV;  // 7.5 %
    rig.inputs.bank_gives = false;
    CHECK_FALSE(rig.tick().at_floor);
    rig.inputs.bank_gives = true;
    CHECK(rig.tick().at_floor);
}

TEST_CASE("a raised floor falls one percent at each local midnight") {
    PlanRig rig;
    rig.memory.raised_percent = 2;
    rig.clock(hour(23, 59));
    rig.tick();
    CHECK(whole_wh(rig.view.floor) == 20'800 * 17 / 100);
    rig.pass(120s);
    CHECK(whole_wh(rig.view.floor) == 20'800 * 16 / 100);
}

TEST_CASE("more house load, less charge or less PV never increases spare") {
    std::uint64_t state = 1;
    const auto random = [&state](std::int64_t low, std::int64_t high) {
        state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        return low + static_cast<std::int64_t>((state >> 33) % static_cast<std::uint64_t>(high - low + 1));
    };
    int compared = 0;
    for (int i = 0; i < 400; ++i) {
        PlanRig rig;
        rig.preferences.bank_wh = random(500, 100'000);
        rig.memory.days.day = 20000;
        for (int day = 0; day < 7; ++day) rig.memory.days.sums.add(wh(random(0, 90'000)));
        rig.memory.days.sum = wh(random(0, 60'000));
        if (random(0, 3) != 0) rig.memory.days.rise = hour(14);
        rig.clock(static_cast<std::int32_t>(random(0, 86'399)));
        rig.memory.house_mean = random(1, 5'000) * millionths;
        rig.memory.bank.counted = wh(random(0, *rig.preferences.bank_wh));
        rig.memory.days.pv_mean = random(0, 9'000) * millionths;
        rig.inputs.battery_power = Watts{400};
        rig.inputs.base_load.reset();
        const Energy spare = PlanRig(rig).tick().spare;
        PlanRig house = rig, charge = rig, sun = rig;
        *house.memory.house_mean += random(1, 500) * millionths;
        *charge.memory.bank.counted -= std::min(*charge.memory.bank.counted, wh(random(1, 500)));
        *sun.memory.days.pv_mean -= std::min<std::int64_t>(*sun.memory.days.pv_mean, random(1, 500) * millionths);
        CHECK(house.tick().spare <= spare);
        CHECK(charge.tick().spare <= spare);
        CHECK(sun.tick().spare <= spare);
        if (spare != Energy{}) ++compared;
    }
    CHECK(compared > 350);
}

namespace {

/// Makes a site whose house was never measured.
PlanRig new_site(Watts first) {
    PlanRig rig;
    rig.memory.house_mean.reset();
    rig.memory.house_seen = {};
    rig.inputs.base_load = first;
    rig.tick();
    return rig;
}

}  // namespace

TEST_CASE("plans the house after ten minutes of observation") {
    PlanRig rig = new_site(0_W);
    rig.inputs.base_load = 600_W;
    rig.pass(599s, 1s);
    CHECK(rig.view.gap == BudgetGap::first_minutes);
    CHECK_FALSE(rig.view.known);
    rig.tick();
    CHECK(rig.view.known);
    CHECK(rig.view.house == 690_W);
}

TEST_CASE("averages a kettle in the first minute") {
    PlanRig rig = new_site(1818_W);
    rig.pass(59s, 1s);
    rig.inputs.base_load = 660_W;
    rig.pass(541s, 1s);
    CHECK(rig.view.house == 890_W);
    rig.pass(30min, 1s);
    CHECK(rig.view.house == 792_W);
    rig.pass(5h + 20min, 1s);
    CHECK(rig.view.house == 763_W);
}

TEST_CASE("a house of 0 W plans nothing") {
    PlanRig none = new_site(0_W);
    none.pass(1h);
    CHECK_FALSE(none.view.known);
    PlanRig losses = new_site(1000_W);
    losses.inputs.unexplained = 603_W;
    losses.pass(1h);
    CHECK(losses.view.house == 1844_W);
}

TEST_CASE("the house waits for outputs and pauses while powers are at odds") {
    PlanRig rig;
    rig.memory.house_mean.reset();
    rig.memory.house_seen = {};
    rig.inputs.outputs_known = false;
    rig.pass(1h);
    CHECK_FALSE(rig.memory.house_mean);
    PlanRig odds;
    odds.inputs.at_odds = true;
    odds.inputs.base_load = 5000_W;
    odds.pass(1h);
    CHECK(odds.view.gap == BudgetGap::powers_at_odds);
    CHECK_FALSE(odds.view.known);
    odds.inputs.at_odds = false;
    odds.tick();
    CHECK(odds.view.house < 1160_W);
}

TEST_CASE("night runs from an hour after sunset to before sunrise") {
    const auto at = [](std::int32_t second, SunOfDay sun) {
        PlanRig rig;
        rig.clock(second);
        rig.inputs.sun = sun;
        rig.inputs.pv = 5900_W;
        rig.pass(20min);
        return rig.view.against_sun;
    };
    const SunOfDay winter{hour(7, 30), hour(16, 30)}, summer{hour(2, 30), hour(23)}, abroad{hour(21), hour(11)};
    CHECK(at(hour(18), winter));
    CHECK_FALSE(at(hour(17), winter));
    CHECK(at(hour(5), winter));
    CHECK_FALSE(at(hour(6, 35), winter));
    CHECK_FALSE(at(hour(22, 30), summer));
    CHECK(at(hour(0, 20), summer));
    CHECK(at(hour(22, 30), abroad));  // the zone is wrong: by the clock alone
    CHECK_FALSE(at(hour(13), abroad));
}

TEST_CASE("sun at night makes the clock untrusted for a day") {
    PlanRig rig;
    rig.memory.days.sums.add(wh(66'000));
    rig.clock(hour(23));
    rig.inputs.pv = 5900_W;
    rig.pass(20min);
    CHECK(rig.view.against_sun);
    CHECK(rig.view.gap == BudgetGap::clock_against_sun);
    CHECK(rig.view.sun == Energy{});
    rig.inputs.pv = 0_W;
    rig.pass(30min);
    rig.pass(23h, 60s);
    CHECK(rig.view.against_sun);
    rig.pass(1h, 60s);
    CHECK_FALSE(rig.view.against_sun);
    PlanRig day;
    day.clock(hour(21, 30));
    day.inputs.pv = 5900_W;
    day.pass(20min);
    CHECK_FALSE(day.view.against_sun);
}
