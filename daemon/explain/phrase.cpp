#include "daemon/explain/phrase.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "drivers/decimal.hpp"

namespace volt {

namespace {

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

std::string phrase(Volts volts) { return decimal(volts.steps, 2) + " V"; }
std::string phrase(Watts watts) { return grouped(watts.steps) + " W"; }
std::string phrase(Amps amps) { return decimal(amps.steps, 2) + " A"; }
std::string phrase(Celsius celsius) { return decimal(celsius.steps, 1) + " °C"; }
std::string phrase_kelvin(Celsius difference) { return decimal(difference.steps, 1) + " K"; }
std::string phrase(Percent percent) { return fmt::format("{} %", (percent.steps + 50) / 100); }

std::string phrase(Duration duration) {
    const std::int64_t seconds = ceil_div(std::max<std::int64_t>(duration.count(), 0), 1000);
    if (seconds <= 120) return fmt::format("{} s", seconds);
    if (seconds < 7200) return two_units(seconds / 60, "min", seconds % 60, "s");
    if (seconds < 2 * 86400) return two_units(seconds / 3600, "h", seconds % 3600 / 60, "min");
    return two_units(seconds / 86400, "d", seconds % 86400 / 3600, "h");
}

std::string phrase_wh(std::int64_t watt_hours) {
    if (watt_hours > -1000 && watt_hours < 1000) return fmt::format("{} Wh", watt_hours);
    const char* sign = watt_hours < 0 ? "-" : "";
    const std::int64_t tenths = std::abs(watt_hours) / 100;
    return fmt::format("{}{}.{} kWh", sign, tenths / 10, tenths % 10);
}

std::string phrase_kw(std::int64_t watts) {
    if (watts % 100 != 0 || std::abs(watts) < 1000) return phrase(Watts{watts});
    if (watts % 1000 == 0) return grouped(watts / 1000) + " kW";
    return decimal(watts / 100, 1) + " kW";
}

std::string phrase(std::int64_t steps, Unit unit) {
    switch (unit) {
        case Unit::none:
        case Unit::count: return grouped(steps);
        case Unit::volts: return phrase(Volts{steps});
        case Unit::watts: return phrase(Watts{steps});
        case Unit::celsius: return phrase(Celsius{steps});
        case Unit::seconds: return phrase(Duration(steps));
        case Unit::watt_hours: return phrase_wh(steps);
    }
    return grouped(steps);
}

std::string phrase_gap(std::int64_t from, std::int64_t to, Unit unit) {
    const std::int64_t gap = std::abs(to - from);
    return unit == Unit::celsius ? phrase_kelvin(Celsius{gap}) : phrase(gap, unit);
}

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Returns the tenths at the end of `text` as phrase(Celsius) writes them, and their length in characters. Empty for anything
/// else.
std::optional<std::pair<std::int64_t, std::size_t>> tenths_at_end(const std::string& text) {
    const std::size_t size = text.size();
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (size < 3 || !digit(size - 1) || text[size - 2] != '.' || !digit(size - 3)) return std::nullopt;
    std::size_t begin = size - 3;
    while (begin > 0 && digit(begin - 1) && size - begin < 8) --begin;
    const bool minus = begin > 0 && text[begin - 1] == '-';
    const std::int64_t value = std::stoll(text.substr(begin, size - 2 - begin)) * 10 + (text[size - 1] - '0');
    return std::pair{minus ? -value : value, size - begin + (minus ? 1U : 0U)};
}

}  // namespace

std::string in_units(const std::string& sentence, bool fahrenheit) {
    constexpr std::string_view celsius = " °C", kelvin = " K";
    std::string text;
    for (std::size_t i = 0; i < sentence.size();) {
        const std::string_view rest = std::string_view(sentence).substr(i);
        const bool difference = rest.starts_with(kelvin) && (rest.size() == kelvin.size() || !is_letter(rest[kelvin.size()]));
        const auto tenths = difference || rest.starts_with(celsius) ? tenths_at_end(text) : std::nullopt;
        if (!tenths) {
            text += sentence[i++];
            continue;
        }
        i += difference ? kelvin.size() : celsius.size();
        if (fahrenheit) {
            text.resize(text.size() - tenths->second);
            const std::int64_t fifths = tenths->first * 9 + (tenths->first < 0 ? -2 : 2);  // rounded to the nearest tenth
            text += decimal(fifths / 5 + (difference ? 0 : 320), 1);
        }
        text += fahrenheit ? " °F" : celsius;
    }
    return text;
}

std::string phrase_clock(std::int32_t second_of_day) {
    return fmt::format("{:02}:{:02}", second_of_day / 3600, second_of_day / 60 % 60);
}

}  // namespace volt
