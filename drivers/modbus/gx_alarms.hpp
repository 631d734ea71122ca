// Alarms of a GX's battery and inverter: alarm registers (0 none, 1 warning, 2 alarm) as one line of text.
#pragma once

#include <string>

#include "drivers/modbus/registers.hpp"

namespace volt::modbus::gx {

/// "alarm LowVoltage (268), warning LowSoc (272)"; empty: no complaint. "No alarm" proves nothing: registers of alarms
/// that a battery does not have read 0 too.
std::string battery_complaint(const Answers& answers);
/// The same of a Multi or Quattro, with its error number (32).
std::string vebus_complaint(const Answers& answers);

}  // namespace volt::modbus::gx
