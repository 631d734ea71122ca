// Numbers in the owner's format: "52.30 V", "8,450 W", "37.5 °C", "4 min 20 s". Used by every sentence.
#pragma once

#include <string>

#include "rules/time.hpp"
#include "rules/verdict.hpp"

namespace volt {

std::string phrase(Volts volts);
std::string phrase(Watts watts);
std::string phrase(Amps amps);
/// Formats energy as "850 Wh", from 1,000 on as "9.1 kWh", rounded down.
std::string phrase_wh(std::int64_t watt_hours);
/// Formats a temperature. For a difference of two see phrase_kelvin().
std::string phrase(Celsius celsius);
std::string phrase_kelvin(Celsius difference);
/// Converts the temperatures of a sentence: differences in °C, or everything in °F.
std::string in_units(const std::string& sentence, bool fahrenheit);
/// Formats power as "8 kW" or "6.5 kW", or in watts if a tenth of a kW is too coarse: "850 W", "3,250 W".
std::string phrase_kw(std::int64_t watts);
/// Formats whole percent.
std::string phrase(Percent percent);
/// Formats up to 120 s in seconds, then in the two largest units. Rounds up, so that "0 s" never shows early.
std::string phrase(Duration duration);
/// Formats `steps` counted in `unit` (a temperature as degrees).
std::string phrase(std::int64_t steps, Unit unit);
/// Formats the distance between two values counted in `unit` (a temperature as a difference). Never negative.
std::string phrase_gap(std::int64_t from, std::int64_t to, Unit unit);
/// Formats a second of the local day as `18:00`.
std::string phrase_clock(std::int32_t second_of_day);

}  // namespace volt
