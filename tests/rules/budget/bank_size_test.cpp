#include "rules/budget/bank_size.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"
#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// A bank at half its charge, of which `watts` flow since the first tick.
PlanRig flowing(std::int64_t bank_wh, std::int64_t watts) {
    PlanRig rig;
    rig.preferences.bank_wh = bank_wh;
    rig.inputs.battery_power = Watts{watts};
    rig.tick();
    return rig;
}

/// What the count lost by the bound above the curve, and what the bank gave.
PlanRig cut(std::int64_t cut_wh, std::int64_t given_wh) {
    PlanRig rig;
    rig.preferences.bank_wh = 208'000;
    rig.tick();
    rig.memory.size.sums = BankSums{wh(cut_wh), wh(given_wh)};
    rig.tick();
    return rig;
}

}  // namespace

TEST_CASE("more than 1.2 times the bank an hour, either way, over ten minutes: bank_wh is too small") {
    for (const int sign : {1, -1}) {
        PlanRig rig = flowing(2'080, sign * 2'497);
        rig.pass(599s, 1s);
        CHECK(rig.view.known);
        rig.tick();
        CHECK_FALSE(rig.view.known);
        CHECK(rig.view.gap == BudgetGap::bank_wh);
        REQUIRE(rig.view.doubt);
        CHECK_FALSE(rig.view.doubt->too_large);
        CHECK(rig.view.doubt->seen == sign * 2'497);
        PlanRig edge = flowing(2'080, sign * 2'496);
        edge.pass(2h, 1s);
        CHECK_FALSE(edge.view.doubt);
    }
}

TEST_CASE("one sample without battery power, or a gap, begins the ten minutes again") {
    PlanRig rig = flowing(2'080, 2'497);
    rig.pass(299s, 1s);
    rig.inputs.battery_power.reset();
    rig.tick();
    rig.inputs.battery_power = 2'497_W;
    rig.pass(600s, 1s);  // until 900 s
    CHECK_FALSE(rig.view.doubt);
    rig.tick();
    CHECK(rig.view.doubt);
    PlanRig gap = flowing(2'080, 2'497);
    gap.pass(590s, 1s);
    gap.tick(61s);
    gap.pass(599s, 1s);
    CHECK_FALSE(gap.view.doubt);
    gap.tick();
    CHECK(gap.view.doubt);
}

TEST_CASE("a count that the curve cut by more than the bank gave and 5 % of it: bank_wh is too large") {
    CHECK(cut(13'500, 3'000).view.gap == BudgetGap::bank_wh);
    CHECK(cut(13'500, 3'000).view.doubt->too_large);
    CHECK(cut(13'500, 3'000).view.doubt->seen == 5);
    CHECK_FALSE(cut(13'300, 3'000).view.doubt);
    CHECK_FALSE(cut(13'400, 3'000).view.doubt);  // exactly as much
}

TEST_CASE("sums what the bank takes above the curve and gives until it is counted") {
    PlanRig rig;  // 71 % by voltage
    rig.preferences.bank_wh = 100'000;
    rig.tick();
    REQUIRE(rig.memory.size.sums);
    rig.inputs.battery_power = Watts{-1000};
    rig.tick();
    rig.pass(1h);
    CHECK(whole_wh(rig.memory.size.sums->given) == 1'000);
    rig.inputs.battery_power = 1000_W;  // what it takes does not count back
    rig.pass(1h);
    CHECK(whole_wh(rig.memory.size.sums->given) == 1'000);
    CHECK(rig.memory.size.sums->cut == Energy{});
    const Energy before = *rig.memory.bank.counted;
    rig.inputs.battery_power = 0_W;
    rig.inputs.for_stops = 4500_cV;
    rig.pass(4h);
    CHECK(rig.memory.size.sums->cut == before - *rig.memory.bank.counted);
    rig.memory.bank.counted.reset();  // begun anew by a loss: the sums go on
    rig.tick();
    CHECK(rig.memory.bank.counted);
    CHECK(rig.memory.size.sums->cut > Energy{});
    rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
    rig.inputs.pv = 2000_W;
    rig.pass(3h);
    CHECK(rig.memory.bank.counted == wh(100'000));
    CHECK(rig.memory.size.sums == BankSums{});
}

TEST_CASE("the budget is not known for 24 h after the last such tick, and known at once with another bank_wh or curve") {
    PlanRig rig = flowing(2'080, -2'497);
    rig.pass(600s, 1s);
    REQUIRE(rig.view.doubt);
    rig.inputs.battery_power = 0_W;
    rig.tick();  // the mean is under the limit from here on
    rig.pass(24h - 10s);
    CHECK(rig.view.doubt);
    rig.pass(10s);
    CHECK_FALSE(rig.view.doubt);
    CHECK(rig.view.known);
    for (const bool curve : {false, true}) {
        PlanRig other = flowing(2'080, 2'497);
        other.pass(600s, 1s);
        REQUIRE(other.view.doubt);
        other.memory.size.sums = BankSums{wh(100), wh(90)};
        other.inputs.battery_power = 0_W;
        if (curve) other.preferences.curve[1].soc.steps += 100;
        else other.preferences.bank_wh = 20'800;
        other.tick();
        CHECK_FALSE(other.view.doubt);
        CHECK(other.view.known);
        CHECK(other.memory.size.sums == BankSums{});
        CHECK(other.memory.bank.counted == other.view.by_voltage);
    }
}

TEST_CASE("a count from before the settings were kept with it goes on") {
    PlanRig rig;
    rig.memory.bank.counted = wh(9'100);
    rig.memory.bank.voltage_at = rig.inputs.now;
    rig.tick();
    CHECK(rig.memory.size.settings == settings_mark(rig.preferences));
    CHECK(rig.memory.bank.counted == wh(9'100));
}

TEST_CASE("a wrong bank_wh starts nothing and ends what runs") {
    Bench bench;
    bench.policy.preferences.bank_wh = 100'000;
    bench.state.site.budget.house_mean = 1'000 * millionths;
    bench.state.site.budget.house_seen = 6h;
    bench.clock(22).volts(5230_cV).pv(Watts{0}).house_load(1000_W).battery(Watts{-1000});
    REQUIRE(bench.until_on(site::s21, 200s));
    bench.state.site.budget.size.doubt = SizeDoubt{true, 5, 24h};
    bench.tick();
    CHECK(bench.last.budget.gap == BudgetGap::bank_wh);
    CHECK(bench.alarm(AlarmCode::bank_misfit));
    const Time doubted = bench.now();
    REQUIRE(bench.until_unwanted(site::s21, 2000s));
    CHECK(bench.reason(site::s21) == Reason::budget);
    CHECK(bench.now() - doubted <= 910s);
    bench.policy.preferences.reserve = 5000_cV;
    bench.run(3h);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.blocks(site::s21, GateName::budget));
}
