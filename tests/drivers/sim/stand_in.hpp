// A controller much simpler than the real one, to observe the plant with its two miners over a day.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "drivers/sim/plant.hpp"

namespace volt::sim::testing {

/// Starts and stops by voltage with a hold, like the two default miners.
class StandIn {
public:
    /// Reads the plant, switches the miners, and steps the plant by `dt_ms`.
    void step(Plant& plant, std::int64_t dt_ms) {
        const double volts = plant.bank().volts();
        const double excess = plant.pv_w() - plant.house_w() - (s21_on ? s21_w : 0);
        decide(s21_on, s21_since_s, volts >= 50.0, volts < 47.0, 60, dt_ms);
        const bool sun = plant.pv_w() >= 8'000 || plant.held_back();
        decide(s19_on, s19_since_s, volts >= 54.5 && sun && plant.sunny() && excess >= 3'500,
               volts < 53.0 || (!sun && !plant.held_back()), 60, dt_ms);
        PlantInputs inputs;
        inputs.miners_w = (s21_on ? s21_w : 0) + (s19_on ? s19_w : 0);
        inputs.heat_room_fan = plant.heat_room_c() > 36 ? 6 : 0;
        plant.step(inputs, dt_ms);
    }

    bool s21_on = false, s19_on = false;
    static constexpr double s21_w = 3'878, s19_w = 3'250;

private:
    /// Decides with hysteresis: a target must hold for `hold_s`.
    static void decide(bool& on, double& since_s, bool start, bool stop, double hold_s, std::int64_t dt_ms) {
        since_s = (on ? stop : start) ? since_s + static_cast<double>(dt_ms) / 1'000 : 0;
        if (since_s < hold_s) return;
        on = !on;
        since_s = 0;
    }

    double s21_since_s = 0, s19_since_s = 0;
};

/// State in one hour of a day, counted from its start.
struct Hour {
    double volts, pv_w, load_w, heat_room_c;
    bool s21_on, s19_on, sunny;
};

struct Day {
    std::vector<Hour> hours;
    double lowest_v = 99, highest_v = 0, largest_step_v = 0, hottest_c = -99, coldest_c = 99;
    int s21_starts = 0, s19_starts = 0;
    double s19_first_start_h = -1;
    std::uint64_t fingerprint = 0;
};

/// Runs `hours` with steps of `dt_ms`. `seen_each_ms` is a controller's sampling interval (for the largest step).
inline Day run_day(const PlantConfig& config, int hours, std::int64_t dt_ms, std::int64_t seen_each_ms) {
    Plant plant(config);
    StandIn controller;
    Day day;
    double seen_v = 0;
    for (std::int64_t ms = 0; ms < hours * 3'600'000LL; ms += dt_ms) {
        const bool s21 = controller.s21_on, s19 = controller.s19_on;
        controller.step(plant, dt_ms);
        const double volts = plant.bank().volts();
        day.lowest_v = std::min(day.lowest_v, volts);
        day.highest_v = std::max(day.highest_v, volts);
        day.hottest_c = std::max(day.hottest_c, plant.heat_room_c());
        day.coldest_c = std::min(day.coldest_c, plant.heat_room_c());
        if (!s21 && controller.s21_on) ++day.s21_starts;
        if (!s19 && controller.s19_on && day.s19_starts++ == 0) day.s19_first_start_h = static_cast<double>(ms) / 3.6e6;
        if (ms % seen_each_ms == 0) {
            if (seen_v > 0) day.largest_step_v = std::max(day.largest_step_v, std::abs(volts - seen_v));
            seen_v = volts;
        }
        if (ms % 3'600'000 == 0) {
            day.hours.push_back(
                {volts, plant.pv_w(), plant.load_w(), plant.heat_room_c(), controller.s21_on, controller.s19_on, plant.sunny()});
        }
        day.fingerprint = day.fingerprint * 31 + plant.fingerprint();
    }
    return day;
}

}  // namespace volt::sim::testing
