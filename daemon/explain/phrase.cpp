#include "daemon/explain/phrase.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace volt {

namespace {

/// Steps of 1/`scale` with `digits` decimals, without floating point.
std::string decimal(std::int64_t steps, std::int64_t scale, int digits) {
    const std::int64_t size = std::abs(steps);
    return fmt::format("{}{}.{:0{}}", steps < 0 ? "-" : "", size / scale, size % scale, digits);
}

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(std::abs(number));
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return (number < 0 ? "-" : "") + digits;
}

std::string two_units(std::int64_t large, const char* large_name, std::int64_t small, const char* small_name) {
    if (small == 0) return fmt::format("{} {}", large, large_name);
    return fmt::format("{} {} {} {}", large, large_name, small, small_name);
}

}  // namespace

std::string phrase(Volts volts) {
    return decimal(volts.steps, 100, 2) + " V";
}
std::string phrase(Watts watts) {
    return grouped(watts.steps) + " W";
}
std::string phrase(Amps amps) {
    return decimal(amps.steps, 100, 2) + " A";
}
std::string phrase(Celsius celsius) {
    return decimal(celsius.steps, 10, 1) + " °C";
}
std::string phrase_kelvin(Celsius difference) {
    return decimal(difference.steps, 10, 1) + " K";
}
std::string phrase(Percent percent) {
    return fmt::format("{} %", (percent.steps + 50) / 100);
}

std::string phrase(Duration duration) {
    const std::int64_t seconds = ceil_div(std::max<std::int64_t>(duration.count(), 0), 1000);
    if (seconds <= 120) return fmt::format("{} s", seconds);
    if (seconds < 7200) return two_units(seconds / 60, "min", seconds % 60, "s");
    if (seconds < 2 * 86400) return two_units(seconds / 3600, "h", seconds % 3600 / 60, "min");
    return two_units(seconds / 86400, "d", seconds % 86400 / 3600, "h");
}

std::string phrase(std::int64_t steps, Unit unit) {
    switch (unit) {
        case Unit::none:
        case Unit::count: return grouped(steps);
        case Unit::volts: return phrase(Volts{steps});
        case Unit::watts: return phrase(Watts{steps});
        case Unit::celsius: return phrase(Celsius{steps});
        case Unit::seconds: return phrase(Duration(steps));
    }
    return grouped(steps);
}

std::string phrase_gap(std::int64_t from, std::int64_t to, Unit unit) {
    const std::int64_t gap = std::abs(to - from);
    return unit == Unit::celsius ? phrase_kelvin(Celsius{gap}) : phrase(gap, unit);
}

std::string phrase_clock(std::int32_t second_of_day) {
    return fmt::format("{:02}:{:02}", second_of_day / 3600, second_of_day / 60 % 60);
}

}  // namespace volt
