#include "tests/simulation/local_time.hpp"

#include <chrono>

#include "drivers/sim/sun.hpp"

namespace volt::simulation {

namespace {

using namespace std::chrono;

/// Returns the n-th Sunday of a month at an hour of UTC.
milliseconds sunday(year y, month m, unsigned n, hours at) {
    return duration_cast<milliseconds>(sys_days{y / m / Sunday[n]}.time_since_epoch()) + at;
}

}  // namespace

std::int64_t local_offset_ms(std::int64_t utc_ms) {
    const sys_days day{floor<days>(milliseconds{utc_ms})};
    const year y = year_month_day{day}.year();
    const milliseconds now{utc_ms};
    const bool summer = now >= sunday(y, March, 2, hours{10}) && now < sunday(y, November, 1, hours{9});
    return (summer ? -7 : -8) * 3'600'000;
}

std::optional<SunOfDay> sun_of_day(std::int32_t day, std::int64_t offset_ms, double latitude, double longitude) {
    constexpr double horizon = -0.0145;  // sine of -0.833 degrees: refraction and the radius of the disk
    constexpr std::int32_t day_s = 86'400, noon = day_s / 2;
    const auto up = [&](std::int32_t second) {
        const std::int64_t local_ms = (std::int64_t{day} * day_s + second) * 1000;
        return sim::sun_at(local_ms - offset_ms, latitude, longitude).up >= horizon;
    };
    if (up(0) || !up(noon) || up(day_s - 1)) return std::nullopt;
    const auto crossing = [&](std::int32_t dark, std::int32_t light) {
        while (dark - light > 1 || light - dark > 1) {
            const std::int32_t middle = (dark + light) / 2;
            (up(middle) ? light : dark) = middle;
        }
        return light;
    };
    return SunOfDay{crossing(0, noon), crossing(day_s - 1, noon)};
}

}  // namespace volt::simulation
