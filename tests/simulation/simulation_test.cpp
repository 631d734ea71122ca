// Tests of the simulation: a few days of several seeds, the same log for one seed, and checkers that find faults.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "rules/decide.hpp"
#include "tests/rules/bench.hpp"
#include "tests/simulation/liveness.hpp"
#include "tests/simulation/local_time.hpp"
#include "tests/simulation/log.hpp"
#include "tests/simulation/safety.hpp"
#include "tests/simulation/settings.hpp"
#include "tests/simulation/stretch.hpp"
#include "tests/simulation/summary.hpp"

using namespace volt;
using namespace volt::simulation;

namespace {

StretchConfig config_of(std::uint64_t seed, std::int64_t number, std::int64_t days, Luck luck, std::int64_t tick_s) {
    StretchConfig config;
    config.policy = test::default_site();
    config.seed = seed;
    config.number = number;
    config.days = days;
    config.luck = luck;
    config.tick_s = tick_s;
    return config;
}

StretchResult result_of(const StretchConfig& config) {
    const std::atomic<bool> stop{false};
    std::atomic<std::int64_t> ticks{0};
    StretchResult result = run_stretch(config, stop, ticks);
    CHECK(ticks == config.days * 86'400 / config.tick_s);
    return result;
}

StretchResult days_of(std::uint64_t seed, std::int64_t number, std::int64_t days, Luck luck, std::int64_t tick_s) {
    return result_of(config_of(seed, number, days, luck, tick_s));
}

std::string found(const StretchResult& result) {
    std::string text;
    for (const Violation& one : result.violations) text += one.property + ": " + one.text + "\n" + one.context;
    return text;
}

/// A bench whose ticks the checker watches, and whose reports the test can change.
struct Watched {
    test::Bench bench;
    Safety safety{bench.policy};
    Truth truth;
    std::vector<Happening> begun;
    Violations violations;

    Watched() {
        truth.draws_w.resize(bench.policy.outputs.size());
        truth.begun = &begun;
        truth.began = true;
    }
    void see(const Decision& decision) {
        truth.now_s = bench.now().count() / 1000;
        truth.shown.volts_cv = bench.volts_now.steps;
        safety.see(truth, bench.snapshot, bench.policy, decision, violations);
        truth.began = false;
    }
    void run(Duration time) {
        for (const Time end = bench.now() + time; bench.now() < end;) see(bench.tick());
    }
    bool found(const std::string& property) const {
        const auto& list = violations.list();
        return std::any_of(list.begin(), list.end(), [&](const Violation& v) { return v.property == property; });
    }
};

Command on(Index output) {
    Command command;
    command.output = output;
    command.on = true;
    return command;
}

/// Reads the number in tests/simulation/known_hash.
std::uint64_t known_hash() {
    std::ifstream file(VOLT_SOURCE_DIR "/tests/simulation/known_hash");
    std::uint64_t hash = 0;
    file >> std::hex >> hash;
    return hash;
}

/// Returns the place of a reason's number in a line of the log, or 0 if it has none.
std::size_t place_of_reason(const std::vector<std::string>& words) {
    if (words[1] == "order" || words[1] == "again") return 5;
    return words[1] == "run" || words[1] == "stop" ? 3 : 0;
}

/// Hashes the log as written before the night budget existed: reasons after `budget` had a number one less.
std::uint64_t hash_without_budget(const std::string& log) {
    constexpr int budget = static_cast<int>(Reason::budget);
    Log renumbered(false);
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream text(line);
        std::vector<std::string> words{std::istream_iterator<std::string>(text), {}};
        if (const std::size_t place = place_of_reason(words); place != 0) {
            const int number = std::stoi(words.at(place));
            CHECK(number != budget);
            words[place] = std::to_string(number > budget ? number - 1 : number);
        }
        renumbered.line(fmt::format("{}", fmt::join(words, " ")));
    }
    return renumbered.hash();
}

}  // namespace

TEST_CASE("simulation: bad days of all seasons break nothing") {
    for (std::int64_t stretch = 0; stretch < 4; ++stretch) {
        CAPTURE(stretch);
        const StretchResult result =
            days_of(11 + static_cast<std::uint64_t>(stretch), stretch, 1, stretch % 2 == 0 ? Luck::some : Luck::much, 5);
        CHECK_MESSAGE(result.violations.empty(), found(result));
    }
}

TEST_CASE("simulation: a summer day earns at one tick per second") {
    const StretchResult result = days_of(3, 2, 1, Luck::none, 1);
    CHECK_MESSAGE(result.violations.empty(), found(result));
    CHECK(result.totals.starts.at("primary-s21-revenue") >= 1);
    CHECK(result.totals.watt_seconds.at("primary-s21-revenue") > 10 * 3'600'000LL);
}

// A change of the rules, the physics or the plan of a day changes this number. README.md here describes the update.
TEST_CASE("simulation: one seed gives one log on every machine") {
    const std::uint64_t first = days_of(7, 1, 1, Luck::much, 5).hash;
    CHECK(days_of(7, 1, 1, Luck::much, 5).hash == first);
    CHECK(days_of(8, 1, 1, Luck::none, 5).hash != first);
    CHECK_MESSAGE(first == known_hash(), fmt::format("this run: {:016x}", first));
}

// The number comes from the last state without budget and bridge. A day with an active bridge changes the log.
TEST_CASE("simulation: without bank and bridge the log is the old one") {
    constexpr std::uint64_t before = 0x9d8ac3733fd6f9fa;
    StretchConfig config = config_of(7, 2, 1, Luck::some, 5);
    config.keep_log = true;
    CHECK(hash_without_budget(result_of(config).log) != before);
    config.policy.preferences.bridge_wh = 0;
    const std::uint64_t now = hash_without_budget(result_of(config).log);
    CHECK_MESSAGE(now == before, fmt::format("this run: {:016x}", now));
}

TEST_CASE("simulation: finds an ON at a voltage that forbids it") {
    Watched w;
    w.run(300s);
    REQUIRE(w.violations.list().empty());
    Decision bad = w.bench.last;
    bad.battery.voltage = 4500_cV;
    bad.commands = {on(test::site::s21_relay)};
    w.see(bad);
    CHECK(w.found("1 critical"));
    CHECK(w.found("1 emergency"));
    CHECK(w.found("voltage"));
}

TEST_CASE("simulation: finds an ON after the grace of a blind site") {
    Watched w;
    w.run(300s);
    w.bench.sources_silent(true);
    w.run(90s);
    REQUIRE_FALSE(w.found("4 blind"));
    Decision bad = w.bench.last;
    bad.commands = {on(test::site::s21_relay)};
    w.see(bad);
    CHECK(w.found("4 blind"));
    CHECK(w.found("8 unwanted"));
}

TEST_CASE("simulation: finds a start too low, too early and too often") {
    Watched w;
    w.bench.volts(4800_cV).pv(0_W);
    w.run(60s);
    REQUIRE(w.violations.list().empty());
    for (const bool wanted : {true, false, true}) {
        Decision bad = w.bench.last;
        bad.verdicts[0].wanted = wanted;
        bad.verdicts[0].reason = wanted ? Reason::running : Reason::voltage;
        if (wanted) bad.commands = {on(test::site::s21_relay)};
        w.see(bad);
        w.bench.snapshot.now += 1s;
        w.bench.snapshot.outputs[0].state = wanted ? OutputState::on : OutputState::off;
    }
    CHECK(w.found("2 start voltage"));
    CHECK(w.found("3 rest"));
    CHECK(w.found("5 headroom"));
    Decision bad = w.bench.last;
    bad.verdicts[1].wanted = true;
    bad.verdicts[1].reason = Reason::running;
    bad.commands = {on(test::site::s19_relay)};
    w.see(bad);
    CHECK(w.found("3 stagger"));
}

TEST_CASE("simulation: finds more changes than property 12 allows") {
    Watched w;
    w.run(60s);
    for (int i = 0; i < 8; ++i) {
        Decision bad = w.bench.last;
        Command command = on(test::site::s21_relay);
        command.on = i % 2 == 0;
        bad.commands = {command};
        w.bench.snapshot.now += 60s;
        w.bench.tick();
        w.see(bad);
    }
    CHECK(w.found("12 changes"));
}

TEST_CASE("simulation: finds fan and heater running together") {
    Watched w;
    w.run(60s);
    Decision bad = w.bench.last;
    bad.commands = {on(test::site::heat_heater), on(test::site::heat_fan)};
    w.see(bad);
    CHECK(w.found("7 fan"));
}

TEST_CASE("simulation: finds a load that drains the bank unless excusable") {
    Watched w;
    w.truth.draws_w[0] = 3878;
    w.truth.shown.volts_cv = 4480;
    for (w.truth.now_s = 10'000; w.truth.now_s < 10'600; ++w.truth.now_s) {
        w.truth.source_until_s[0] = w.truth.source_until_s[1] = 20'000;
        w.safety.see_battery(w.truth, w.bench.policy, w.violations);
    }
    CHECK_FALSE(w.found("drained"));
    w.truth.source_until_s[0] = w.truth.source_until_s[1] = 0;
    for (; w.truth.now_s < 11'000; ++w.truth.now_s) w.safety.see_battery(w.truth, w.bench.policy, w.violations);
    CHECK(w.found("drained"));
}

TEST_CASE("simulation: finds loads that never run or flap") {
    Watched w;
    w.run(60s);
    Liveness liveness(w.bench.policy);
    Decision idle = w.bench.last;
    idle.verdicts[0].wanted = false;
    w.truth.shown = {5500, 3000, 5000, 8450, 1850, 80, 200, {200, 200}, true};
    for (w.truth.now_s = 100'000; w.truth.now_s < 100'000 + late_s; ++w.truth.now_s)
        liveness.see(w.truth, w.bench.snapshot, w.bench.policy, idle, w.violations);
    CHECK_FALSE(w.found("late"));
    for (int i = 0; i < 400; ++i, ++w.truth.now_s) liveness.see(w.truth, w.bench.snapshot, w.bench.policy, idle, w.violations);
    CHECK(w.found("late"));
    for (int i = 0; i < 40; ++i, w.truth.now_s += 900) {
        idle.verdicts[0].wanted = i % 2 == 0;
        liveness.see(w.truth, w.bench.snapshot, w.bench.policy, idle, w.violations);
    }
    CHECK(w.found("flaps"));
}

TEST_CASE("simulation: finds a seventh start in two hours at a full bank, else a fifth") {
    for (const bool full : {false, true}) {
        CAPTURE(full);
        Watched w;
        w.run(60s);
        Liveness liveness(w.bench.policy);
        Decision bad = w.bench.last;
        bad.budget.full = full;
        const int most = full ? 6 : 4;
        for (int start = 1; start <= most + 1; ++start) {
            CHECK_FALSE(w.found("flaps in two hours"));
            for (const bool wanted : {true, false}) {
                bad.verdicts[0].wanted = wanted;
                w.truth.now_s = 100'000 + start * 900;
                liveness.see(w.truth, w.bench.snapshot, w.bench.policy, bad, w.violations);
            }
        }
        CHECK(w.found("flaps in two hours"));
    }
}

TEST_CASE("simulation: finds a budget that allows loads at odds") {
    Watched w;
    w.run(60s);
    w.bench.policy.preferences.bank_wh = 31'200;
    Decision bad = w.bench.last;
    bad.power.balance.at_odds = true;
    bad.verdicts[0].wanted = true;
    bad.verdicts[0].reason = Reason::running;
    const auto see_for = [&](Duration time) {
        for (const Time end = w.bench.now() + time; w.bench.now() < end; w.bench.snapshot.now += 10s) w.see(bad);
    };
    see_for(1200s);
    CHECK(w.found("29 gate"));
    CHECK_FALSE(w.found("29 runs"));
    see_for(30s);
    CHECK(w.found("29 runs"));
    CHECK(w.found("31 honest") == false);
    see_for(1h);
    CHECK(w.found("31 honest"));
}

TEST_CASE("simulation: finds a budget that allows loads by a wrong bank_wh") {
    for (const bool full : {true, false}) {
        CAPTURE(full);
        Watched w;
        w.run(60s);
        w.bench.policy.preferences.bank_wh = 31'200;
        Decision bad = w.bench.last;
        bad.budget.doubt = SizeDoubt{};
        bad.budget.full = full;
        bad.verdicts[0].wanted = true;
        bad.verdicts[0].reason = Reason::running;
        for (const Time end = w.bench.now() + 1230s; w.bench.now() < end; w.bench.snapshot.now += 10s) w.see(bad);
        CHECK(w.found("29 gate") != full);
        CHECK(w.found("29 runs") != full);
    }
}

TEST_CASE("simulation: finds a bridge longer than an hour since float") {
    Watched w;
    w.bench.volts(5500_cV).run(60s);
    Decision bad = w.bench.last;
    bad.budget.bridged = true;
    const auto see_for = [&](Duration time) {
        for (const Time end = w.bench.now() + time; w.bench.now() < end; w.bench.snapshot.now += 10s) w.see(bad);
    };
    see_for(1h);
    CHECK_FALSE(w.found("30 bridge"));
    see_for(2min);
    CHECK(w.found("30 bridge"));
}

TEST_CASE("simulation: reversed batteries and losses appear only on request") {
    const auto turns = [](const StretchResult& result) {
        return result.totals.happenings[static_cast<std::size_t>(What::battery_turned)];
    };
    StretchConfig config = config_of(7, 2, 30, Luck::some, 5);
    config.policy.preferences.bank_wh = 31'200;
    CHECK(turns(result_of(config)) == 0);
    config.battery_turns = config.losses = true;
    const StretchResult real = result_of(config);
    CHECK_MESSAGE(real.violations.empty(), found(real));
    CHECK(turns(real) > 0);
    CHECK(real.totals.alarms[static_cast<std::size_t>(AlarmCode::powers_at_odds)] > 0);
}

TEST_CASE("simulation: the database accepts all changed settings") {
    std::size_t different = 0;
    const Policy usual = test::default_site();
    for (std::uint64_t seed = 1; seed < 3000; ++seed) {
        CAPTURE(seed);
        const Policy policy = changed(usual, seed);
        CHECK(refused_by_database(policy).empty());
        if (policy.miners[0].start != usual.miners[0].start || policy.preferences.mode != usual.preferences.mode) ++different;
    }
    CHECK(different > 100);
    Policy bad = usual;
    bad.miners[0].stop = bad.miners[0].start;
    CHECK(refused_by_database(bad) == "voltages");
    bad = usual;
    bad.preferences.low = bad.preferences.restart;
    CHECK(refused_by_database(bad) == "thresholds");
}

TEST_CASE("simulation: local time changes its hour twice a year") {
    constexpr std::int64_t hour_ms = 3'600'000;
    CHECK(local_offset_ms(1'741'514'399'000) == -8 * hour_ms);  // 2025-03-09 01:59:59 wall time
    CHECK(local_offset_ms(1'741'514'400'000) == -7 * hour_ms);
    CHECK(local_offset_ms(1'762'073'999'000) == -7 * hour_ms);  // 2025-11-02 01:59:59 wall time, the first one
    CHECK(local_offset_ms(1'762'074'000'000) == -8 * hour_ms);
}

TEST_CASE("simulation: the sun rises and sets with the season") {
    constexpr std::int64_t hour_ms = 3'600'000;
    const auto minutes = [](std::int32_t day, std::int64_t offset_h) {
        const auto sun = sun_of_day(day, offset_h * hour_ms, 37.34, -121.89);
        REQUIRE(sun);
        return std::pair{sun->rise / 60, sun->set / 60};
    };
    const auto near = [](int minute, int hour, int of_hour) { return std::abs(minute - hour * 60 - of_hour) <= 3; };
    const auto [summer_rise, summer_set] = minutes(20'259, -7);  // 2025-06-20
    CHECK(near(summer_rise, 5, 48));
    CHECK(near(summer_set, 20, 31));
    const auto [winter_rise, winter_set] = minutes(20'443, -8);  // 2025-12-21
    CHECK(near(winter_rise, 7, 18));
    CHECK(near(winter_set, 16, 54));
    CHECK_FALSE(sun_of_day(20'443, 0, 75, 0));
}

TEST_CASE("simulation: sites that know their place and gateways break nothing") {
    StretchConfig config = config_of(7, 2, 3, Luck::much, 5);
    config.policy.preferences.bank_wh = 31'200;
    config.place_known = config.gateway = config.battery_sticks = true;
    for (const char* pack : {"pack-1", "pack-2"}) config.policy.battery_temperatures.push_back({pack, 600s, false});
    const StretchResult result = result_of(config);
    CHECK_MESSAGE(result.violations.empty(), found(result));
}

TEST_CASE("simulation: the plan of a day depends on seed and day alone") {
    const std::vector<Happening> plan = plan_of_day(5, 3, Luck::much, {});
    REQUIRE(plan.size() >= 10);
    CHECK(plan.size() == plan_of_day(5, 3, Luck::much, {}).size());
    CHECK(std::is_sorted(plan.begin(), plan.end(), [](auto& a, auto& b) { return a.from_s < b.from_s; }));
    CHECK(plan.front().from_s >= 3 * 86'400);
    CHECK(plan.back().from_s < 4 * 86'400);
    for (const Happening& one : plan_of_day(5, 3, Luck::none, {})) CHECK(one.what == What::house_load);
}
