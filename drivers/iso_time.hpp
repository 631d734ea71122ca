// Times as text: ISO 8601 without a zone. All count seconds since 1970, in UTC or local wall time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace volt {

/// Formats "2025-06-21".
std::string iso_date(std::int64_t seconds);
/// Formats "13:00:00".
std::string clock_time(std::int64_t seconds);
/// Formats "2025-06-21T13:00:00".
std::string iso_time(std::int64_t seconds);
/// Parses "2025-06-21T13:00:00Z", also without seconds, to seconds since 1970. Empty for anything else or a time before 1970.
std::optional<std::int64_t> parse_iso_utc(const std::string& text);

}  // namespace volt
