// A Victron GX: the blocks to read from each unit, and the readings they make. Pure.
#pragma once

#include <vector>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/gx_use.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus::gx {

/// Returns plans of the units, the first choice for the voltage first. A battery monitor without a configured unit is searched:
/// the first one with the system's voltage.
std::vector<UnitPlan> plans(const VictronConfig& config, const GxUse& use);

/// Return readings from the answers of one unit. A value that they do not contain, or that the GX does not have, is empty.
SourceReading system_reading(const Answers& answers);
SourceReading battery_reading(const Answers& answers);
SourceReading vebus_reading(const Answers& answers);
/// Returns the reading of a temperature service, battery or room: the value is in `battery_temperature`.
SourceReading temperature_reading(const Answers& answers);

}  // namespace volt::modbus::gx
