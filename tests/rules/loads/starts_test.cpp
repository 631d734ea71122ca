#include "rules/loads/starts.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

Bench floating() {
    Bench bench;
    bench.change([](Policy& p) {
        p.miners[0].enabled = false;
        p.preferences.bridge_wh = 0;
    });
    bench.volts(5500_cV).pv(2000_W).house_load(2000_W).battery(0_W).clock(11);
    return bench;
}

}  // namespace

TEST_CASE("starts at most one load per tick, with a stagger") {
    Bench bench;
    bench.volts(5460_cV).pv(16000_W).battery(1000_W).clock(12).run(60s);
    CHECK(bench.wanted(site::s21));
    CHECK_FALSE(bench.wanted(site::s19));
    CHECK(bench.reason(site::s19) == Reason::stagger);
    CHECK(bench.gate(site::s19, GateName::stagger).remaining == 90s);
    REQUIRE(bench.until([](const Bench& b) { return b.wanted(site::s19); }));
    CHECK(bench.now() == 1060s + 90s);
}

TEST_CASE("a stagger of zero still allows one start per tick") {
    Bench bench;
    bench.policy.control.start_stagger = 0s;
    bench.volts(5460_cV).pv(16000_W).clock(12).run(60s);
    CHECK(bench.wanted(site::s21));
    CHECK_FALSE(bench.wanted(site::s19));
    bench.tick();
    CHECK(bench.wanted(site::s19));
}

TEST_CASE("held back: needs float, no discharge and 90 % PV") {
    Bench bench = floating();
    bench.run(59s);
    CHECK_FALSE(bench.wanted(site::s19));
    bench.tick();
    CHECK(bench.wanted(site::s19));
    CHECK(bench.reason(site::s19) == Reason::held_back);
    CHECK(bench.gate(site::s19, GateName::priority).passes);
    struct Row {
        Volts v;
        Watts battery, pv;
    };
    for (const Row& row : {Row{5499_cV, 0_W, 2000_W}, Row{5500_cV, Watts{-201}, 2000_W}, Row{5500_cV, 0_W, 1799_W}}) {
        Bench other = floating();
        other.volts(row.v).battery(row.battery).pv(row.pv).run(200s);
        CHECK_FALSE(other.wanted(site::s19));
    }
    Bench edge = floating();
    edge.battery(Watts{-200}).pv(1800_W).run(61s);
    CHECK(edge.wanted(site::s19));
}

TEST_CASE("a failed start on held-back PV waits an hour or ten minutes") {
    for (const std::int64_t bridge : {0, 1}) {
        Bench bench = floating();
        bench.change([](Policy& p) {
            p.miners[1].min_off = 0s;
            p.control.settle = 0s;
        });
        bench.policy.preferences.bridge_wh = bridge;
        bench.run(61s);
        REQUIRE(bench.wanted(site::s19));
        bench.battery(Watts{-3000}).run(3s);
        REQUIRE(bench.until_unwanted(site::s19));
        CHECK(bench.now() <= 1060s + 632s);
        const Time off = bench.now();
        bench.battery(0_W).run(bridge == 0 ? 1400s : 400s);
        CHECK_FALSE(bench.wanted(site::s19));
        CHECK(bench.blocks(site::s19, GateName::excess));
        CHECK(bench.gate(site::s19, GateName::excess).remaining == off + (bridge == 0 ? 3600s : 600s) - bench.now());
    }
}

TEST_CASE("PV that carries the house spares sun, excess and power stops") {
    Bench bench = floating();
    bench.run(61s);
    REQUIRE(bench.wanted(site::s19));
    bench.pv(5000_W).volts(5400_cV).run(2000s);
    CHECK(bench.wanted(site::s19));
    CHECK(bench.reason(site::s19) == Reason::held_back);
    bench.battery(Watts{-201}).run(31s);
    CHECK_FALSE(bench.wanted(site::s19));
}

TEST_CASE("a failed held-back start shows `excess` and waits for real PV") {
    Bench bench;
    bench.change([](Policy& p) {
        p.miners[1].enabled = false;
        p.miners[0].operating_mode = OperatingMode::opportunistic;  // no share of the battery
        p.miners[0].min_off = 0s;
        p.control.settle = 0s;
        p.preferences.bridge_wh = 0;
    });
    bench.volts(5500_cV).pv(2000_W).house_load(2000_W).battery(0_W).run(60s);
    REQUIRE(bench.reason(site::s21) == Reason::held_back);
    bench.run(5s).battery(Watts{-3000});
    REQUIRE(bench.until_unwanted(site::s21));
    const Time off = bench.now();
    bench.battery(0_W).run(1400s);
    CHECK(bench.blocks(site::s21, GateName::excess));
    CHECK(bench.gate(site::s21, GateName::excess).remaining == off + 3600s - bench.now());
    CHECK_FALSE(bench.wanted(site::s21));
    bench.pv(8000_W).run(61s);
    CHECK(bench.wanted(site::s21));
    CHECK(bench.reason(site::s21) == Reason::running);
}

TEST_CASE("loads restart in their order after mode off") {
    for (const bool live : {true, false})
        for (const Duration before : {50s, 100s, 400s})  // one load runs; the second waits for its stagger; both run
            for (const Duration off : {3s, 40s, 400s}) {
                CAPTURE(live);
                CAPTURE(before.count());
                CAPTURE(off.count());
                Bench bench(two_miners());
                bench.policy.control.live = live;
                bench.volts(5300_cV).pv(16000_W).run(60s + before);
                REQUIRE(bench.wanted(0));
                bench.policy.preferences.mode = SiteMode::off;
                bench.run(off);
                REQUIRE_FALSE(bench.wanted(0));
                bench.policy.preferences.mode = SiteMode::balanced;
                const bool second_ran = before == 400s;
                REQUIRE(bench.until([](const Bench& b) { return b.wanted(0) || b.wanted(1); }));
                if (second_ran || off == 400s) CHECK(bench.wanted(0));
            }
}
