// How well the rules control a site that is well: seven days of voltsim's plant, four kinds of weather, two curves of the
// bank, three seeds (each in another season), compared with a plain hysteresis and perfect foresight. Faults are another
// program's: ./dev simulate.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "tests/bench/control_rules.hpp"

namespace volt::control {

namespace {

constexpr sim::Sky skies[] = {sim::Sky::clear, sim::Sky::fair, sim::Sky::mixed, sim::Sky::grey};
constexpr std::pair<std::uint64_t, Season> seeds[] = {{11, Season::equinox}, {12, Season::summer}, {13, Season::winter}};
constexpr std::uint64_t tuning_seed = 5;
constexpr double least_score = 95, most_critical_h = 0.3, most_more_starts = 2.5;
/// Rows that the goals are about.
constexpr const char *foresight_name = "perfect foresight", *setting_name = "one setting",
                     *default_name = "default rows, bank_wh", *curve_name = "bank_wh, the bank's curve";

using Maker = std::function<Switch(const Week&)>;

struct Control {
    std::string name;
    Maker make;
};

struct Sum {
    double score = 0, critical_h = 0, worst_h = 0, lost = 0, starts_day = 0, short_runs = 0;
};

struct Row {
    std::string name;
    Sum site, cell;
};

/// Those of the site's curve first.
std::vector<Week> judged_weeks() {
    std::vector<Week> weeks;
    for (const sim::BankCurve curve : {sim::BankCurve::site, sim::BankCurve::lifepo4})
        for (const sim::Sky sky : skies)
            for (const auto& [seed, season] : seeds) weeks.push_back({sky, curve, seed, season});
    return weeks;
}

/// Weeks that are not judged.
std::vector<Week> tuning_weeks() {
    std::vector<Week> weeks;
    for (const sim::BankCurve curve : {sim::BankCurve::site, sim::BankCurve::lifepo4})
        for (const sim::Sky sky : {sim::Sky::fair, sim::Sky::grey})
            for (const auto& [seed, season] : seeds) weeks.push_back({sky, curve, tuning_seed, season});
    return weeks;
}

/// What came of each week (of the first control, then of the next), on all cores.
std::vector<Outcome> run_all(const std::vector<Control>& controls, const std::vector<Week>& weeks) {
    std::vector<Outcome> outcomes(controls.size() * weeks.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < outcomes.size(); i = next++) {
            const Week& week = weeks[i % weeks.size()];
            outcomes[i] = run(week, controls[i / weeks.size()].make(week));
            if (i % weeks.size() == 0) std::cerr << '.' << std::flush;
        }
    };
    std::vector<std::thread> workers(std::max(1U, std::thread::hardware_concurrency()));
    for (std::thread& worker : workers) worker = std::thread(work);
    for (std::thread& worker : workers) worker.join();
    return outcomes;
}

/// On at or above one voltage, off at or under another, for each load: what a voltage relay does.
struct Thermostat {
    std::array<double, 2> on, off;
    Loads operator()(const sim::Plant& plant, const Loads& now, std::int64_t) const {
        Loads next = now;
        for (std::size_t i = 0; i < next.size(); ++i) {
            if (plant.bank().volts() >= on[i]) next[i] = true;
            if (plant.bank().volts() <= off[i]) next[i] = false;
        }
        return next;
    }
};

/// The best of a grid: one setting for both curves.
Control tuned_thermostat() {
    std::vector<Control> grid;
    for (const double on : {52.5, 53.0, 53.5, 54.0, 54.5, 55.5})
        for (const double off : {50.5, 51.0, 51.5, 52.0, 52.5})
            for (const double second : {54.5, 55.5}) {
                const Thermostat it{{on, second}, {off, second - 1.5}};
                grid.push_back({"tuned hysteresis", [it](const Week&) { return Switch(it); }});
            }
    const std::vector<Week> weeks = tuning_weeks();
    const std::vector<Outcome> outcomes = run_all(grid, weeks);
    const auto value = [&](std::size_t i) {
        double sum = 0;
        for (std::size_t k = 0; k < weeks.size(); ++k)
            sum += outcomes[i * weeks.size() + k].hash_thh - 2'000 * outcomes[i * weeks.size() + k].critical_h;
        return sum;
    };
    std::size_t best = 0;
    for (std::size_t i = 1; i < grid.size(); ++i)
        if (value(i) > value(best)) best = i;
    return grid[best];
}

/// What an owner of such cells writes into `voltage_curve`.
const std::vector<CurvePoint> cell_curve = {{4000_cV, {0}},    {4800_cV, {500}},  {5120_cV, {1000}}, {5200_cV, {2000}},
                                            {5250_cV, {4000}}, {5280_cV, {6000}}, {5310_cV, {7000}}, {5340_cV, {9000}},
                                            {5400_cV, {9600}}, {5600_cV, {10000}}};

/// `bank_wh`, with the curve of the simulated bank, or of the other kind.
std::function<void(Policy&, const Week&)> bank(double times = 1, bool own_curve = true) {
    return [=](Policy& policy, const Week& week) {
        policy.preferences.bank_wh = static_cast<std::int64_t>(bank_wh * times);
        if ((week.curve == sim::BankCurve::lifepo4) == own_curve) policy.preferences.curve = cell_curve;
    };
}

/// The S19 as a dump load of a site with a budget: at any hour, in strong sun (three quarters of the panels' peak), before the
/// bank is full, with longer rests. The rows of the S21+ and all preferences are the default ones.
void dump_load(Policy& policy) {
    Miner& miner = policy.miners[1];
    miner.start = 5200_cV;
    miner.stop = 5100_cV;
    miner.minimum_solar = 10'500_W;
    miner.require_sunny = miner.require_excess_solar = false;
    miner.allow_outside_schedule = true;
    miner.min_off = 1800s;
}

/// Chosen on weeks of other seeds than the judged ones, for both curves at once.
std::function<void(Policy&, const Week&)> setting(double times = 1, bool own_curve = true) {
    return [=](Policy& policy, const Week& week) {
        bank(times, own_curve)(policy, week);
        dump_load(policy);
    };
}

std::vector<Variant> variants() {
    return {{"default rows", [](Policy& p, const Week&) { p.preferences.bridge_wh = 0; }},
            {"the bridge alone", [](Policy&, const Week&) {}},
            {default_name, [](Policy& p, const Week&) { p.preferences.bank_wh = static_cast<std::int64_t>(bank_wh); }},
            {curve_name, bank()},
            {setting_name, setting()},
            {"  half of bank_wh", setting(0.5)},
            {"  double bank_wh", setting(2)},
            {"  the other's curve", setting(1, false)},
            {"  reads 0.15 V high", setting(), 150},
            {"  reads 0.15 V low", setting(), -150},
            {"  clock not trusted", setting(), 0, false},
            {"  restart each evening", setting(), 0, true, true}};
}

Sum sum_of(const Outcome* outcomes, const Outcome* best, std::size_t count) {
    Sum sum;
    const auto n = static_cast<double>(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Outcome& one = outcomes[i];
        sum.score += 100 * one.hash_thh / best[i].hash_thh / n;
        sum.critical_h += one.critical_h / n;
        sum.worst_h = std::max(sum.worst_h, one.critical_h);
        sum.lost += 100 * one.lost_wh / one.offered_wh / n;
        sum.starts_day += one.starts / static_cast<double>(days) / n;
        sum.short_runs += one.short_runs / n;
    }
    return sum;
}

/// The first control is the measure of the others.
std::vector<Row> judge(const std::vector<Control>& controls) {
    const std::vector<Week> weeks = judged_weeks();
    const std::vector<Outcome> outcomes = run_all(controls, weeks);
    const std::size_t half = weeks.size() / 2;
    std::vector<Row> rows;
    for (std::size_t i = 0; i < controls.size(); ++i) {
        const Outcome* of = outcomes.data() + i * weeks.size();
        rows.push_back({controls[i].name, sum_of(of, outcomes.data(), half), sum_of(of + half, outcomes.data() + half, half)});
    }
    return rows;
}

struct Goal {
    std::string what;
    double site = 0, cell = 0, limit = 0;
    bool at_least = false;
    bool met() const { return at_least ? std::min(site, cell) >= limit : std::max(site, cell) <= limit; }
};

std::vector<Goal> goals_of(const std::vector<Row>& rows) {
    const auto row = [&](const char* name) -> const Row& {
        return *std::find_if(rows.begin(), rows.end(), [&](const Row& each) { return each.name == name; });
    };
    const Row &best = row(foresight_name), &it = row(setting_name), &shipped = row(default_name), &own = row(curve_name);
    return {{"score, one setting", it.site.score, it.cell.score, least_score, true},
            {"critical hours, one setting", it.site.critical_h, it.cell.critical_h, most_critical_h},
            {"starts a day beyond foresight's, one setting", it.site.starts_day - best.site.starts_day,
             it.cell.starts_day - best.cell.starts_day, most_more_starts},
            {"critical hours, default rows with bank_wh", shipped.site.critical_h, shipped.cell.critical_h, most_critical_h},
            {"critical hours, with the bank's curve too", own.site.critical_h, own.cell.critical_h, most_critical_h}};
}

void print_table(const std::vector<Row>& rows) {
    fmt::print("{:<26} | {:^36} | {:^36}\n{:<26}", "", "the site's curve", "a LiFePO4 curve", "");
    for (int i = 0; i < 2; ++i) fmt::print(" | score crit h  worst  lost  st/d short");
    fmt::print("\n");
    for (const Row& row : rows) {
        fmt::print("{:<26}", row.name);
        for (const Sum* sum : {&row.site, &row.cell})
            fmt::print(" | {:5.1f} {:6.2f} {:6.1f} {:5.1f} {:5.1f} {:5.1f}", sum->score, sum->critical_h, sum->worst_h, sum->lost,
                       sum->starts_day, sum->short_runs);
        fmt::print("\n");
    }
    fmt::print(
        "score: hash in % of what perfect foresight mines; crit h: hours a week at or under 45.00 V, and in the worst week;\n"
        "lost: sun that was not used, in %; st/d: starts a day; short: runs under an hour, a week\n");
    for (const Goal& goal : goals_of(rows))
        fmt::print("{:<46} {:6.2f} {:6.2f}  goal {} {:g}{}\n", goal.what, goal.site, goal.cell,
                   goal.at_least ? ">=" : "<=", goal.limit, goal.met() ? "" : "  MISSED");
}

void print_json(const std::vector<Row>& rows) {
    using Json = nlohmann::ordered_json;
    const auto object = [](const Sum& s) {
        return Json{{"score", s.score},           {"critical_h_week", s.critical_h}, {"critical_h_worst_week", s.worst_h},
                    {"sun_lost_percent", s.lost}, {"starts_day", s.starts_day},      {"short_runs_week", s.short_runs}};
    };
    Json list = Json::array(), goals = Json::array();
    for (const Row& row : rows)
        list.push_back({{"control", row.name.substr(row.name.find_first_not_of(' '))},
                        {"site", object(row.site)},
                        {"lifepo4", object(row.cell)}});
    for (const Goal& goal : goals_of(rows))
        goals.push_back({{"what", goal.what},
                         {"site", goal.site},
                         {"lifepo4", goal.cell},
                         {goal.at_least ? "at_least" : "at_most", goal.limit},
                         {"met", goal.met()}});
    fmt::print("{}\n", Json({{"controls", list}, {"goals", goals}}).dump(2));
}

int main_of(bool as_json) {
    std::vector<Control> controls = {{foresight_name, foresight}, tuned_thermostat()};
    for (const Variant& variant : variants())
        controls.push_back({variant.name, [variant](const Week& week) { return rules(week, variant); }});
    const std::vector<Row> rows = judge(controls);
    std::cerr << '\n';
    as_json ? print_json(rows) : print_table(rows);
    return 0;
}

}  // namespace

}  // namespace volt::control

int main(int argc, char** argv) {
    const bool as_json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
    if (argc > 1 && !as_json) {
        std::cerr << "usage: control_bench [--json]\n";
        return 2;
    }
    return volt::control::main_of(as_json);
}
