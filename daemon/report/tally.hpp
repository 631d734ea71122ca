// Hours, starts and energy of a load over a range: counted and rounded in one place.
#pragma once

#include <cstdint>

namespace volt {

/// What one load did within a range.
struct LoadTally {
    int runs = 0;
    std::int64_t on_s = 0, watt_seconds = 0;
};

/// Hours of two decimals, rounded.
double hours_of(std::int64_t seconds);
/// kWh of two decimals, rounded.
double kwh_of(std::int64_t watt_seconds);
/// Tenths of a percent, rounded down, so that 100 means all; 0 of nothing.
double percent_of(std::int64_t part, std::int64_t whole);

}  // namespace volt
