#include "rules/loads/load_list.hpp"

#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

Bench two_equal() {
    Policy policy = default_site();
    policy.miners[1] = s21_profile();
    policy.miners[1].id = "second";
    policy.miners[1].slug = "alpha";
    policy.miners[1].output = site::s19_relay;
    return Bench(policy);
}

}  // namespace

TEST_CASE("windows: include start, exclude end, and span midnight") {
    Miner day = s19_profile(), night = s21_profile(), always = s21_profile();
    always.preferred_end_s = always.preferred_start_s;
    struct Row {
        const Miner* miner;
        std::int32_t second;
        bool inside;
    };
    const Row rows[] = {{&day, 36000 - 1, false}, {&day, 36000, true},  {&day, 57600 - 1, true}, {&day, 57600, false},
                        {&night, 64800, true},    {&night, 0, true},    {&night, 35999, true},   {&night, 36000, false},
                        {&night, 64799, false},   {&always, 1234, true}};
    for (const Row& row : rows) CHECK(in_window(*row.miner, row.second) == row.inside);
}

TEST_CASE("order: priority level, window, starts of the day, slug, heaters last") {
    Bench bench = two_equal();
    bench.tick();
    CHECK(bench.last.order == std::vector<Index>{1, 0, 2, 3});
    bench.state.loads[1].starts_today = 1;
    bench.state.loads[1].day = bench.snapshot.local.day;
    bench.tick();
    CHECK(bench.last.order == std::vector<Index>{0, 1, 2, 3});
    bench.change([](Policy& p) { p.miners[0].preferred_start_s = p.miners[0].preferred_end_s; });
    bench.tick();
    CHECK(bench.last.order.front() == 0);
    bench.change([](Policy& p) { p.miners[0].priority_level = 2; });
    bench.tick();
    CHECK(bench.last.order.front() == 1);
}

TEST_CASE("order: uses local time even if it is not trusted") {
    Bench bench = two_equal();
    bench.snapshot.clock_trusted = false;
    bench.tick();
    CHECK(bench.last.order.front() == 1);
    bench.change([](Policy& p) {
        p.miners[0].preferred_start_s = 0;
        p.miners[0].preferred_end_s = 86'000;
        p.miners[1].preferred_start_s = 86'000;
        p.miners[1].preferred_end_s = 86'100;
    });
    bench.tick();
    CHECK(bench.last.order.front() == 0);
}

TEST_CASE("an override with a negative duration ends at once") {
    Bench bench;
    bench.tick();
    bench.ask(TargetKind::miner, site::s21, OverrideKind::on, Duration::min()).tick();
    CHECK(bench.verdict(site::s21).override_ == OverrideKind::automatic);
    bench.ask(TargetKind::fan, site::heat_room, OverrideKind::on, Duration::min()).tick();
    CHECK(bench.last.zones[site::heat_room].fan_override == OverrideKind::automatic);
}

TEST_CASE("an override ends on time and lasts at most a day") {
    Bench bench;
    bench.tick();
    bench.ask(TargetKind::miner, 0, OverrideKind::off, 100s).tick();
    CHECK(bench.reason(site::s21) == Reason::override_off);
    bench.run(99s);
    CHECK(bench.verdict(site::s21).override_ == OverrideKind::off);
    bench.tick();
    CHECK(bench.verdict(site::s21).override_ == OverrideKind::automatic);
    bench.ask(TargetKind::miner, 0, OverrideKind::on, 48h).tick();
    CHECK(*bench.verdict(site::s21).override_until == bench.now() + 24h);
    bench.ask(TargetKind::miner, 0, OverrideKind::on, std::nullopt).tick();
    CHECK(*bench.verdict(site::s21).override_until == bench.now() + 1h);
    bench.ask(TargetKind::miner, 0, OverrideKind::off, std::nullopt).tick();
    CHECK_FALSE(bench.verdict(site::s21).override_until);
    bench.ask(TargetKind::miner, 0, OverrideKind::automatic).tick();
    CHECK(bench.verdict(site::s21).override_ == OverrideKind::automatic);
}

TEST_CASE("a disabled profile leaves its output to an enabled one") {
    Policy policy = default_site();
    Miner twin = s21_profile();
    twin.id = twin.slug = "a-twin";
    twin.enabled = false;
    policy.miners.insert(policy.miners.begin(), twin);
    Bench bench(policy);
    bench.run(70s);
    CHECK(bench.wanted(1));
    CHECK(bench.times_of(site::s21_relay, false).empty());
}
