// Text for a terminal: widths in characters, colours only where they are wanted, values of JSON that may not be there.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace volt::ctl {

using Json = nlohmann::ordered_json;

/// Of the topics that several views show.
inline constexpr std::string_view output_prefix = "output/", alarm_prefix = "alarm/";

enum class Colour { plain, bold, dim, green, yellow, red, cyan };

/// Colours text, or leaves it alone.
struct Paint {
    bool on = false;
    std::string operator()(Colour colour, const std::string& text) const;
};

/// Characters (code points) of UTF-8, escape sequences not counted.
std::size_t width_of(const std::string& text);
/// Exactly `width` characters: cut with `…`, or filled up.
std::string padded(const std::string& text, std::size_t width);
/// At most `width` characters, cut with `…`.
std::string clipped(const std::string& text, std::size_t width);
/// `text` without escape sequences in lines of at most `width` characters, broken at blanks; all but the first begin with `indent`
/// blanks.
std::vector<std::string> wrapped(const std::string& text, std::size_t width, std::size_t indent);
/// `text` with `more` at the right end of a line of `width`.
std::string spread(const std::string& text, const std::string& more, std::size_t width);
/// Items joined to as few lines as fit, each indented by two.
std::vector<std::string> flowed(const std::vector<std::string>& items, std::size_t width);

/// A string member without control characters; empty when it is none.
std::string word(const Json& object, const char* key);
std::optional<double> number(const Json& object, const char* key);
bool flag(const Json& object, const char* key);
/// A member, or an empty object.
const Json& part(const Json& object, std::string_view key);

/// "52.30 V", "8,450 W" or "-" when it is not known.
std::string volts(const std::optional<double>& value);
std::string watts(const std::optional<double>& value);
/// `fahrenheit`: as the owner wants it; the value is in °C.
std::string degrees(const std::optional<double>& value, bool fahrenheit = false);
/// Seconds since 1970 of `2025-06-21T19:00:00Z` (or without Z); nothing for anything else.
std::optional<std::int64_t> seconds_of(const std::string& iso);
/// A moment in the site's local time, from the `at` and `local` of `status`: "12:00:05", with the date if it is
/// another day; as it stands where that is not known.
std::string site_moment(const std::string& iso, const Json& status);
/// "12 min 5 s" between two moments; empty if one is not known.
std::string span_of(const std::string& from, const std::string& to);

}  // namespace volt::ctl
