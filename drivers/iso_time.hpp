// Times as text: ISO 8601 without a zone. All of seconds since 1970, of UTC or of a local wall.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace volt {

/// "2025-06-21"
std::string iso_date(std::int64_t seconds);
/// "13:00:00"
std::string clock_time(std::int64_t seconds);
/// "2025-06-21T13:00:00"
std::string iso_time(std::int64_t seconds);
/// Seconds since 1970 of "2025-06-21T13:00:00Z", also without seconds; nothing for anything else or a time before 1970.
std::optional<std::int64_t> parse_iso_utc(const std::string& text);

}  // namespace volt
