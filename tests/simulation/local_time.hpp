// Wall time of the simulated site: UTC-8, with daylight saving by the rule of 2007. Independent of the machine's time zone data,
// which therefore changes no log.
#pragma once

#include <cstdint>

namespace volt::simulation {

/// Returns the milliseconds to add to UTC.
std::int64_t local_offset_ms(std::int64_t utc_ms);

}  // namespace volt::simulation
