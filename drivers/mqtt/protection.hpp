// The device's own protection, as its dialect reports it.
#pragma once

#include <string>

#include "rules/snapshot.hpp"

namespace volt {

/// What a dialect reports where the device's own timer will switch it on, or did.
inline constexpr const char* timer_will_turn_on = "its own timer will switch it on";
inline constexpr const char* timer_turned_on = "its own timer switched it on";

/// What a problem that a device reports says about its own protection: `MaxPowerReached 3434` (Tasmota), `overpower` and
/// `overtemperature` (Shelly Gen1), `overtemp`, `overvoltage`, `overcurrent` (Gen2). None for any other text.
OwnProtection protection_in(const std::string& problem);

}  // namespace volt
