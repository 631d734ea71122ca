// Hours, starts and energy of a load over a range: counted and rounded in one place.
#pragma once

#include <cstdint>

namespace volt {

/// Activity of one load within a range.
struct LoadTally {
    int runs = 0;
    std::int64_t on_s = 0, watt_seconds = 0;
};

/// Returns hours rounded to two decimals.
double hours_of(std::int64_t seconds);
/// Returns kWh rounded to two decimals.
double kwh_of(std::int64_t watt_seconds);
/// Returns tenths of a percent, rounded down, so that 100 means all. Returns 0 if `whole` is 0.
double percent_of(std::int64_t part, std::int64_t whole);

}  // namespace volt
