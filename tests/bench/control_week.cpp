#include "tests/bench/control_week.hpp"

namespace volt::control {

namespace {

constexpr double critical_v = 45.0;
constexpr double step_h = static_cast<double>(step_ms) / 3.6e6;
constexpr std::int64_t hour_steps = 3'600'000 / step_ms;

/// Starts and runs of one load.
struct Watch {
    bool on = false;
    std::int64_t since = 0;
    void see(bool now, std::int64_t step, Outcome& outcome) {
        if (now == on) return;
        if (now) ++outcome.starts;
        else if (step - since < hour_steps) ++outcome.short_runs;
        on = now;
        since = step;
    }
};

}  // namespace

sim::PlantConfig plant_of(const Week& week) {
    sim::PlantConfig config;
    config.seed = week.seed;
    config.sky = week.sky;
    config.bank.curve = week.curve;
    config.start_utc_ms = static_cast<std::int64_t>(week.season);
    return config;
}

Outcome run(const Week& week, const Switch& control) {
    const sim::PlantConfig config = plant_of(week);
    sim::Plant plant(config);
    Outcome outcome;
    double missing_wh = 0;
    Loads loads{};
    std::array<Watch, 2> watches;
    for (std::int64_t step = 0; step < steps; ++step) {
        sim::PlantInputs inputs;
        for (std::size_t i = 0; i < loads.size(); ++i)
            if (loads[i]) inputs.miners_w += draw_w[i];
        plant.step(inputs, step_ms);
        for (std::size_t i = 0; i < loads.size(); ++i) {
            if (loads[i] && plant.powered()) outcome.hash_thh += hash_th[i] * step_h;
            watches[i].see(loads[i], step, outcome);
        }
        if (!plant.powered()) missing_wh += plant.house_w() * step_h;
        if (plant.bank().volts() <= critical_v) outcome.critical_h += step_h;
        outcome.offered_wh += plant.pv_offered_w() * step_h;
        outcome.lost_wh += (plant.pv_offered_w() - plant.pv_w()) * step_h;
        loads = control(plant, loads, step);
    }
    const double left_wh = (plant.bank().soc_pct() - config.soc_pct) / 100 * bank_wh;
    outcome.hash_thh += (left_wh - missing_wh) * hash_th[0] / draw_w[0];
    return outcome;
}

Course course_of(const Week& week) {
    sim::Plant plant(plant_of(week));
    Course course{week.curve, {}, {}};
    sim::PlantInputs inputs;
    double offered = 0, house = 0;
    for (std::int64_t step = 0; step < steps; ++step) {
        plant.step(inputs, step_ms);
        offered += plant.pv_offered_w();
        house += plant.house_w();
        if ((step + 1) % steps_of_slot != 0) continue;
        course.offered_w.push_back(offered / static_cast<double>(steps_of_slot));
        course.house_w.push_back(house / static_cast<double>(steps_of_slot));
        offered = house = 0;
    }
    return course;
}

}  // namespace volt::control
