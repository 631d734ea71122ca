// Wall time of the simulated site: UTC-8, with daylight saving by the rule of 2007. Independent of the machine's time zone data,
// which therefore changes no log.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/time.hpp"

namespace volt::simulation {

/// Returns the milliseconds to add to UTC.
std::int64_t local_offset_ms(std::int64_t utc_ms);

/// Sunrise and sunset of the local day at a place, to about two minutes. Empty where the sun does not rise or set.
std::optional<SunOfDay> sun_of_day(std::int32_t day, std::int64_t offset_ms, double latitude, double longitude);

}  // namespace volt::simulation
