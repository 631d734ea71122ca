// The budget among the other gates and stops: starts it forbids, waivers, and rules it does not affect.
#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace night_test {

namespace {

/// Starts at 22:00 with 52.30 V and only a house of 1,000 W: voltage alone would let the S21+ run.
Bench night() {
    Bench bench;
    bench.policy.preferences.bank_wh = 20'800;
    bench.state.site.budget.house_mean = 1'000 * millionths;
    bench.state.site.budget.house_seen = 6h;
    return bench.clock(22).volts(5230_cV).pv(Watts{0}).house_load(1000_W).battery(Watts{-1000});
}

void fill_bank(Bench& bench, std::int64_t wh_now) { bench.state.site.budget.bank.counted = wh(wh_now); }

}  // namespace

TEST_CASE("plans losses and loads on the battery's side as the house") {
    struct Row {
        int pv, load, battery;         ///< battery above 0: it charges
        int difference, bound, house;  ///< house 0: at odds, and the budget is unknown
    };
    for (const Row& row :
         {Row{0, 4778, 4778, -9556, 1416, 0}, Row{6000, 900, -5100, 10'200, 1600, 0}, Row{3600, 4778, 1222, -2400, 1416, 5495},
          Row{1000, 4778, 3778, -7556, 1416, 0}, Row{0, 900, 2100, -3000, 1015, 1035}, Row{0, 1500, 1500, -3000, 925, 0},
          Row{0, 1000, -1687, 687, 953, 1844}, Row{6000, 0, 5100, 900, 1600, 690}, Row{900, 900, -750, 750, 835, 1846},
          Row{0, 90, -900, 810, 835, 984}, Row{0, 100, -1000, 900, 850, 0}}) {
        CAPTURE(row.pv);
        CAPTURE(row.load);
        CAPTURE(row.battery);
        Bench bench = night();
        bench.powers_add_up = false;
        for (Miner& miner : bench.policy.miners) miner.enabled = false;
        bench.state.site.budget = {};
        bench.pv(Watts{row.pv}).house_load(Watts{row.load}).battery(Watts{row.battery}).run(610s);
        const PowerBalance& balance = bench.last.power.balance;
        CHECK(balance.difference == Watts{row.difference});
        CHECK(balance.bound == Watts{row.bound});
        CHECK(balance.at_odds == (row.house == 0));
        CHECK(bench.last.budget.known == (row.house != 0));
        if (row.house != 0) CHECK(bench.last.budget.house == Watts{row.house});
    }
}

TEST_CASE("by night: a miner waits only for the budget") {
    Bench bench = night();
    bench.run(120s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::budget);
    for (const Gate& gate : bench.verdict(site::s21).gates) CHECK((gate.passes || gate.name == GateName::budget));
    const Gate& gate = bench.gate(site::s21, GateName::budget);
    CHECK(gate.unit == Unit::watt_hours);
    CHECK(*gate.have == whole_wh(bench.last.budget.spare));
    CHECK(*gate.need == 3878);
}

TEST_CASE("a miner starts without a bank or by an override") {
    Bench without = night();
    without.policy.preferences.bank_wh.reset();
    CHECK(without.until_on(site::s21, 120s));
    CHECK_FALSE(without.last.budget.set);
    Bench forced = night();
    forced.run(90s);
    forced.ask(TargetKind::miner, site::s21, OverrideKind::on);
    CHECK(forced.until_on(site::s21, 120s));
    CHECK(forced.gate(site::s21, GateName::budget).passes);
}

TEST_CASE("spare energy starts a first miner but not a second one") {
    Bench bench = night();
    bench.policy.preferences.bank_wh = 45'000;
    bench.change([](Policy& p) {
        p.miners[1] = p.miners[0];
        p.miners[1].id = "s19";
        p.miners[1].slug = "second";
        p.miners[1].priority_level = 3;
        p.miners[1].output = site::s19_relay;
        p.preferences.max_battery_discharge = 20'000_W;
    });
    REQUIRE(bench.until_on(site::s21, 120s));
    bench.run(300s);
    const Gate& gate = bench.gate(site::s19, GateName::budget);
    CHECK(*gate.have <= whole_wh(bench.last.budget.spare) - 3877);
}

TEST_CASE("a load blocked by the budget holds back and preempts nothing") {
    Bench bench = night();
    bench.change([](Policy& p) { p.preferences.max_battery_discharge = 0_W; });
    bench.run(4000s);
    CHECK_FALSE(bench.state.loads[site::s21].waiting.since.has_value());
    CHECK(bench.gate(site::s19, GateName::priority).passes);
}

TEST_CASE("stops a running miner after ten holds without spare energy") {
    Bench bench = night();
    bench.policy.preferences.bank_wh = 100'000;
    REQUIRE(bench.until_on(site::s21, 200s));
    const Time on = bench.now();
    bench.tick();
    fill_bank(bench, 16'000);
    bench.policy.preferences.budget_floor_percent = 60;
    bench.change([](Policy& p) { p.preferences.bank_wh = 20'800; });
    REQUIRE(bench.until_unwanted(site::s21, 2000s));
    CHECK(bench.reason(site::s21) == Reason::budget);
    CHECK(bench.now() - on >= 600s);
    CHECK(bench.now() - on <= 620s);
    CHECK(bench.state.loads[site::s21].short_runs == 1);
}

TEST_CASE("holds a budget stop for ten times stop_hold_s") {
    Bench bench = night();
    bench.change([](Policy& p) { p.miners[0].min_on = 0s; });
    bench.policy.preferences.bank_wh = 100'000;
    REQUIRE(bench.until_on(site::s21, 200s));
    bench.change([](Policy& p) { p.preferences.bank_wh = 20'800; });
    bench.tick();
    const Time fails = bench.now();
    REQUIRE(bench.last.budget.spare < Energy{});
    REQUIRE(bench.until_unwanted(site::s21, 1000s));
    CHECK(bench.now() - fails >= 299s);
    CHECK(bench.now() - fails <= 301s);
}

TEST_CASE("a house that was never measured needs a reserve to start") {
    const auto unmeasured = [](std::optional<Volts> reserve) {
        Bench bench = night();
        bench.state.site.budget.house_mean.reset();
        bench.state.site.budget.house_seen = {};
        bench.policy.preferences.reserve = reserve;
        bench.powers_add_up = false;
        return bench.house_load(0_W).battery(Watts{-941});
    };
    Bench without = unmeasured(std::nullopt);
    without.run(200s);
    CHECK(without.last.budget.gap == BudgetGap::house_not_measured);
    CHECK(without.blocks(site::s21, GateName::budget));
    Bench with = unmeasured(5000_cV);
    with.run(100s);
    CHECK_FALSE(with.blocks(site::s21, GateName::budget));
    // The house is being measured, and one glitch reads all zeros.
    Bench glitch = night();
    glitch.state.site.budget.house_seen = 5min;
    glitch.policy.preferences.reserve = 5000_cV;
    glitch.run(100s);
    glitch.powers_add_up = false;
    glitch.house_load(0_W).battery(Watts{-941}).tick();
    CHECK(glitch.last.budget.gap == BudgetGap::house_not_measured);
    CHECK(glitch.blocks(site::s21, GateName::budget));
}

TEST_CASE("an unknown budget blocks starts and stops nothing") {
    Bench bench = night();
    bench.state.site.budget.house_mean.reset();
    bench.house_load(std::nullopt);
    bench.run(200s);
    CHECK_FALSE(bench.last.budget.known);
    CHECK(bench.reason(site::s21) == Reason::budget);
    CHECK_FALSE(bench.gate(site::s21, GateName::budget).have.has_value());
}

TEST_CASE("a full bank runs loads on excess only while sun is expected") {
    for (const int hour : {12, 17}) {
        Bench bench = night();
        bench.clock(hour).volts(5620_cV).pv(9500_W).battery(100_W);
        bench.change([](Policy& p) { p.miners[1].allow_outside_schedule = true; });
        bench.state.site.budget.days.day = bench.snapshot.local.day;
        bench.state.site.budget.days.rise = 0;
        bench.state.site.budget.days.sum = wh(20'000);
        bench.run(400s);
        CHECK(bench.last.budget.full);
        CHECK(bench.gate(site::s19, GateName::budget).passes == (hour == 12));
    }
}

TEST_CASE("the budget does not stop a load that overvoltage started") {
    Bench bench;
    bench.policy.preferences.bank_wh = 20'800;
    bench.change([](Policy& p) { p.miners[0].enabled = false; });
    bench.clock(12).volts(6050_cV).pv(9000_W).house_load(1000_W).battery(4500_W);
    REQUIRE(bench.until_on(site::s19));
    CHECK(bench.last.battery.stage == Stage::overvoltage);
    CHECK_FALSE(bench.last.budget.full);
    bench.run(1200s);
    CHECK(bench.wanted(site::s19));
}

TEST_CASE("a cloud over a full bank stops nothing during the bridge") {
    Bench bench = night();
    bench.clock(12).volts(5620_cV).pv(9500_W).battery(100_W);
    bench.state.site.budget.days.sum = wh(20'000);
    bench.state.site.budget.days.day = bench.snapshot.local.day;
    REQUIRE(bench.until_on(site::s19, 600s));
    bench.run(700s);
    bench.pv(Watts{0}).battery(Watts{-4000}).volts(5480_cV);
    bench.run(440s);
    CHECK(bench.wanted(site::s19));
    REQUIRE(bench.until_unwanted(site::s19, 120s));
    CHECK(bench.reason(site::s19) != Reason::voltage);
}

TEST_CASE("shows held_back for a load that budget or reserve would stop") {
    for (const bool reserve : {false, true}) {
        Bench bench = night();
        bench.clock(12).volts(5620_cV).pv(9500_W).battery(100_W);
        if (reserve) bench.policy.preferences.bank_wh.reset();
        if (reserve) bench.policy.preferences.reserve = 5500_cV;
        REQUIRE(bench.until_on(site::s21, 600s));
        bench.run(300s);
        CHECK(bench.reason(site::s21) == Reason::running);
        bench.pv(Watts{0}).battery(Watts{-1000}).volts(5480_cV).run(60s);
        REQUIRE(bench.last.budget.bridged);
        CHECK(bench.wanted(site::s21));
        CHECK(bench.reason(site::s21) == Reason::held_back);
        CHECK(whole_wh(bench.last.budget.bridge_left) == 483);
        CHECK(bench.last.budget.bridge_time_left > 58min);
        CHECK(bench.last.budget.bridge_time_left < 60min);
    }
}

TEST_CASE("rests for min_off_s while sun is wasted, except after voltage stops") {
    for (const bool by_voltage : {false, true}) {
        Bench bench = night();
        bench.clock(12).volts(5620_cV).pv(9500_W).battery(100_W);
        bench.run(2s);
        LoadMemory& m = bench.state.loads[site::s19];
        m.short_runs = 4;
        m.ended_by_voltage = by_voltage;
        m.off_since = bench.now() - 400s;
        bench.run(90s);
        CHECK(bench.gate(site::s19, GateName::rest).passes == !by_voltage);
    }
}

TEST_CASE("a failed start on held-back power does not waive the budget") {
    for (const bool needs : {false, true}) {
        Bench bench = night();
        bench.clock(12).volts(5620_cV).pv(20'000_W).battery(100_W);
        bench.change([&](Policy& p) { p.miners[0].require_excess_solar = needs; });
        bench.state.site.budget.days.sum = wh(needs ? 20'000 : 0);  // nothing to spare, and enough sun for excess
        bench.state.site.budget.days.day = bench.snapshot.local.day;
        bench.run(2s);
        bench.state.loads[site::s21].held_out_until = bench.now() + 600s;
        bench.run(300s);
        REQUIRE(bench.last.budget.full);
        CHECK_FALSE(bench.wanted(site::s21));
        CHECK_FALSE(bench.gate(site::s21, GateName::budget).passes);
        CHECK(bench.reason(site::s21) == Reason::budget);  // comes before excess in order
        CHECK(bench.gate(site::s21, GateName::excess).remaining == 300s);
        bench.run(302s);
        CHECK(bench.wanted(site::s21));
    }
}

TEST_CASE("a missed night raises the floor and names the cause") {
    Bench bench = night();
    bench.policy.preferences.bank_wh = 100'000;
    REQUIRE(bench.until_on(site::s21, 200s));
    bench.house_load(9000_W);
    bench.run(3600s);
    bench.volts(4480_cV).run(5s);
    CHECK(bench.alarm(AlarmCode::budget_missed));
    REQUIRE(bench.last.budget.missed);
    CHECK(bench.state.site.budget.raised_percent == 5);
    CHECK(bench.last.budget.missed->load == static_cast<Index>(site::s21));
    bench.state.site.budget.raised_percent = 0;
    bench.tick();
    CHECK_FALSE(bench.alarm(AlarmCode::budget_missed));
}

TEST_CASE("the budget starts nothing that voltage, stage or sag forbid") {
    Bench bench = night();
    bench.policy.preferences.bank_wh = 1'000'000;
    bench.volts(4990_cV).run(400s);
    CHECK_FALSE(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::voltage);
}

}  // namespace night_test
