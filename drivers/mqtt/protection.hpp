// Recognizes a device's own protection (overpower, overtemperature) in its reports.
#pragma once

#include <string>

#include "drivers/output.hpp"

namespace volt {

/// Problems that a dialect reports if the device's own timer will switch it on, or did.
inline constexpr const char* timer_will_turn_on = "its own timer will switch it on";
inline constexpr const char* timer_turned_on = "its own timer switched it on";

/// Returns the protection that a device's problem text names: `MaxPowerReached 3434` (Tasmota), `overpower` and `overtemperature`
/// (Shelly Gen1), `overtemp`, `overvoltage`, `overcurrent` (Gen2), `over current threshold` (a Zigbee breaker). `none` for any
/// other text.
OwnProtection protection_in(const std::string& problem);

/// Appends a problem to those of the event.
void add_problem(OutputEvent& event, const std::string& problem);

/// Returns the parts of `all`, separated by ", ", that are not among those of `known`.
std::string words_without(const std::string& all, const std::string& known);

}  // namespace volt
