#include "daemon/ctl/views/time_argument.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <ctime>

namespace volt::ctl {

namespace {

/// Reads local or UTC time by `format`. Returns seconds, or nothing unless the whole text matches.
std::optional<std::int64_t> read_time(const std::string& text, const char* format, std::tm time, bool utc) {
    const char* end = ::strptime(text.c_str(), format, &time);
    if (end == nullptr || *end != '\0') return std::nullopt;
    const int day = time.tm_mday;
    time.tm_isdst = -1;
    const std::time_t at = utc ? ::timegm(&time) : ::mktime(&time);
    // Reject 31 April, which would silently become 1 May.
    return time.tm_mday == day ? std::optional<std::int64_t>(at) : std::nullopt;
}

std::tm local_midnight(std::int64_t now_s) {
    const std::time_t now = now_s;
    std::tm today{};
    ::localtime_r(&now, &today);
    today.tm_hour = today.tm_min = today.tm_sec = 0;
    return today;
}

}  // namespace

void use_zone(const std::string& zone) {
    if (std::getenv("TZ") != nullptr || zone.empty()) return;
    ::setenv("TZ", zone.c_str(), 1);
    ::tzset();
}

std::optional<std::int64_t> parse_span(const std::string& text) {
    std::int64_t count = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc{} || rest + 1 != end || count <= 0 || count > 1'000'000'000) return std::nullopt;
    switch (*rest) {
        case 's': return count;
        case 'm': return count * 60;
        case 'h': return count * 3600;
        case 'd': return count * 86400;
        case 'w': return count * 7 * 86400;
    }
    return std::nullopt;
}

std::optional<double> parse_seconds(const std::string& text) {
    if (const auto span = parse_span(text)) return static_cast<double>(*span);
    const std::string number = text.ends_with('s') ? text.substr(0, text.size() - 1) : text;
    const bool plain = !number.empty() && number.find_first_not_of("0123456789.") == std::string::npos;
    char* end = nullptr;
    const double seconds = plain ? std::strtod(number.c_str(), &end) : 0;
    return plain && *end == '\0' && seconds <= 1e9 ? std::optional(seconds) : std::nullopt;
}

std::optional<std::int64_t> parse_moment(const std::string& text, std::int64_t now_s) {
    if (text == "now") return now_s;
    if (text.starts_with('-')) {
        const auto span = parse_span(text.substr(1));
        return span ? std::optional(now_s - *span) : std::nullopt;
    }
    const bool utc = text.ends_with('Z');
    const std::string plain = utc ? text.substr(0, text.size() - 1) : text;
    for (const char* format : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"})
        if (const auto at = read_time(plain, format, {}, utc)) return at;
    return utc ? std::nullopt : read_time(plain, "%H:%M", local_midnight(now_s), false);
}

std::string local_text(std::int64_t at_s, const char* format) {
    const std::time_t at = at_s;
    std::tm local{};
    ::localtime_r(&at, &local);
    std::array<char, 64> room{};
    return {room.data(), std::strftime(room.data(), room.size(), format, &local)};
}

}  // namespace volt::ctl
