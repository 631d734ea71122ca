// Every threshold and delay of a stop, of a rest and of outputs: the ticks before, at and after it.
#include <doctest/doctest.h>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

using Edit = std::function<void(Bench&)>;

/// Runs the S21 on sun, without a share of the battery.
Bench s21_on_sun(Duration min_on) {
    Policy policy = default_site();
    policy.miners[0].operating_mode = OperatingMode::opportunistic;
    policy.miners[0].min_on = min_on;
    Bench bench(policy);
    bench.battery(Watts{-1000});
    REQUIRE(bench.until_on(site::s21));
    return bench;
}

/// Runs the S19 alone at noon, not held back.
Bench s19_on_sun(Duration min_on) {
    Policy policy = default_site();
    policy.miners[0].enabled = false;
    policy.miners[1].min_on = min_on;
    Bench bench(policy);
    bench.volts(5500_cV).pv(9000_W).battery(Watts{-300}).clock(12);
    REQUIRE(bench.until_on(site::s19));
    return bench;
}

/// Runs the S19 alone, started on held-back PV; `bench.now()` is the time of its order.
Bench s19_held_back(Duration min_on) {
    Policy policy = default_site();
    policy.miners[0].enabled = false;
    policy.miners[1].min_on = min_on;
    policy.preferences.bridge_wh = 0;
    Bench bench(policy);
    bench.volts(5500_cV).pv(2000_W).house_load(2000_W).battery(0_W).clock(11).run(60s);
    REQUIRE(bench.reason(site::s19) == Reason::held_back);
    return bench;
}

/// Runs until `now` is `time`, in steps of 5 s while far from it; these are not gaps.
void run_to(Bench& bench, Time time) {
    while (bench.now() < time) {
        bench.step = time - bench.now() > 60s ? 5s : 1s;
        bench.tick();
    }
    bench.step = 1s;
}

}  // namespace

TEST_CASE("edges: a step past voltage or power stops after exactly 30 s") {
    const auto stop = [](std::int64_t v) {
        return [=](Bench& b) { b.change([](Policy& p) { p.miners[0].stop = 4800_cV; }).volts({v}); };
    };
    const auto pv = [](std::int64_t w) { return [=](Bench& b) { b.pv(Watts{w}); }; };
    const auto reserve = [](std::int64_t v, std::optional<Watts> battery) {
        return [=](Bench& b) {
            b.battery(battery).run(300s);  // past the 60 s means
            b.change([](Policy& p) { p.preferences.reserve = 5100_cV; }).volts({v});
        };
    };
    const struct {
        const char* what;
        Edit set;
        std::optional<Reason> stops;
    } rows[] = {{"at the stop voltage", stop(4800), std::nullopt},
                {"10 mV under it", stop(4799), Reason::voltage},
                {"lacks 499 W", pv(1850 + 3379), std::nullopt},
                {"lacks 500 W", pv(1850 + 3378), std::nullopt},
                {"lacks 501 W", pv(1850 + 3377), Reason::power},
                {"at the reserve, on the battery", reserve(5100, Watts{-1000}), std::nullopt},
                {"under the reserve, -199 W", reserve(5099, Watts{-199}), std::nullopt},
                {"under the reserve, -200 W", reserve(5099, Watts{-200}), std::nullopt},
                {"under the reserve, -201 W", reserve(5099, Watts{-201}), Reason::voltage},
                {"under the reserve, battery power unknown", reserve(5099, std::nullopt), Reason::voltage}};
    for (const auto& row : rows) {
        CAPTURE(row.what);
        Bench bench = s21_on_sun(0s);
        bench.policy.control.spike = 1000_cV;
        bench.run(200s);
        row.set(bench);
        bench.run(30s);  // the first tick is the first true one
        CHECK(bench.wanted(site::s21));
        bench.tick();
        CHECK(bench.wanted(site::s21) == !row.stops);
        if (row.stops) CHECK(bench.reason(site::s21) == *row.stops);
        if (!row.stops) CHECK(bench.run(100s).wanted(site::s21));
    }
}

TEST_CASE("edges: stops by sun, excess and weather") {
    const struct {
        const char* what;
        Edit set;
        std::optional<Reason> stops;
    } rows[] = {{"PV 8,000 W", [](Bench& b) { b.pv(8000_W); }, std::nullopt},
                {"PV 7,999 W", [](Bench& b) { b.pv(7999_W); }, Reason::sun},
                {"PV unknown", [](Bench& b) { b.pv(std::nullopt); }, Reason::sun},
                {"excess 3,000 W", [](Bench& b) { b.house_load(6000_W); }, std::nullopt},
                {"excess 2,999 W", [](Bench& b) { b.house_load(6001_W); }, Reason::excess},
                {"not sunny", [](Bench& b) { b.sunny(false); }, Reason::weather},
                {"nobody knows", [](Bench& b) { b.sunny(std::nullopt); }, Reason::weather}};
    for (const auto& row : rows) {
        CAPTURE(row.what);
        Bench bench = s19_on_sun(0s);
        bench.run(200s);
        row.set(bench);
        bench.run(30s);
        CHECK(bench.wanted(site::s19));
        bench.tick();
        CHECK(bench.wanted(site::s19) == !row.stops);
        if (row.stops) CHECK(bench.reason(site::s19) == *row.stops);
        if (!row.stops) CHECK(bench.run(100s).wanted(site::s19));
    }
}

TEST_CASE("edges: soft stops act 600 s after the confirmation") {
    const struct {
        Reason reason;
        Edit set;
    } rows[] = {{Reason::voltage, [](Bench& b) { b.volts(5299_cV); }}, {Reason::power, [](Bench& b) { b.house_load(6800_W); }},
                {Reason::sun, [](Bench& b) { b.pv(7999_W); }},         {Reason::excess, [](Bench& b) { b.house_load(6001_W); }},
                {Reason::weather, [](Bench& b) { b.sunny(false); }},   {Reason::schedule, [](Bench& b) { b.clock(16); }}};
    for (const auto& row : rows) {
        CAPTURE(static_cast<int>(row.reason));
        Bench bench = s19_on_sun(600s);
        bench.policy.control.spike = 1000_cV;
        const Time on = *bench.state.loads[1].on_since;
        bench.run(200s);
        row.set(bench);
        run_to(bench, on + 599s);
        CHECK(bench.wanted(site::s19));
        CHECK(bench.reason(site::s19) == Reason::min_on);
        bench.tick();
        CHECK_FALSE(bench.wanted(site::s19));
        CHECK(bench.reason(site::s19) == row.reason);
    }
}

TEST_CASE("edges: a shortfall of 2,000 W does not wait for min_on_s") {
    for (const std::int64_t lacks : {1999, 2000, 2001}) {
        CAPTURE(lacks);
        Bench bench = s21_on_sun(600s);
        bench.run(200s).pv(Watts{1850 + 3878 - lacks}).run(31s);
        CHECK(bench.wanted(site::s21) == (lacks < 2000));
    }
}

TEST_CASE("edges: the inverter stops one watt over 110 % after 5 s") {
    const struct {
        std::int64_t most, load;
        bool over;
    } rows[] = {{12000, 13199, false}, {12000, 13200, false}, {12000, 13201, true}, {12005, 13205, false}, {12005, 13206, true}};
    for (const auto& row : rows) {
        CAPTURE(row.load);
        Bench bench;
        bench.change([&](Policy& p) { p.preferences.inverter_max = Watts{row.most}; });
        bench.pv(20000_W);
        REQUIRE(bench.until_on(site::s21));
        bench.run(100s).house_load(Watts{row.load - 3878}).run(5s);
        CHECK(bench.wanted(site::s21));
        bench.tick();
        CHECK(bench.wanted(site::s21) == !row.over);
        if (row.over) CHECK(bench.reason(site::s21) == Reason::inverter);
    }
}

TEST_CASE("edges: rest after n short runs is exact to the second") {
    const struct {
        int runs;
        Duration min_off, rest;
    } rows[] = {{0, 300s, 300s},  {0, 0s, 0s},      {1, 0s, 600s},    {1, 900s, 900s},  {2, 300s, 1200s},
                {3, 300s, 2400s}, {4, 300s, 4800s}, {5, 300s, 7200s}, {5, 7300s, 7300s}};
    for (const auto& row : rows) {
        CAPTURE(row.runs);
        Bench bench;
        bench.policy.miners[0].min_off = row.min_off;
        REQUIRE(bench.until_on(site::s21));
        bench.ask(TargetKind::miner, 0, OverrideKind::off).tick();
        bench.tick();
        bench.state.loads[0].short_runs = row.runs;
        const Time off = *bench.state.loads[0].off_since;
        bench.ask(TargetKind::miner, 0, OverrideKind::automatic);
        if (row.rest == 0s) {
            CHECK_FALSE(bench.tick().verdicts[0].gates.find(GateName::rest)->remaining);
            CHECK_FALSE(bench.blocks(site::s21, GateName::rest));
            continue;
        }
        run_to(bench, off + row.rest - 1s);
        CHECK(bench.gate(site::s21, GateName::rest).remaining == 1s);
        CHECK_FALSE(bench.wanted(site::s21));
        bench.tick();
        CHECK(bench.wanted(site::s21));
    }
}

TEST_CASE("edges: a run of 59:59 is short and one hour resets") {
    const struct {
        Duration length;
        int runs;
    } rows[] = {{3599s, 3}, {3600s, 0}, {3601s, 0}};
    for (const auto& row : rows) {
        CAPTURE(row.length.count());
        Bench bench = s21_on_sun(600s);
        bench.state.loads[0].short_runs = 2;
        const Time on = *bench.state.loads[0].on_since;
        run_to(bench, on + row.length - 31s);
        bench.pv(0_W).run(31s);
        CHECK(bench.now() == on + row.length);
        CHECK(bench.reason(site::s21) == Reason::power);
        CHECK(bench.state.loads[0].short_runs == row.runs);
    }
}

TEST_CASE("edges: a held-back start is held out within min_on_s + stop_hold_s") {
    const struct {
        Duration after;
        bool out;
    } rows[] = {{629s, true}, {630s, true}, {631s, false}};
    for (const auto& row : rows) {
        CAPTURE(row.after.count());
        Bench bench = s19_held_back(590s);
        bench.policy.miners[1].min_on = 600s;
        const Time ordered = bench.now();
        bench.run(2s).pv(6000_W);
        run_to(bench, ordered + row.after - 31s);
        bench.battery(Watts{-3000}).pv(0_W);
        REQUIRE(bench.until_unwanted(site::s19));
        CHECK(bench.now() == ordered + row.after);
        CHECK(bench.state.loads[1].held_out_until.has_value() == row.out);
    }
}

TEST_CASE("edges: a held-back start is spared for 180 s near float") {
    const struct {
        std::int64_t volts;
        Duration stops;
    } rows[] = {{5451, 210s}, {5450, 210s}, {5449, 41s}};
    for (const auto& row : rows) {
        CAPTURE(row.volts);
        Bench bench = s19_held_back(0s);
        const Time ordered = bench.now();
        run_to(bench, ordered + 10s);
        bench.volts({row.volts}).battery(Watts{-3000});
        REQUIRE(bench.until_unwanted(site::s19));
        CHECK(bench.now() == ordered + row.stops);
    }
}

TEST_CASE("edges: meter alarms at 20 %, 10 % and 120 % of nominal") {
    const struct {
        AlarmCode code;
        std::int64_t watts;
        bool off, stands;
        Duration after;
    } rows[] = {
        {AlarmCode::not_drawing, 799, false, true, 600s},        {AlarmCode::not_drawing, 800, false, false, 600s},
        {AlarmCode::output_stuck_on, 401, true, true, 60s},      {AlarmCode::output_stuck_on, 400, true, false, 60s},
        {AlarmCode::draw_over_nominal, 4801, false, true, 600s}, {AlarmCode::draw_over_nominal, 4800, false, false, 600s}};
    for (const auto& row : rows) {
        CAPTURE(row.watts);
        Bench bench;
        bench.change([](Policy& p) { p.miners[0].power = 4000_W; });
        bench.pv(16000_W);
        bench.device(site::s21_relay).draws = 4000_W;
        REQUIRE(bench.until_on(site::s21));
        bench.run(100s);
        if (row.off) bench.ask(TargetKind::miner, 0, OverrideKind::off).run(5s);
        bench.device(site::s21_relay).meters = false;
        bench.each_tick = [&](const Bench&) { bench.report(site::s21_relay).power = {Watts{row.watts}, bench.now() + 1s, true}; };
        bench.each_tick(bench);
        bench.run(row.after);  // true from its first tick on
        CHECK_FALSE(bench.alarm(row.code));
        bench.tick();
        CHECK(bench.alarm(row.code) == row.stands);
    }
}

TEST_CASE("edges: a switching within 60 s of voltd's command is not external") {
    for (const Duration after : {59s, 60s, 61s}) {
        CAPTURE(after.count());
        Bench bench;
        REQUIRE(bench.until_on(site::s21));
        const Time ordered = *bench.state.outputs[0].ordered_at;
        run_to(bench, ordered + after - 1s);
        bench.by_hand(site::s21_relay, OutputState::off).tick();
        CHECK(bench.verdict(site::s21).override_adopted == (after >= 60s));
        CHECK_FALSE(bench.wanted(site::s21));
    }
}

TEST_CASE("edges: overrides end on time, by default after 60 min") {
    const struct {
        OverrideKind kind;
        std::optional<Duration> lasts, ends;
    } rows[] = {{OverrideKind::on, 61s, 61s},         {OverrideKind::off, 61s, 61s}, {OverrideKind::on, std::nullopt, 3600s},
                {OverrideKind::on, 25h, 24h},         {OverrideKind::off, 24h, 24h}, {OverrideKind::off, 25h, 24h},
                {OverrideKind::off, std::nullopt, {}}};
    for (const auto& row : rows) {
        Bench bench;
        bench.run(5s).ask(TargetKind::miner, 0, row.kind, row.lasts).tick();
        const Time asked = bench.now();
        CHECK(bench.verdict(site::s21).override_until.has_value() == row.ends.has_value());
        if (!row.ends) continue;
        CHECK(*bench.verdict(site::s21).override_until == asked + *row.ends);
        if (*row.ends > 1h) continue;
        run_to(bench, asked + *row.ends - 1s);
        CHECK(bench.verdict(site::s21).override_ == row.kind);
        bench.tick();
        CHECK(bench.verdict(site::s21).override_ == OverrideKind::automatic);
    }
}

TEST_CASE("edges: a faulty output gets no start for exactly an hour") {
    Bench bench;
    bench.device(site::s21_relay).obeys = false;
    REQUIRE(bench.until([](const Bench& b) { return b.reason(site::s21) == Reason::fault; }));
    const Time failed = bench.now();
    run_to(bench, failed + 3599s);
    CHECK(bench.gate(site::s21, GateName::output).remaining == 1s);
    bench.tick();
    CHECK_FALSE(bench.blocks(site::s21, GateName::output));
}

TEST_CASE("edges: renews after a third of the lease, never without one") {
    const struct { Duration lease, gap; } rows[] = {{90s, 30s}, {91s, 31s}, {100s, 34s}, {0s, 0s}};
    for (const auto& row : rows) {
        CAPTURE(row.lease.count());
        Bench bench;
        bench.policy.outputs[0].lease = row.lease;
        REQUIRE(bench.until_on(site::s21));
        bench.forget().run(200s);
        const std::vector<Time> sent = bench.times_of(site::s21_relay, true);
        if (row.gap == 0s) CHECK(sent.empty());
        else REQUIRE(sent.size() >= 3);
        for (std::size_t i = 1; i < sent.size(); ++i) CHECK(sent[i] - sent[i - 1] == row.gap);
    }
}

TEST_CASE("edges: sheds at emergency, critical and shutdown to the step") {
    const struct {
        std::int64_t v;
        bool on;
        Reason reason;
    } rows[] = {{4601, true, Reason::running},   {4600, false, Reason::emergency}, {4501, false, Reason::emergency},
                {4500, false, Reason::critical}, {4401, false, Reason::critical},  {4400, false, Reason::shutdown},
                {4399, false, Reason::shutdown}};
    for (const auto& row : rows) {
        CAPTURE(row.v);
        Bench bench;
        bench.policy.control.spike = 1000_cV;
        bench.change([](Policy& p) { p.miners[0].emergency = 4600_cV; });
        REQUIRE(bench.until_on(site::s21));
        bench.run(5s).volts({row.v}).tick();  // no hold, no min_on_s
        CHECK(bench.wanted(site::s21) == row.on);
        if (!row.on) CHECK(bench.reason(site::s21) == row.reason);
    }
}
