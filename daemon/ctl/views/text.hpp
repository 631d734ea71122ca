// Text for a terminal: widths in characters, optional colors, and JSON values that may be missing.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace volt::ctl {

using Json = nlohmann::ordered_json;

/// Prefixes of topics that several views show.
inline constexpr std::string_view output_prefix = "output/", alarm_prefix = "alarm/";

enum class Colour { plain, bold, dim, green, yellow, red, cyan };

/// Colors text, or leaves it unchanged.
struct Paint {
    bool on = false;
    std::string operator()(Colour colour, const std::string& text) const;
};

/// Returns the number of characters (code points) of UTF-8, without escape sequences.
std::size_t width_of(const std::string& text);
/// Returns exactly `width` characters: cut with `…`, or padded.
std::string padded(const std::string& text, std::size_t width);
/// Returns at most `width` characters, cut with `…`.
std::string clipped(const std::string& text, std::size_t width);
/// Breaks `text` (without escape sequences) at spaces into lines of at most `width` characters. All but the first begin with
/// `indent` spaces.
std::vector<std::string> wrapped(const std::string& text, std::size_t width, std::size_t indent);
/// Returns `text` with `more` at the right end of a line of `width`.
std::string spread(const std::string& text, const std::string& more, std::size_t width);
/// Joins items into as few lines as possible, each indented by two.
std::vector<std::string> flowed(const std::vector<std::string>& items, std::size_t width);

/// Returns a string member without control characters, or an empty string if it is not a string.
std::string word(const Json& object, const char* key);
std::optional<double> number(const Json& object, const char* key);
bool flag(const Json& object, const char* key);
/// Returns a member, or an empty object.
const Json& part(const Json& object, std::string_view key);

/// Return "52.30 V", "8,450 W", or "-" if unknown.
std::string volts(const std::optional<double>& value);
std::string watts(const std::optional<double>& value);
/// Formats a value in °C. `fahrenheit`: the owner wants °F.
std::string degrees(const std::optional<double>& value, bool fahrenheit = false);
/// Returns seconds since 1970 for `2025-06-21T19:00:00Z` (or without Z), or nothing for anything else.
std::optional<std::int64_t> seconds_of(const std::string& iso);
/// Returns a moment in the site's local time, from the `at` and `local` of `status`: "12:00:05", with the date if it is another
/// day, or unchanged if that is unknown.
std::string site_moment(const std::string& iso, const Json& status);
/// Returns "12 min 5 s" between two moments, or an empty string if one is unknown.
std::string span_of(const std::string& from, const std::string& to);

}  // namespace volt::ctl
