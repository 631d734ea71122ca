#include "rules/loads/allowance.hpp"

#include <doctest/doctest.h>

#include "rules/align.hpp"
#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

Watts share(SiteMode mode, OperatingMode profile, Volts v, bool running = false) {
    Policy policy = default_site();
    policy.preferences.mode = mode;
    policy.miners[0].operating_mode = profile;
    Bench bench(policy);
    align(bench.state, bench.policy);
    TickLists lists;
    Planned tick({bench.snapshot, bench.policy, bench.state, lists});
    tick.readings.for_starts = tick.readings.for_stops = v;
    LoadTick load;
    load.miner = &bench.policy.miners[0];
    return allowance(tick, load, running);
}

}  // namespace

TEST_CASE("shares follow the table of site mode and profile") {
    const SiteMode modes[] = {SiteMode::aggressive, SiteMode::balanced, SiteMode::conservative, SiteMode::off};
    const OperatingMode profiles[] = {OperatingMode::aggressive, OperatingMode::balanced, OperatingMode::opportunistic};
    const std::int64_t shares[4][3] = {{5000, 5000, 2500}, {5000, 2500, 0}, {2500, 0, 0}, {0, 0, 0}};
    for (std::size_t m = 0; m < 4; ++m)
        for (std::size_t p = 0; p < 3; ++p) CHECK(share(modes[m], profiles[p], 5500_cV).steps == shares[m][p]);
}

TEST_CASE("grants the share from the start voltage up and keeps it while running") {
    CHECK(share(SiteMode::balanced, OperatingMode::aggressive, 4999_cV) == 0_W);
    CHECK(share(SiteMode::balanced, OperatingMode::aggressive, 5000_cV) == 5000_W);
    CHECK(share(SiteMode::balanced, OperatingMode::aggressive, 4800_cV, true) == 5000_W);
    CHECK(share(SiteMode::conservative, OperatingMode::aggressive, 5449_cV) == 0_W);
    CHECK(share(SiteMode::conservative, OperatingMode::aggressive, 5450_cV) == 2500_W);
    CHECK(share(SiteMode::conservative, OperatingMode::aggressive, 5350_cV, true) == 2500_W);
    CHECK(share(SiteMode::conservative, OperatingMode::aggressive, 5349_cV, true) == 0_W);
}

TEST_CASE("by night: the BMS bounds the loads' own allowance") {
    Bench bench;
    bench.pv(0_W).battery(Watts{-1850}).run(70s);
    CHECK(bench.wanted(site::s21));
    Bench bound;
    bound.pv(0_W).battery(Watts{-1850});
    bound.snapshot.bms_discharge_limit = {Amps{7000}, 1000s, true};
    for (int i = 0; i < 100; ++i) {
        bound.snapshot.bms_discharge_limit.taken = bound.now() + 1s;
        bound.tick();
    }
    CHECK_FALSE(bound.wanted(site::s21));
    CHECK(bound.gate(site::s21, GateName::power).have == 3661);
}

TEST_CASE("a start leaves running loads behind it their allowance") {
    Policy policy = two_miners();
    policy.miners[1].operating_mode = OperatingMode::opportunistic;
    policy.miners[0].enabled = false;
    Bench bench(policy);
    bench.pv(1850_W + 3878_W + 3000_W);
    REQUIRE(bench.until_on(1));
    bench.change([](Policy& p) { p.miners[0].enabled = true; });
    bench.run(50s);
    CHECK(bench.gate(0, GateName::power).have == 3000);
}
