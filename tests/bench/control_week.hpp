// A week of the simulated site in virtual time, for judging control: the result, regardless of what switched the loads.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "drivers/sim/miner.hpp"
#include "drivers/sim/plant.hpp"

namespace volt::control {

inline constexpr std::int64_t step_ms = 5'000, days = 7, steps = days * 86'400'000 / step_ms;
/// Loads of the default rows: draw and hash.
inline constexpr std::array<double, 2> draw_w{3878, 3250}, hash_th{235, 95};
/// Boot times, in which a miner draws 60 W and mines nothing.
inline constexpr sim::MinerTimes miner_times{5min, 14s};

/// Start of the week: 06:00 of its first day in San José, as UTC.
enum class Season : std::int64_t { equinox = 1'758'546'000'000, summer = 1'750'510'800'000, winter = 1'766'325'600'000 };

/// Place of a week: voltsim's plant with another array, bank or latitude.
struct Place {
    const char* name;
    double pv_peak_w, capacity_ah, latitude;
    bool dull = false;  ///< winter only, and no clear skies
    double bank_wh() const { return capacity_ah * 52.0; }
};
inline constexpr std::array<Place, 4> places{{{"14 kW, 600 Ah", 14'000, 600, 37.34},
                                              {"10 kW, 400 Ah", 10'000, 400, 37.34},
                                              {"8.5 kW, 800 Ah", 8'500, 800, 37.34},
                                              {"dull winter", 14'000, 600, 45, true}}};

struct Week {
    const Place* place = places.data();
    sim::Sky sky = sim::Sky::fair;
    sim::BankCurve curve = sim::BankCurve::site;
    std::uint64_t seed = 1;
    Season season = Season::summer;
};

/// Result of a week.
struct Outcome {
    /// TH/s times hours. Adds the energy left in the bank at the first load's rate, and subtracts the unserved demand of the
    /// house: otherwise a dark site would score best.
    double hash_thh = 0;
    double critical_h = 0;               ///< hours with the bank at or below 45.00 V
    double lowest_v = 100;               ///< lowest voltage of the bank
    double offered_wh = 0, lost_wh = 0;  ///< available sun, and unused sun
    std::array<int, 2> starts{};         ///< by load
    int short_runs = 0;                  ///< under an hour, both loads together
};

using Loads = std::array<bool, 2>;
/// Inputs of a control after a step.
struct Seen {
    const sim::Plant& plant;
    Loads on;
    std::array<double, 2> drawn_w;
    std::int64_t step;
};
/// Decides which loads are on for the next step.
using Switch = std::function<Loads(const Seen& seen)>;

sim::PlantConfig plant_of(const Week& week);
Outcome run(const Week& week, const Switch& control);

/// Sun available and house demand in W, independent of the loads; means of ten minutes.
struct Course {
    sim::BankCurve curve{};
    double bank_wh = 0;
    std::vector<double> offered_w, house_w;
};
inline constexpr std::int64_t steps_of_slot = 600'000 / step_ms;
Course course_of(const Week& week);

/// Returns the best control if sun and house are known: a dynamic program over the charge in steps of ten minutes.
Switch foresight(const Week& week);

}  // namespace volt::control
