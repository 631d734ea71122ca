#include "rules/budget/bank_size.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"
#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Makes a bank at half its charge with a flow of `watts` since the first tick.
PlanRig flowing(std::int64_t bank_wh, std::int64_t watts) {
    PlanRig rig;
    rig.preferences.bank_wh = bank_wh;
    rig.inputs.battery_power = Watts{watts};
    rig.tick();
    return rig;
}

/// Makes a bank with energy cut by the bound above the curve, and energy given by the bank.
PlanRig cut(std::int64_t cut_wh, std::int64_t given_wh) {
    PlanRig rig;
    rig.preferences.bank_wh = 208'000;
    rig.tick();
    rig.memory.size.sums = BankSums{wh(cut_wh), wh(given_wh)};
    rig.tick();
    return rig;
}

}  // namespace

TEST_CASE("finds bank_wh too small above 1.2 times the bank per hour") {
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

TEST_CASE("missing battery power or a gap restarts the ten minutes") {
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

TEST_CASE("finds bank_wh too large if the curve cut too much") {
    CHECK(cut(13'500, 3'000).view.gap == BudgetGap::bank_wh);
    CHECK(cut(13'500, 3'000).view.doubt->too_large);
    CHECK(cut(13'500, 3'000).view.doubt->seen == 5);
    CHECK_FALSE(cut(13'300, 3'000).view.doubt);
    CHECK_FALSE(cut(13'400, 3'000).view.doubt);  // exactly the limit
}

TEST_CASE("sums energy above the curve and energy given until the count restarts") {
    PlanRig rig;  // 71 % by voltage
    rig.preferences.bank_wh = 100'000;
    rig.tick();
    REQUIRE(rig.memory.size.sums);
    rig.inputs.battery_power = Watts{-1000};
    rig.tick();
    rig.pass(1h);
    CHECK(whole_wh(rig.memory.size.sums->given) == 1'000);
    rig.inputs.battery_power = 1000_W;  // energy taken is not subtracted
    rig.pass(1h);
    CHECK(whole_wh(rig.memory.size.sums->given) == 1'000);
    CHECK(rig.memory.size.sums->cut == Energy{});
    const Energy before = *rig.memory.bank.counted;
    rig.inputs.battery_power = 0_W;
    rig.inputs.for_stops = 4500_cV;
    rig.pass(4h);
    CHECK(rig.memory.size.sums->cut == before - *rig.memory.bank.counted);
    rig.memory.bank.counted.reset();  // restarted by a loss: the sums continue
    rig.tick();
    CHECK(rig.memory.bank.counted);
    CHECK(rig.memory.size.sums->cut > Energy{});
    rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
    rig.inputs.pv = 2000_W;
    rig.pass(3h);
    CHECK(rig.memory.bank.counted == wh(100'000));
    CHECK(rig.memory.size.sums == BankSums{});
}

TEST_CASE("forgets a size doubt after 24 h or with new settings") {
    PlanRig rig = flowing(2'080, -2'497);
    rig.pass(600s, 1s);
    REQUIRE(rig.view.doubt);
    rig.inputs.battery_power = 0_W;
    rig.tick();  // the mean is below the limit from here on
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

TEST_CASE("continues a count stored before settings were kept with it") {
    PlanRig rig;
    rig.memory.bank.counted = wh(9'100);
    rig.memory.bank.voltage_at = rig.inputs.now;
    rig.tick();
    CHECK(rig.memory.size.settings == settings_mark(rig.preferences));
    CHECK(rig.memory.bank.counted == wh(9'100));
}

TEST_CASE("a wrong bank_wh starts nothing and stops running loads") {
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
