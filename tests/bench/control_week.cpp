#include "tests/bench/control_week.hpp"

#include <algorithm>

namespace volt::control {

namespace {

constexpr double critical_v = 45.0;
constexpr double step_h = static_cast<double>(step_ms) / 3.6e6;
constexpr std::int64_t hour_steps = 3'600'000 / step_ms;

/// Counts starts and runs of one load.
struct Watch {
    bool on = false;
    std::int64_t since = 0;
    void see(bool now, std::int64_t step, int& starts, Outcome& outcome) {
        if (now == on) return;
        if (now) ++starts;
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
    config.bank.capacity_ah = week.place->capacity_ah;
    config.pv_peak_w = week.place->pv_peak_w;
    config.latitude = week.place->latitude;
    config.start_utc_ms = static_cast<std::int64_t>(week.season);
    return config;
}

Outcome run(const Week& week, const Switch& control) {
    const sim::PlantConfig config = plant_of(week);
    sim::Plant plant(config);
    Outcome outcome;
    double missing_wh = 0;
    Seen seen{plant, {}, {}, 0};
    std::array<Watch, 2> watches;
    std::array<sim::Miner, 2> miners{sim::Miner(draw_w[0], miner_times), sim::Miner(draw_w[1], miner_times)};
    for (std::int64_t& step = seen.step; step < steps; ++step) {
        sim::PlantInputs inputs;
        for (std::size_t i = 0; i < miners.size(); ++i) {
            seen.drawn_w[i] = miners[i].draw_w(seen.on[i] && plant.powered(), Time(step * step_ms));
            inputs.miners_w += seen.drawn_w[i];
            if (seen.drawn_w[i] >= draw_w[i]) outcome.hash_thh += hash_th[i] * step_h;
            watches[i].see(seen.on[i], step, outcome.starts[i], outcome);
        }
        plant.step(inputs, step_ms);
        if (!plant.powered()) missing_wh += plant.house_w() * step_h;
        if (plant.bank().volts() <= critical_v) outcome.critical_h += step_h;
        outcome.lowest_v = std::min(outcome.lowest_v, plant.bank().volts());
        outcome.offered_wh += plant.pv_offered_w() * step_h;
        outcome.lost_wh += (plant.pv_offered_w() - plant.pv_w()) * step_h;
        seen.on = control(seen);
    }
    const double left_wh = (plant.bank().soc_pct() - config.soc_pct) / 100 * week.place->bank_wh();
    outcome.hash_thh += (left_wh - missing_wh) * hash_th[0] / draw_w[0];
    return outcome;
}

Course course_of(const Week& week) {
    sim::Plant plant(plant_of(week));
    Course course{week.curve, week.place->bank_wh(), {}, {}};
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
