// Times and durations as people type them, and the site's local time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace volt::ctl {

/// Sets local time to that of `zone` (tz name), unless the environment sets TZ.
void use_zone(const std::string& zone);

/// Reads `90s`, `30m`, `6h`, `7d`, `2w`. Returns seconds, or nothing for anything else or 0.
std::optional<std::int64_t> parse_span(const std::string& text);
/// Also reads fractions of a second and a plain number: `0.5s`, `60`, `30m`. Returns nothing for anything else.
std::optional<double> parse_seconds(const std::string& text);
/// Reads `2025-06-21`, `2025-06-21T06:00[:00]` (local; UTC with a Z), `06:00` (today), `-6h`, `now`. Returns seconds since 1970
/// UTC.
std::optional<std::int64_t> parse_moment(const std::string& text, std::int64_t now_s);
/// Formats local time with strftime's `format`.
std::string local_text(std::int64_t at_s, const char* format);

}  // namespace volt::ctl
