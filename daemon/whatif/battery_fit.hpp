// The bank's resting voltage over its charge, fitted to recorded minutes, and how wrong that was on days it had not seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/units.hpp"

namespace volt::whatif {

inline constexpr double most_fit_error_pct = 3;  ///< of a day's energy; a worse fit is not used
inline constexpr std::int64_t fitted_s = 30 * 86'400;

/// A recorded minute; current positive while charging.
struct BatteryMinute {
    std::int64_t at_s = 0;
    Volts voltage;
    Amps current;
};

/// The charge at a resting voltage, from the lowest one that was seen.
struct RestingPoint {
    double volts = 0, ampere_seconds = 0;
};

struct BatteryFit {
    std::vector<RestingPoint> curve;  ///< both rise; empty: the fit is not used, `why` says so
    std::optional<double> error_pct;  ///< of the energy of unseen days; empty: nothing to compare
    double capacity_ah = 0;           ///< between the ends of the curve
    std::string why;
};

/// Charge is counted between rests (minutes with a small, steady current); every fourth day is left out of the fit and judges it.
BatteryFit fit_battery(const std::vector<BatteryMinute>& minutes, std::int64_t resistance_mohm);

/// By how much the resting voltage would differ at `rest` if the bank held `ampere_seconds` less; beyond the ends the last slope goes on.
double volts_less(const std::vector<RestingPoint>& curve, double rest, double ampere_seconds);

}  // namespace volt::whatif
