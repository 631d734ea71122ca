// Alarms of a GX's battery and inverter: alarm registers (0 none, 1 warning, 2 alarm) as one line of text.
#pragma once

#include <string>

#include "drivers/modbus/registers.hpp"

namespace volt::modbus::gx {

/// Active alarms of a device. `level`: 0 none, 1 warning, 2 alarm.
struct Complaint {
    std::string text;
    int level = 0;
};

/// Returns "alarm LowVoltage (268), warning LowSoc (272)", or an empty text without a complaint. "No alarm" proves nothing:
/// registers of alarms that a battery does not have also read 0.
Complaint battery_complaint(const Answers& answers);
/// Returns the complaint of a Multi or Quattro, with its error number (32).
Complaint vebus_complaint(const Answers& answers);

}  // namespace volt::modbus::gx
