// Energy and slow means in integers, so that every machine computes the same plan.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

using Energy = Quantity<struct EnergyTag>;  ///< 1 W ms per step
inline constexpr std::int64_t steps_of_wh = 3'600'000;
constexpr Energy wh(std::int64_t value) { return {value * steps_of_wh}; }
/// Returns whole Wh, rounded down.
constexpr std::int64_t whole_wh(Energy energy) {
    const std::int64_t quotient = energy.steps / steps_of_wh;
    return quotient - (energy.steps % steps_of_wh < 0 ? 1 : 0);
}
/// Returns the energy of a power over a time.
constexpr Energy over(Watts power, Duration time) { return {power.steps * time.count()}; }

inline constexpr std::int64_t millionths = 1'000'000;

/// Updates a slow mean. `value` is in millionths of its unit, and the first value starts the mean. `within` is the time constant.
inline void move_mean(std::optional<std::int64_t>& mean, std::int64_t value, Duration dt, Duration within) {
    if (!mean) mean = value;
    else *mean += (value - *mean) * std::min(dt, within).count() / within.count();
}

}  // namespace volt
