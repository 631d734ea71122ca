// A Victron GX: which blocks are asked of which unit, and what readings they make. Pure.
#pragma once

#include <vector>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/gx_use.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus::gx {

/// Plans of the units, the one whose voltage is the first choice first. A battery monitor whose unit is not given is
/// searched: the first one whose voltage is the system's.
std::vector<UnitPlan> plans(const VictronConfig& config, const GxUse& use);

/// Readings from the answers of one unit; a value that they do not hold, or that the GX does not have, is left out.
SourceReading system_reading(const Answers& answers);
SourceReading battery_reading(const Answers& answers);
SourceReading vebus_reading(const Answers& answers);
/// Of a temperature service, battery or room: the value is in `battery_temperature`.
SourceReading temperature_reading(const Answers& answers);

}  // namespace volt::modbus::gx
