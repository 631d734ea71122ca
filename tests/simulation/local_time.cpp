#include "tests/simulation/local_time.hpp"

#include <chrono>

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

}  // namespace volt::simulation
