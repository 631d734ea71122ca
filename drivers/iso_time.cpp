#include "drivers/iso_time.hpp"

#include <ctime>

#include <chrono>

#include <fmt/core.h>

namespace volt {

std::string iso_date(std::int64_t seconds) {
    const std::chrono::sys_days day =
        std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{std::chrono::seconds{seconds}});
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
}

std::string clock_time(std::int64_t seconds) {
    const std::int64_t second = (seconds % 86'400 + 86'400) % 86'400;
    return fmt::format("{:02}:{:02}:{:02}", second / 3'600, second / 60 % 60, second % 60);
}

std::string iso_time(std::int64_t seconds) { return iso_date(seconds) + "T" + clock_time(seconds); }

std::optional<std::int64_t> parse_iso_utc(const std::string& text) {
    for (const char* format : {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ"}) {
        std::tm time{};
        const char* end = ::strptime(text.c_str(), format, &time);
        if (end == nullptr || *end != '\0') continue;
        const int day = time.tm_mday, second = time.tm_sec;
        const std::time_t at = ::timegm(&time);
        // timegm() normalizes the 31st of June and second 61.
        if (time.tm_mday == day && time.tm_sec == second && at >= 0) return at;
    }
    return std::nullopt;
}

}  // namespace volt
