// Times as text: ISO 8601 without a zone. All of seconds since 1970, of UTC or of a local wall.
#pragma once

#include <cstdint>
#include <string>

namespace volt {

/// "2025-06-21"
std::string iso_date(std::int64_t seconds);
/// "13:00:00"
std::string clock_time(std::int64_t seconds);
/// "2025-06-21T13:00:00"
std::string iso_time(std::int64_t seconds);

}  // namespace volt
