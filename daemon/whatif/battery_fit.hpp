// Resting voltage of the bank over its charge, fitted to recorded minutes, with its error on days that were not part of the fit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/units.hpp"

namespace volt::whatif {

inline constexpr double most_fit_error_pct = 3;  ///< percent of a day's energy; a worse fit is not used
inline constexpr std::int64_t fitted_s = 30 * 86'400;

/// Recorded minute. The current is positive while charging.
struct BatteryMinute {
    std::int64_t at_s = 0;
    Volts voltage;
    Amps current;
};

/// Charge at a resting voltage, counted from the lowest voltage seen.
struct RestingPoint {
    double volts = 0, ampere_seconds = 0;
};

struct BatteryFit {
    std::vector<RestingPoint> curve;  ///< both values increase, or empty if the fit is not used (see `why`)
    std::optional<double> error_pct;  ///< of the energy of unseen days, or empty if there is nothing to compare
    double capacity_ah = 0;           ///< between the ends of the curve
    std::string why;
};

/// Fits the battery. Counts charge between rests (minutes with a small, steady current). Every fourth day is excluded from the
/// fit and checks it.
BatteryFit fit_battery(const std::vector<BatteryMinute>& minutes, std::int64_t resistance_mohm);

/// Returns how far the resting voltage would differ at `rest` if the bank held `ampere_seconds` less. Beyond the ends the last
/// slope continues.
double volts_less(const std::vector<RestingPoint>& curve, double rest, double ampere_seconds);

}  // namespace volt::whatif
