#include "drivers/sim/iso_time.hpp"

#include <chrono>

#include <fmt/core.h>

namespace volt::sim {

std::string iso_time(std::int64_t utc_s) {
    const std::int64_t day = utc_s / 86'400, second = utc_s % 86'400;
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()), second / 3'600, second / 60 % 60, second % 60);
}

}  // namespace volt::sim
