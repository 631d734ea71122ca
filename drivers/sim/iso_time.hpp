// Times as text: ISO 8601 without a zone, as the devices write it.
#pragma once

#include <cstdint>
#include <string>

namespace volt::sim {

/// "2025-06-21T13:00:00" for seconds since 1970 UTC.
std::string iso_time(std::int64_t utc_s);

}  // namespace volt::sim
