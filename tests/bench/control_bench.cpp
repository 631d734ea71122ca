// Measures how well the rules control a healthy site: seven days of voltsim's plant in four places, four kinds of weather, two
// curves of the bank, three seeds (each in another season), compared with a voltage relay, a surplus control that knows the
// charge, and perfect foresight. Exit code 1 if a goal is missed. Faults are tested by another program: ./dev simulate.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/bench/control_rivals.hpp"
#include "tests/bench/control_settings.hpp"

namespace volt::control {

namespace {

constexpr std::array skies{sim::Sky::clear, sim::Sky::fair, sim::Sky::mixed, sim::Sky::grey};
constexpr std::array<std::pair<std::uint64_t, Season>, 3> seeds{
    {{11, Season::equinox}, {12, Season::summer}, {13, Season::winter}}};
constexpr std::uint64_t tuning_seed = 5;
constexpr double least_shipped_score[] = {95, 96}, most_behind = 0.5, most_critical_h = 0.05, most_lost = 0.6;
constexpr double most_starts_day[] = {2.3, 1.5};
constexpr Place everywhere{"mean of the places", 0, 0, 0};
constexpr double small_array_w = 9'000;  ///< not larger than the loads and the house
/// Rows with goals.
constexpr const char *foresight_name = "perfect foresight", *shipped_name = "shipped rows, bank_wh",
                     *init_name = "what init writes";

using Maker = std::function<Switch(const Week&)>;

struct Control {
    std::string name;
    Maker make;
    bool first_place_only = false;
};

/// Sums over the weeks of one place and curve.
struct Sum {
    double score = 0, critical_h = 0, worst_h = 0, lowest_v = 100, lost = 0, short_runs = 0;
    std::array<double, 2> starts_day{};
};

struct Row {
    std::string name;
    std::array<Sum, 2> sums;  ///< for the site's curve, for LiFePO4
};
/// Table of one place; the first row is perfect foresight.
struct Table {
    const Place* place;
    std::vector<Row> rows;
};

/// Returns the weeks of a place that are judged, or those of another seed for tuning rivals.
std::vector<Week> weeks_of(const Place& place, sim::BankCurve curve, bool judged) {
    std::vector<Week> weeks;
    for (const sim::Sky sky : skies)
        for (const auto& [seed, season] : seeds) {
            const bool dull = sky == sim::Sky::mixed || sky == sim::Sky::grey;
            const bool tuned_on = season == Season::equinox && (sky == sim::Sky::fair || sky == sim::Sky::grey);
            if (judged ? place.dull && !dull : !tuned_on) continue;
            weeks.push_back({&place, sky, curve, judged ? seed : tuning_seed, place.dull ? Season::winter : season});
        }
    return weeks;
}

constexpr std::array curves{sim::BankCurve::site, sim::BankCurve::lifepo4};

struct Job {
    const Control* control;
    Week week;
    Outcome outcome{};
};

/// Runs each week, on all cores.
void run_all(std::vector<Job>& jobs) {
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < jobs.size(); i = next++) {
            jobs[i].outcome = run(jobs[i].week, jobs[i].control->make(jobs[i].week));
            if (i % 50 == 0) std::cerr << '.' << std::flush;
        }
    };
    std::vector<std::thread> workers(std::max(1U, std::thread::hardware_concurrency()));
    for (std::thread& worker : workers) worker = std::thread(work);
    for (std::thread& worker : workers) worker.join();
}

/// Returns the best of a grid over all places and curves. Critical hours weigh most.
template <class Rival>
Control tuned(const char* name, const std::vector<Rival>& rivals) {
    std::vector<Control> grid;
    for (const Rival& rival : rivals) grid.push_back({name, [rival](const Week&) { return Switch(rival); }});
    std::vector<Job> jobs;
    for (const Control& control : grid)
        for (const Place& place : places)
            for (const sim::BankCurve curve : curves)
                for (const Week& week : weeks_of(place, curve, false)) jobs.push_back({&control, week});
    run_all(jobs);
    std::vector<double> values(grid.size());
    for (const Job& job : jobs)
        values[static_cast<std::size_t>(job.control - grid.data())] += job.outcome.hash_thh - 2'000 * job.outcome.critical_h;
    return grid[static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin())];
}

std::vector<Variant> variants() {
    return {{shipped_name, shipped_rows()}, {init_name, init_rows()}, {"  without the bank's size", init_rows(false)}};
}

/// Returns variants of a wrong setting, judged only in the first place.
std::vector<Variant> troubles() {
    return {{"  half of bank_wh", init_rows(true, 0.5)},
            {"  double bank_wh", init_rows(true, 2)},
            {"  the other's curve", init_rows(true, 1, false)},
            {"  reads 0.15 V high", init_rows(), 150},
            {"  reads 0.15 V low", init_rows(), -150},
            {"  clock not trusted", init_rows(), 0, false},
            {"  restart each evening", init_rows(), 0, true, true},
            {"shipped rows, no budget", [](Policy&, const Week&) {}},
            {"shipped rows, default curve",
             [](Policy& p, const Week& week) { p.preferences.bank_wh = static_cast<std::int64_t>(week.place->bank_wh()); }}};
}

std::vector<Control> controls() {
    std::vector<Control> list = {{foresight_name, foresight},
                                 tuned("tuned hysteresis", thermostats()),
                                 tuned("tuned surplus, true SOC", surplus_controls())};
    const auto add = [&list](const std::vector<Variant>& variants, bool first_place_only) {
        for (const Variant& it : variants)
            list.push_back({it.name, [it](const Week& week) { return rules(week, it); }, first_place_only});
    };
    add(variants(), false);
    add(troubles(), true);
    return list;
}

/// Sums up jobs; `best` has foresight's results for the same weeks.
Sum sum_of(std::span<const Job> jobs, std::span<const Job> best) {
    Sum sum;
    const auto n = static_cast<double>(jobs.size());
    double hash = 0, best_hash = 0, offered = 0, lost = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const Outcome& one = jobs[i].outcome;
        hash += one.hash_thh;
        best_hash += best[i].outcome.hash_thh;
        offered += one.offered_wh;
        lost += one.lost_wh;
        sum.critical_h += one.critical_h / n;
        sum.worst_h = std::max(sum.worst_h, one.critical_h);
        sum.lowest_v = std::min(sum.lowest_v, one.lowest_v);
        sum.short_runs += one.short_runs / n;
        for (std::size_t load = 0; load < 2; ++load) sum.starts_day[load] += one.starts[load] / static_cast<double>(days) / n;
    }
    sum.score = 100 * hash / best_hash;
    sum.lost = 100 * lost / offered;
    return sum;
}

Table judge(const Place& place, const std::vector<Control>& controls) {
    std::vector<Job> jobs;
    Table table{&place, {}};
    for (const Control& control : controls) {
        if (control.first_place_only && &place != places.data()) continue;
        table.rows.push_back({control.name, {}});
        for (const sim::BankCurve curve : curves)
            for (const Week& week : weeks_of(place, curve, true)) jobs.push_back({&control, week});
    }
    run_all(jobs);
    const std::size_t half = weeks_of(place, curves[0], true).size();
    const std::span<const Job> all = jobs;
    for (std::size_t i = 0; i < table.rows.size(); ++i)
        for (std::size_t c = 0; c < 2; ++c)
            table.rows[i].sums[c] = sum_of(all.subspan((2 * i + c) * half, half), all.subspan(c * half, half));
    return table;
}

struct Goal {
    std::string what;
    double value = 0, limit = 0;
    bool at_least = false;
    bool met() const { return at_least ? value >= limit : value <= limit; }
};

const Row& row_of(const Table& table, std::string_view name) {
    return *std::find_if(table.rows.begin(), table.rows.end(), [&](const Row& each) { return each.name == name; });
}

/// Returns the mean of all places for the rows that are judged in each. Every place has the same weight.
Table mean_of(const std::vector<Table>& tables) {
    Table mean{&everywhere, {}};
    const auto n = static_cast<double>(tables.size());
    for (const Row& row : tables.back().rows) {
        Row& all = mean.rows.emplace_back(Row{row.name, {}});
        for (const Table& table : tables)
            for (std::size_t c = 0; c < 2; ++c) {
                const Sum& one = row_of(table, row.name).sums[c];
                Sum& sum = all.sums[c];
                sum.score += one.score / n;
                sum.critical_h += one.critical_h / n;
                sum.worst_h = std::max(sum.worst_h, one.worst_h);
                sum.lowest_v = std::min(sum.lowest_v, one.lowest_v);
                sum.lost += one.lost / n;
                sum.short_runs += one.short_runs / n;
                for (std::size_t load = 0; load < 2; ++load) sum.starts_day[load] += one.starts_day[load] / n;
            }
    }
    return mean;
}

/// Returns the best score of the rows that are as safe, without foresight.
double best_score(const Table& table, std::size_t curve) {
    double best = 0;
    for (const Row& row : table.rows)
        if (row.name != foresight_name && row.sums[curve].critical_h <= most_critical_h)
            best = std::max(best, row.sums[curve].score);
    return best;
}

/// Returns the goals. `tables` has the places, and their mean last.
std::vector<Goal> goals_of(const std::vector<Table>& tables) {
    constexpr const char* curve_names[] = {"the site's curve", "LiFePO4"};
    std::vector<Goal> goals;
    for (std::size_t c = 0; c < 2; ++c) {
        const auto add = [&](const Table& table, const std::string& what, double value, double limit, bool at_least = false) {
            goals.push_back({fmt::format("{}, {}: {}", table.place->name, curve_names[c], what), value, limit, at_least});
        };
        const Table& mean = tables.back();
        const Sum& all = row_of(mean, init_name).sums[c];
        add(mean, "score of the shipped rows", row_of(mean, shipped_name).sums[c].score, least_shipped_score[c], true);
        add(mean, "init's rows behind the best", best_score(mean, c) - all.score, most_behind);
        for (std::size_t load = 0; load < 2; ++load)
            add(mean, fmt::format("init's rows, starts a day of load {}", load + 1), all.starts_day[load], most_starts_day[load]);
        for (const Table& table : tables) {
            const Sum& it = row_of(table, init_name).sums[c];
            if (&table == &mean) continue;
            add(table, "init's rows, critical hours a week", it.critical_h, most_critical_h);
            if (table.place->pv_peak_w <= small_array_w) add(table, "init's rows, % of the sun not used", it.lost, most_lost);
        }
    }
    return goals;
}

void print_table(const Table& table) {
    fmt::print("\n{:<27} | {:^46} | {:^46}\n{:<27}", table.place->name, "the site's curve", "a LiFePO4 curve", "");
    for (int i = 0; i < 2; ++i) fmt::print(" | score crit h  worst lowest  lost    starts short");
    fmt::print("\n");
    for (const Row& row : table.rows) {
        fmt::print("{:<27}", row.name);
        for (const Sum& sum : row.sums)
            fmt::print(" | {:5.1f} {:6.2f} {:6.1f} {:6.2f} {:5.1f} {:4.1f}+{:4.1f} {:5.1f}", sum.score, sum.critical_h,
                       sum.worst_h, sum.lowest_v, sum.lost, sum.starts_day[0], sum.starts_day[1], sum.short_runs);
        fmt::print("\n");
    }
}

/// Prints every missed goal, and the number of the others.
void print_goals(const std::vector<Goal>& goals) {
    fmt::print(
        "\nscore: hash in % of what perfect foresight mines; crit h: hours a week at or under 45.00 V, and in the worst week;\n"
        "lowest: volts; lost: sun that was not used, in %; starts: a day, of each load; short: runs under an hour, a week\n");
    const auto met = std::count_if(goals.begin(), goals.end(), [](const Goal& goal) { return goal.met(); });
    fmt::print("{} of {} goals met\n", met, goals.size());
    for (const Goal& goal : goals)
        if (!goal.met())
            fmt::print("MISSED {}: {:.2f}, goal {} {:g}\n", goal.what, goal.value, goal.at_least ? ">=" : "<=", goal.limit);
}

void print_json(const std::vector<Table>& tables, const std::vector<Goal>& goals) {
    using Json = nlohmann::ordered_json;
    const auto object = [](const Sum& s) {
        return Json{{"score", s.score},
                    {"critical_h_week", s.critical_h},
                    {"critical_h_worst_week", s.worst_h},
                    {"lowest_v", s.lowest_v},
                    {"sun_lost_percent", s.lost},
                    {"starts_day", s.starts_day},
                    {"short_runs_week", s.short_runs}};
    };
    Json list = Json::array(), aims = Json::array();
    for (const Table& table : tables)
        for (const Row& row : table.rows)
            list.push_back({{"place", table.place->name},
                            {"control", row.name.substr(row.name.find_first_not_of(' '))},
                            {"site", object(row.sums[0])},
                            {"lifepo4", object(row.sums[1])}});
    for (const Goal& goal : goals)
        aims.push_back({{"what", goal.what},
                        {"value", goal.value},
                        {goal.at_least ? "at_least" : "at_most", goal.limit},
                        {"met", goal.met()}});
    fmt::print("{}\n", Json({{"controls", list}, {"goals", aims}}).dump(2));
}

int main_of(bool as_json) {
    const std::vector<Control> list = controls();
    std::vector<Table> tables;
    for (const Place& place : places) tables.push_back(judge(place, list));
    tables.push_back(mean_of(tables));
    const std::vector<Goal> goals = goals_of(tables);
    std::cerr << '\n';
    if (as_json) {
        print_json(tables, goals);
    } else {
        for (const Table& table : tables) print_table(table);
        print_goals(goals);
    }
    return std::all_of(goals.begin(), goals.end(), [](const Goal& goal) { return goal.met(); }) ? 0 : 1;
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
