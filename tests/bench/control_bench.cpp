// How well the rules control a site that is well: seven days of the simulated plant, four kinds of weather, two curves of
// the bank, three seeds, beside a plain hysteresis and perfect foresight. Faults are another program's: ./dev simulate.
#include <fmt/format.h>

#include <cstring>
#include <iostream>
#include <map>
#include <string>

#include "control_week.hpp"
#include "rules/decide.hpp"
#include "tests/rules/default_site.hpp"

namespace volt::control {

namespace {

constexpr sim::Sky skies[] = {sim::Sky::clear, sim::Sky::fair, sim::Sky::mixed, sim::Sky::grey};
constexpr std::uint64_t seeds[] = {11, 12, 13}, tuning_seed = 5;
constexpr std::int64_t utc_offset_ms = -7 * 3'600'000;

/// How the settings, or what the daemon can know, differ from the rows as they are shipped.
struct Variant {
    std::string name;
    std::function<void(Policy&)> change;
    int meter_mv = 0;             ///< the voltage is read so much too high
    bool clock_trusted = true;
    bool restarts = false;        ///< each evening the daemon begins with nothing but its settings
};

/// The rules, with instruments that tell the truth and relays that obey.
class Rules {
public:
    Rules(const Week& week, const Variant& variant) : variant_(variant), policy_(test::default_site()) {
        policy_.control.tick = std::chrono::milliseconds(step_ms);
        policy_.voltage_sources.resize(1);
        policy_.zones.clear();
        for (Miner& miner : policy_.miners) miner.zone = no_index;
        variant.change(policy_);
        snapshot_.voltages.resize(1);
        snapshot_.outputs.resize(policy_.outputs.size());
        snapshot_.temperatures.resize(policy_.sensors.size());
        snapshot_.battery_temperatures.resize(policy_.battery_temperatures.size());
        start_ms_ = plant_of(week).start_utc_ms;
    }

    Loads operator()(const sim::Plant& plant, const Loads& now, std::int64_t step) {
        fill(plant, now, step);
        if (variant_.restarts && snapshot_.local.second_of_day / 3600 == 20 && evening_ != snapshot_.local.day) {
            evening_ = snapshot_.local.day;
            state_ = {};
        }
        Decision decision = decide(snapshot_, policy_, std::move(state_));
        state_ = std::move(decision.next);
        Loads loads = now;
        for (const Command& command : decision.commands)
            if (command.output < 2) loads[static_cast<std::size_t>(command.output)] = command.on;
        return loads;
    }

private:
    template <class T>
    void hear(Sample<T>& sample, T value) { sample = {value, snapshot_.now, true}; }
    static std::int64_t rounded(double value) { return static_cast<std::int64_t>(value + (value < 0 ? -0.5 : 0.5)); }

    void fill(const sim::Plant& plant, const Loads& now, std::int64_t step) {
        snapshot_.now = std::chrono::milliseconds(step * step_ms + 1000);
        snapshot_.utc = Utc(plant.utc_ms());
        const std::int64_t local = plant.utc_ms() + utc_offset_ms;
        snapshot_.local = {static_cast<std::int32_t>(local / 86'400'000), static_cast<std::int32_t>(local / 1000 % 86'400)};
        snapshot_.clock_trusted = variant_.clock_trusted;
        hear<Volts>(snapshot_.voltages[0], Volts{rounded(plant.bank().volts() * 100) + variant_.meter_mv / 10});
        snapshot_.voltages[0].unit_moved = snapshot_.now;
        hear(snapshot_.battery_power, Watts{rounded(plant.battery_w())});
        hear(snapshot_.pv, Watts{rounded(plant.pv_w())});
        hear(snapshot_.load, Watts{rounded(plant.load_w())});
        hear(snapshot_.sunny, plant.sunny());
        for (BatteryTemperature& t : snapshot_.battery_temperatures) hear<Celsius>(t.sample, 200_dK);
        for (Sample<Celsius>& t : snapshot_.temperatures) hear<Celsius>(t, 200_dK);
        for (std::size_t i = 0; i < snapshot_.outputs.size(); ++i) {
            OutputReport& report = snapshot_.outputs[i];
            const bool on = i < 2 && now[i];
            report.available = report.state_heard = true;
            report.state = on ? OutputState::on : OutputState::off;
            report.state_at = snapshot_.now;
            if (i < 2) hear(report.power, Watts{on && plant.powered() ? rounded(draw_w[i]) : 0});
        }
    }

    Variant variant_;
    Policy policy_;
    SiteSnapshot snapshot_;
    RuleState state_;
    std::int64_t start_ms_ = 0;
    std::int32_t evening_ = -1;
};

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

struct Sum {
    double score = 0, critical_h = 0, lost = 0, starts_day = 0, short_runs = 0;
    int weeks = 0;
    void add(const Outcome& one, const Outcome& best) {
        score += 100 * one.hash_thh / best.hash_thh;
        critical_h += one.critical_h;
        lost += one.offered_wh > 0 ? 100 * one.lost_wh / one.offered_wh : 0;
        starts_day += one.starts / static_cast<double>(days);
        short_runs += one.short_runs;
        ++weeks;
    }
    double mean(double value) const { return value / weeks; }
};

std::vector<Week> weeks_of(sim::BankCurve curve, std::initializer_list<std::uint64_t> chosen) {
    std::vector<Week> weeks;
    for (const sim::Sky sky : skies)
        for (const std::uint64_t seed : chosen) weeks.push_back({sky, curve, seed});
    return weeks;
}

/// The best of a grid, on weeks that are not judged: one setting for both curves.
Thermostat tuned() {
    Thermostat best{};
    double top = -1e12;
    for (const double on : {53.0, 53.5, 54.0, 54.5})
        for (const double off : {51.5, 52.0, 52.5})
            for (const double second : {54.5, 55.5}) {
                const Thermostat it{{on, second}, {off, second - 1.5}};
                double value = 0;
                for (const sim::BankCurve curve : {sim::BankCurve::site, sim::BankCurve::lifepo4})
                    for (const Week& week : weeks_of(curve, {tuning_seed})) {
                        const Outcome one = run(week, it);
                        value += one.hash_thh - 2'000 * one.critical_h;
                    }
                if (value > top) top = value, best = it;
            }
    return best;
}

std::vector<Variant> variants() {
    const auto bank = [](std::int64_t wh_set) {
        return [wh_set](Policy& p) { p.preferences.bank_wh = wh_set; };
    };
    const auto size = static_cast<std::int64_t>(bank_wh);
    const auto other_curve = [size](Policy& p) {
        p.preferences.bank_wh = size;
        p.preferences.curve = {{4000_cV, {0}}, {4800_cV, {500}}, {5120_cV, {1000}}, {5200_cV, {2000}}, {5250_cV, {4000}},
                               {5280_cV, {6000}}, {5340_cV, {9000}}, {5600_cV, {10000}}};
    };
    return {{"default rows", [](Policy& p) { p.preferences.bridge_wh = 0; }},
            {"the bridge alone", [](Policy&) {}},
            {"with bank_wh", bank(size)},
            {"bank_wh half", bank(size / 2)},
            {"bank_wh double", bank(size * 2)},
            {"the cell's curve", other_curve},
            {"reads 0.15 V high", bank(size), 150},
            {"reads 0.15 V low", bank(size), -150},
            {"clock not trusted", bank(size), 0, false},
            {"restart each evening", bank(size), 0, true, true}};
}

struct Row {
    std::string name;
    Sum site, cell;
};

Row judge(const std::string& name, const std::map<int, std::vector<Outcome>>& best, const std::function<Switch(const Week&)>& make) {
    Row row{name, {}, {}};
    for (const sim::BankCurve curve : {sim::BankCurve::site, sim::BankCurve::lifepo4}) {
        const std::vector<Week> weeks = weeks_of(curve, {seeds[0], seeds[1], seeds[2]});
        Sum& sum = curve == sim::BankCurve::site ? row.site : row.cell;
        for (std::size_t i = 0; i < weeks.size(); ++i)
            sum.add(run(weeks[i], make(weeks[i])), best.at(static_cast<int>(curve))[i]);
    }
    std::cerr << '.' << std::flush;
    return row;
}

void print(const Row& row) {
    fmt::print("{:<22}", row.name);
    for (const Sum* sum : {&row.site, &row.cell})
        fmt::print(" | {:5.1f} {:6.1f} {:5.1f} {:5.1f} {:5.1f}", sum->mean(sum->score), sum->mean(sum->critical_h),
                   sum->mean(sum->lost), sum->mean(sum->starts_day), sum->mean(sum->short_runs));
    fmt::print("\n");
}

void print_json(const std::vector<Row>& rows) {
    const auto object = [](const Sum& s) {
        return fmt::format(R"({{"score":{:.2f},"critical_h_week":{:.2f},"sun_lost_pct":{:.2f},"starts_day":{:.2f},"short_runs_week":{:.2f}}})",
                           s.mean(s.score), s.mean(s.critical_h), s.mean(s.lost), s.mean(s.starts_day), s.mean(s.short_runs));
    };
    fmt::print("[");
    for (std::size_t i = 0; i < rows.size(); ++i)
        fmt::print("{}{{\"control\":\"{}\",\"site\":{},\"lifepo4\":{}}}", i == 0 ? "" : ",\n ", rows[i].name, object(rows[i].site),
                   object(rows[i].cell));
    fmt::print("]\n");
}

int main_of(bool as_json) {
    std::map<int, std::vector<Outcome>> best;
    std::vector<Row> rows;
    for (const sim::BankCurve curve : {sim::BankCurve::site, sim::BankCurve::lifepo4})
        for (const Week& week : weeks_of(curve, {seeds[0], seeds[1], seeds[2]}))
            best[static_cast<int>(curve)].push_back(run(week, foresight(week)));
    rows.push_back(judge("perfect foresight", best, foresight));
    const Thermostat thermostat = tuned();
    rows.push_back(judge("tuned hysteresis", best, [&](const Week&) { return Switch(thermostat); }));
    for (const Variant& variant : variants())
        rows.push_back(judge(variant.name, best, [&](const Week& week) { return Switch(Rules(week, variant)); }));
    std::cerr << '\n';
    if (as_json) {
        print_json(rows);
        return 0;
    }
    fmt::print("{:<22} | {:^30} | {:^30}\n", "", "the site's curve", "a LiFePO4 curve");
    fmt::print("{:<22} | score crit h  lost  st/d short | score crit h  lost  st/d short\n", "");
    for (const Row& row : rows) print(row);
    fmt::print("score: hash as a share of what perfect foresight mines; crit h: hours a week at or under 45.00 V;\n"
               "lost: sun that was not used, in %; st/d: starts a day; short: runs under an hour, a week\n");
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
