// A Victron GX: which blocks are asked of which unit, and what readings they make. Pure.
#pragma once

#include <vector>

#include "drivers/modbus/config.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus::gx {

/// Plans of the units, the one with the best voltage first (battery, system, vebus, temperatures). A battery monitor
/// whose unit is not given is looked for: the first one whose voltage is the system's.
/// `read_power`: also ask the system unit for PV, consumption and grid (where power_sources names victron.system).
std::vector<UnitPlan> plans(const VictronConfig& config, bool read_power);

/// Readings from the answers of one unit; a value that they do not hold, or that the GX does not have, is left out.
SourceReading system_reading(const Answers& answers);
SourceReading battery_reading(const Answers& answers);
SourceReading vebus_reading(const Answers& answers);
/// Of a temperature service, battery or room: the value is in `battery_temperature`.
SourceReading temperature_reading(const Answers& answers);

}  // namespace volt::modbus::gx
