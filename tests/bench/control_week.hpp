// A week of the simulated site in virtual time, for judging control: the result, no matter what switched the loads.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "drivers/sim/plant.hpp"

namespace volt::control {

inline constexpr std::int64_t step_ms = 5'000, days = 7, steps = days * 86'400'000 / step_ms;
inline constexpr double bank_wh = 600 * 52.0;  ///< of voltsim's own bank, from empty to full
/// The loads of the default rows: draw and hash.
inline constexpr std::array<double, 2> draw_w{3878, 3250}, hash_th{235, 95};

/// 06:00 of its first day in San José, as UTC.
enum class Season : std::int64_t { equinox = 1'758'546'000'000, summer = 1'750'510'800'000, winter = 1'766'325'600'000 };

struct Week {
    sim::Sky sky = sim::Sky::fair;
    sim::BankCurve curve = sim::BankCurve::site;
    std::uint64_t seed = 1;
    Season season = Season::summer;
};

/// What came of a week.
struct Outcome {
    /// TH/s times hours. The energy left in the bank is added at the first load's rate, and what the house asked for in vain
    /// taken off: else a site in the dark would score best.
    double hash_thh = 0;
    double critical_h = 0;               ///< bank at or under 45.00 V
    double offered_wh = 0, lost_wh = 0;  ///< sun that was there, and that was not used
    int starts = 0, short_runs = 0;      ///< of both loads; under an hour
};

using Loads = std::array<bool, 2>;
/// Which loads are on for the next step.
using Switch = std::function<Loads(const sim::Plant& plant, const Loads& now, std::int64_t step)>;

sim::PlantConfig plant_of(const Week& week);
Outcome run(const Week& week, const Switch& control);

/// What the sun offers and the house takes, in W, whatever the loads do; means of ten minutes.
struct Course {
    sim::BankCurve curve{};
    std::vector<double> offered_w, house_w;
};
inline constexpr std::int64_t steps_of_slot = 600'000 / step_ms;
Course course_of(const Week& week);

/// The best that can be done when sun and house are known: a dynamic program over the charge in steps of ten minutes.
Switch foresight(const Week& week);

}  // namespace volt::control
