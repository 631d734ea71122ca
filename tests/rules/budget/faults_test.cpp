// Faults and bad input: checks the budget's reaction to each, and that no load runs that would not run without a budget.
#include <doctest/doctest.h>

#include <string>

#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// Starts at 22:00 with 52.30 V, a house of 1,000 W, and enough in the bank for the S21+ to run all night.
Bench night() {
    Bench bench;
    bench.policy.preferences.bank_wh = 100'000;
    bench.step = 4s;
    bench.snapshot.utc = Utc((std::int64_t{20'000} * 86'400 + 22 * 3600) * 1000);
    bench.clock(22).volts(5230_cV).pv(Watts{0}).house_load(1000_W).battery(Watts{-1000}).sunny(false);
    return bench;
}

/// Sets the learned days: dawn 07:00, dusk 18:00, 60 kWh per day.
void teach(Bench& bench) {
    DaysMemory& days = bench.state.site.budget.days;
    days.day = bench.snapshot.local.day;
    for (int i = 0; i < 3; ++i) {
        days.rises.add(7 * 3600);
        days.falls.add(18 * 3600);
        days.sums.add(wh(60'000));
    }
    bench.state.site.budget.house_mean = 1'000 * millionths;
    bench.state.site.budget.house_seen = 6h;
}

/// Restarts the daemon `later`: keeps the stored part of the budget, and counts its age as time without battery power.
void restart(Bench& bench, Duration later) {
    const BudgetMemory was = bench.state.site.budget;
    bench.state = RuleState{};
    BudgetMemory& kept = bench.state.site.budget;
    kept.days = was.days;
    kept.days.pv_mean.reset();
    kept.days.base_mean.reset();
    kept.house_mean = was.house_mean;
    kept.house_seen = was.house_seen;
    kept.raised_percent = was.raised_percent;
    kept.fit = was.fit;
    kept.bank.counted = was.bank.counted;
    kept.bank.lost = was.bank.lost + later;
}

bool starts(const Bench& bench) {
    return std::any_of(bench.log.begin(), bench.log.end(),
                       [&](const auto& sent) { return sent.second.output == site::s21_relay && sent.second.on; });
}

/// Runs the same site without a budget on the state of each tick. A load that runs here while nothing is bridged runs there too,
/// and nothing starts here that voltage, stage, source or sag forbid there. The stagger and the order between loads may differ.
class Beside {
public:
    explicit Beside(Bench& bench) : before_(bench.state) {
        bench.each_tick = [this](const Bench& now) { look(now); };
    }

    std::string looser;
    std::size_t judged = 0;

private:
    void look(const Bench& now) {
        Policy without = now.policy;
        without.preferences.bank_wh.reset();
        SiteSnapshot snapshot = now.snapshot;
        const Decision other = decide(snapshot, without, std::move(before_));
        before_ = now.state;
        if (now.last.budget.bridged) return;
        for (std::size_t i = 0; i < now.last.verdicts.size(); ++i) {
            if (!now.last.verdicts[i].wanted) continue;
            ++judged;
            const Verdict& verdict = other.verdicts[i];
            const bool only_order = verdict.reason == Reason::stagger || verdict.reason == Reason::priority;
            if (!verdict.wanted && !only_order && looser.empty())
                looser = "load " + std::to_string(i) + " at " + std::to_string(now.snapshot.now.count()) + " ms";
        }
    }
    RuleState before_;
};

struct Row {
    const char* what;
    void (*fault)(Bench&);  ///< applied to the site after 10 min
    bool known;             ///< the budget is known 2 h later
    BudgetGap gap;
    bool runs;            ///< the S21+ is on then
    bool started = true;  ///< it was ever started
};

void other_kind(Bench& b) {
    b.change([](Policy& p) {
        p.preferences.curve = {{4500_cV, {0}},    {5150_cV, {1000}}, {5250_cV, {4000}},
                               {5320_cV, {7000}}, {5350_cV, {9500}}, {5600_cV, {10000}}};
    });
}

void restart_at_three(Bench& b) {
    restart(b, 120s);
    b.clock(3);
    b.snapshot.local.day += 1;
    b.snapshot.utc += 4h + 50min;
}

constexpr auto silent_source = [](Bench& b) { b.silent_sources[0] = true; };

const Row rows[] = {
    {"nothing", [](Bench&) {}, true, BudgetGap::none, true},
    {"no PV", [](Bench& b) { b.pv(std::nullopt); }, true, BudgetGap::none, true},
    {"no site load: the house keeps its value", [](Bench& b) { b.house_load(std::nullopt); }, true, BudgetGap::none, true},
    {"no battery power: charge by the voltage", [](Bench& b) { b.battery(std::nullopt); }, true, BudgetGap::no_battery_power,
     true},
    {"all powers stale", [](Bench& b) { b.power_heard = false; }, true, BudgetGap::no_battery_power, true},
    {"a fallback source: what runs goes on", silent_source, true, BudgetGap::none, true},
    {"blind: all is off, and the budget is not known", [](Bench& b) { b.sources_silent(true); }, false, BudgetGap::no_voltage,
     false},
    {"the clock is not trusted: 16 h are kept", [](Bench& b) { b.snapshot.clock_trusted = false; }, true,
     BudgetGap::clock_untrusted, true},
    {"the clock moved a day back", [](Bench& b) { b.snapshot.local.day -= 1; }, true, BudgetGap::none, true},
    {"the clock moved a day on", [](Bench& b) { b.snapshot.local.day += 1; }, true, BudgetGap::none, true},
    {"winter time", [](Bench& b) { b.clock(21, 10); }, true, BudgetGap::none, true},
    {"a generator charges", [](Bench& b) { b.battery(5000_W).volts(5560_cV); }, true, BudgetGap::none, true},
    {"a bank written half as large: less is to spare",
     [](Bench& b) { b.change([](Policy& p) { p.preferences.bank_wh = 20'000; }); }, true, BudgetGap::none, false},
    {"a bank written twice as large", [](Bench& b) { b.change([](Policy& p) { p.preferences.bank_wh = 200'000; }); }, true,
     BudgetGap::none, true},
    {"a curve of the other kind that reads less", other_kind, true, BudgetGap::none, true},
    {"low voltage: the voltage stops, and shows that the bank holds less than bank_wh", [](Bench& b) { b.volts(4650_cV); }, false,
     BudgetGap::bank_wh, false},
    {"a restart at 03:00", restart_at_three, true, BudgetGap::none, true},
    {"a database from last month",
     [](Bench& b) { restart(b, 30 * 24h), b.state.site.budget.days.day = b.snapshot.local.day - 30; }, true, BudgetGap::none,
     true},
    {"the first day, without any memory", [](Bench& b) { b.state.site.budget = {}; }, true, BudgetGap::first_day, true},
};

}  // namespace

TEST_CASE("by night: the voltage rules continue unchanged or stricter after faults") {
    for (const Row& row : rows) {
        const std::string what = row.what;
        CAPTURE(what);
        Bench bench = night();
        teach(bench);
        bench.run(600s);
        REQUIRE(bench.wanted(site::s21));
        row.fault(bench);
        Beside beside(bench);
        bench.run(2h);
        CHECK(beside.looser == "");
        CHECK(bench.last.budget.known == row.known);
        CHECK(bench.last.budget.gap == row.gap);
        CHECK(bench.wanted(site::s21) == row.runs);
        CHECK((beside.judged > 0 || !row.runs));
        CHECK_FALSE(bench.last.budget.full);
        CHECK(bench.last.budget.sun == Energy{});
    }
}

TEST_CASE("by night: a fault before a start starts nothing extra") {
    const Row begins[] = {
        {"nothing", [](Bench&) {}, true, BudgetGap::none, true, true},
        {"no PV", [](Bench& b) { b.pv(std::nullopt); }, true, BudgetGap::none, true, true},
        {"no site load ever: not known, nothing starts",
         [](Bench& b) { b.house_load(std::nullopt), b.state.site.budget.house_mean.reset(); }, false, BudgetGap::no_load, false,
         false},
        {"no battery power", [](Bench& b) { b.battery(std::nullopt); }, true, BudgetGap::no_battery_power, true, true},
        {"a fallback source: nothing starts", silent_source, true, BudgetGap::none, false, false},
        {"blind", [](Bench& b) { b.sources_silent(true); }, false, BudgetGap::no_voltage, false, false},
        {"the clock is not trusted", [](Bench& b) { b.snapshot.clock_trusted = false; }, true, BudgetGap::clock_untrusted, true,
         true},
        {"a bank at its floor", [](Bench& b) { b.volts(4750_cV), b.change([](Policy& p) { p.miners[0].start = 4740_cV; }); },
         true, BudgetGap::none, false, false},
        {"under the start voltage", [](Bench& b) { b.volts(4990_cV); }, true, BudgetGap::none, false, false},
        {"the first day", [](Bench& b) { b.state.site.budget = {}; }, true, BudgetGap::first_day, true, true},
        {"at 03:00, without any memory", [](Bench& b) { b.state.site.budget = {}, b.clock(3); }, true, BudgetGap::first_day, true,
         true},
    };
    for (const Row& row : begins) {
        const std::string what = row.what;
        CAPTURE(what);
        Bench bench = night();
        teach(bench);
        row.fault(bench);
        Beside beside(bench);
        bench.run(1h);
        CHECK(beside.looser == "");
        CHECK(bench.last.budget.known == row.known);
        CHECK(bench.last.budget.gap == row.gap);
        CHECK(bench.wanted(site::s21) == row.runs);
        CHECK((beside.judged > 0 || !row.runs));
        CHECK(starts(bench) == row.started);
    }
}

TEST_CASE("by day: snow is no sun, and a generator no full bank") {
    struct Day {
        const char* what;
        Watts pv, battery;
        Volts volts;
        bool full, sun;
    };
    const Day days[] = {
        {"sun", 9500_W, 100_W, 5620_cV, true, true},
        {"snow", 40_W, Watts{-960}, 5230_cV, false, false},
        {"snow, and a generator fills the bank", 40_W, 1000_W, 5620_cV, false, false},
        {"a morning that is dark until noon", 300_W, Watts{-700}, 5230_cV, false, false},
    };
    for (const Day& day : days) {
        const std::string what = day.what;
        CAPTURE(what);
        Bench bench = night();
        teach(bench);
        bench.clock(12).pv(day.pv).battery(day.battery).volts(day.volts);
        bench.snapshot.utc = Utc((std::int64_t{20'000} * 86'400 + 12 * 3600) * 1000);
        bench.state.site.budget.days.sum = wh(day.sun ? 25'000 : 200);
        Beside beside(bench);
        bench.run(1h);
        CHECK(beside.looser == "");
        CHECK(bench.last.budget.full == day.full);
        CHECK((bench.last.budget.sun > Energy{}) == day.sun);
    }
}

TEST_CASE("the end of daylight saving moves dawn by the clock") {
    Bench bench = night();
    teach(bench);
    bench.run(600s);
    const Energy need = bench.last.budget.need;
    REQUIRE(bench.last.budget.times.dawn == 7 * 3600);
    bench.clock(21, 10);  // an hour back; UTC continues
    bench.tick();
    CHECK(bench.last.budget.times.dawn == 6 * 3600);
    const Energy moved = bench.last.budget.need - need;
    CHECK(moved < wh(5));
    CHECK(moved > wh(-5));
}
