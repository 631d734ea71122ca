// Wall time of the simulated site: UTC-8, and the hour of summer by the rule of 2007. By itself, so that the machine's own
// time zone data changes no log.
#pragma once

#include <cstdint>

namespace volt::simulation {

/// Milliseconds to add to UTC.
std::int64_t local_offset_ms(std::int64_t utc_ms);

}  // namespace volt::simulation
