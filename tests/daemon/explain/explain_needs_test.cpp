// Tests of a waiting load's needs: the sentence, which must name everything that blocks.
#include "daemon/explain/explain_needs.hpp"

#include <doctest/doctest.h>

#include <random>

#include "daemon/explain/explain_flip.hpp"
#include "rules/limits.hpp"
#include "rules/names.hpp"
#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

ExplainContext scene_of(const Bench& bench) { return {bench.policy, bench.snapshot, bench.last}; }
Needs needs_of_s19(const Bench& bench) { return needs_of(scene_of(bench), site::s19); }
std::string next_of_s19(const Bench& bench) { return explain_flip(scene_of(bench), site::s19).text; }

/// Returns a policy with only the S19 and no reserve for the night, so that nothing else disturbs its conditions.
Policy s19_alone() {
    Policy policy = default_site();
    policy.miners[site::s21].enabled = false;
    policy.zones[site::heat_room].heating_enabled = policy.zones[site::main_room].heating_enabled = false;
    return policy;
}

bool chance(std::mt19937& random, unsigned one_in) { return random() % one_in == 0; }
std::int64_t between(std::mt19937& random, std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

Policy random_policy(std::mt19937& random) {
    Policy policy = s19_alone();
    Miner& s19 = policy.miners[site::s19];
    s19.enabled = !chance(random, 8);
    s19.require_excess_solar = !chance(random, 3);
    s19.require_sunny = chance(random, 2);
    s19.allow_outside_schedule = chance(random, 3);
    if (chance(random, 3)) s19.minimum_solar.reset();
    if (chance(random, 10)) policy.preferences.mode = SiteMode::off;
    if (chance(random, 4)) policy.preferences.reserve = 5000_cV;
    if (chance(random, 6)) policy.preferences.inverter_max = 5000_W;
    return policy;
}

void random_weather(Bench& bench, std::mt19937& random) {
    bench.volts(Volts{between(random, 4650, 5600)})
        .pv(Watts{between(random, 0, 9000)})
        .house_load(Watts{between(random, 300, 3000)});
    bench.battery(Watts{between(random, -3000, 3000)}).sunny(!chance(random, 3)).room(Celsius{between(random, 150, 450)});
    bench.clock(static_cast<std::int32_t>(between(random, 0, 23)), static_cast<std::int32_t>(between(random, 0, 59)));
}

/// Takes its relay, the broker or the preferred voltage source offline.
void random_loss(Bench& bench, std::mt19937& random) {
    switch (random() % 20) {
        case 0: bench.available(bench.policy.miners[site::s19].output, false).run(40s); break;
        case 1:
            bench.snapshot.broker_up = false;
            bench.run(30s);
            break;
        case 2:
            bench.silent_sources.front() = true;
            bench.run(40s);
            break;
        default: break;
    }
}

/// Gives the site a past: the S19 ran and stopped, or was switched off by hand, or the battery is unknown.
void random_past(Bench& bench, std::mt19937& random) {
    bench.step = 5s;  // ticks by the second would take most of the time of the test
    if (chance(random, 3)) {
        bench.volts(5600_cV).pv(9000_W).clock(12).sunny(true).room(200_dK).house_load(500_W);
        bench.until_on(site::s19, 400s);
        bench.run(Duration{between(random, 0, 700'000)});
    }
    random_weather(bench, random);
    if (chance(random, 8)) {
        const std::optional<Duration> lasts = chance(random, 2) ? std::optional<Duration>(1200s) : std::nullopt;
        bench.ask(TargetKind::miner, site::s19, OverrideKind::off, lasts);
    }
    bench.run(Duration{between(random, 5'000, 900'000)});
    if (chance(random, 10)) bench.sources_silent(true).run(30s);
    else random_loss(bench, random);
    bench.step = 1s;
}

void meet(Bench& bench, const Needs::Act& act) {
    if (act.gate == GateName::enabled) bench.change([](Policy& p) { p.miners[site::s19].enabled = true; });
    if (act.gate == GateName::mode) bench.change([](Policy& p) { p.preferences.mode = SiteMode::balanced; });
    if (act.gate == GateName::override_) bench.ask(TargetKind::miner, site::s19, OverrideKind::automatic);
}

void meet(Bench& bench, const Needs::Level& level) {
    switch (level.gate) {
        case GateName::voltage:
        case GateName::stage:
        case GateName::predicted_sag:
            bench.sources_silent(false);
            if (level.need > 0) bench.volts(Volts{level.need});
            break;
        case GateName::sun:
        case GateName::excess:
        case GateName::power:
            if (level.gap > 0) bench.pv(*bench.pv_now + Watts{level.gap});
            break;
        case GateName::weather: bench.sunny(true); break;
        case GateName::inverter: bench.house_load(1000_W); break;
        case GateName::source: bench.sources_silent(false); break;
        case GateName::output:
            bench.available(bench.policy.miners[site::s19].output, true);
            if (!bench.snapshot.broker_up) bench.snapshot.broker_up_since = bench.now() + 1s;
            bench.snapshot.broker_up = true;
            break;
        case GateName::zone: bench.room(bench.policy.zones[site::heat_room].hot_ok); break;
        default: FAIL_CHECK("unexpected condition: " << name_of(level.gate) << ": " << level.text);
    }
}

/// Returns true if the load starts in time after every named condition was met.
bool starts_when_met(Bench& bench, const Needs& needs) {
    for (const Needs::Act& act : needs.acts) meet(bench, act);
    for (const Needs::Level& level : needs.levels) meet(bench, level);
    Duration hold = std::max({needs.hold.value_or(Duration{}), bench.policy.control.start_hold, limits::source_returns_after});
    for (const Needs::Level& level : needs.levels) hold = std::max(hold, level.hold);
    const Control& control = bench.policy.control;
    if (needs.wait) {
        bench.step = 30s;
        for (const Time end = bench.now() + *needs.wait - 30s; bench.now() < end;) {
            bench.tick();
            if (!bench.wanted(site::s19)) continue;
            FAIL_CHECK("it started before its earliest time");
            return true;
        }
        bench.step = 1s;
    }
    // Allow five good samples after a silence, one stagger, and a rest that starts with its OFF.
    return bench.until([](const Bench& b) { return b.wanted(site::s19); }, hold + control.start_stagger + 30s);
}

}  // namespace

TEST_CASE("starts within its holds once every named condition is met") {
    int waited = 0, levels = 0, acts = 0, several = 0, lost = 0;
    for (std::uint32_t seed = 1; seed <= 600; ++seed) {
        std::mt19937 random(seed);
        Bench bench(random_policy(random));
        random_past(bench, random);
        if (bench.wanted(site::s19) || bench.load_state(site::s19) != LoadState::off) continue;
        const Needs needs = needs_of_s19(bench);
        CAPTURE(seed);
        const std::string before = next_of_s19(bench);
        CAPTURE(before);
        CHECK(needs.blocking > 0);
        waited += needs.wait ? 1 : 0;
        levels += needs.levels.empty() ? 0 : 1;
        acts += needs.acts.empty() ? 0 : 1;
        several += needs.levels.size() > 1 ? 1 : 0;
        for (const Needs::Level& it : needs.levels) lost += it.gate == GateName::output || it.gate == GateName::source ? 1 : 0;
        const bool starts = starts_when_met(bench, needs);
        const std::string after = next_of_s19(bench);
        CAPTURE(after);
        CHECK(starts);
    }
    CHECK(waited > 20);
    CHECK(levels > 100);
    CHECK(acts > 20);
    CHECK(several > 50);
    CHECK(lost > 15);
}

TEST_CASE("starts for the night once the bank holds the named energy") {
    int waited = 0;
    for (std::int64_t held = 2'000; held <= 30'000; held += 1'300) {
        Bench bench;
        bench.policy.preferences.bank_wh = 45'000;
        BudgetMemory& budget = bench.state.site.budget;
        budget.house_mean = 1'000 * millionths;
        budget.house_seen = 6h;
        budget.bank.counted = wh(held);
        bench.clock(22).volts(5230_cV).pv(0_W).house_load(1000_W).battery(Watts{-1000}).run(120s);
        if (bench.wanted(site::s21)) continue;
        const Needs needs = needs_of(scene_of(bench), site::s21);
        CAPTURE(held);
        CAPTURE(explain_needs(scene_of(bench), needs));
        REQUIRE(needs.levels.size() == 1);
        REQUIRE(needs.levels.front().gate == GateName::budget);
        ++waited;
        *bench.state.site.budget.bank.counted += wh(needs.levels.front().gap);
        CHECK(bench.until([](const Bench& b) { return b.wanted(site::s21); }, bench.policy.control.start_hold + 5s));
    }
    CHECK(waited > 10);
}

TEST_CASE("names hours, sun and voltage for a miner at night") {
    Bench bench(s19_alone());
    bench.clock(21).volts(5236_cV).pv(0_W).battery(Watts{-1850}).run(60s);
    CHECK(next_of_s19(bench) == "Earliest 10:00, with 8 kW of sun, 8 kW more; and 54.50 V, 2.1 V more");
    const Needs needs = needs_of_s19(bench);
    CHECK(needs.blocking >= 5);
    CHECK(needs.waits_for == GateName::schedule);
}

TEST_CASE("shows the remaining hold of met conditions") {
    Bench bench(s19_alone());
    bench.clock(12).volts(5600_cV).pv(9000_W).run(30s);
    CHECK(next_of_s19(bench) == "In 30 s, if nothing changes");
}

TEST_CASE("names first the acts that only a person can do") {
    Bench bench(s19_alone());
    bench.change([](Policy& p) { p.miners[site::s19].enabled = false; });
    bench.clock(12).volts(5236_cV).pv(8500_W).run(70s);
    CHECK(next_of_s19(bench) ==
          "Enable it: `voltctl miners set dump-load-s19-1 enabled=yes`; then needs 54.50 V, 2.1 V more, held for 60 s");
}

TEST_CASE("names the load it waits for, with the latest time") {
    Bench bench;
    bench.clock(12).volts(5600_cV).pv(9000_W).house_load(500_W).change([](Policy& p) { p.preferences.inverter_max = 3600_W; });
    bench.run(70s);
    CHECK(next_of_s19(bench).find("Primary S21+ (Revenue) first (") != std::string::npos);
}
