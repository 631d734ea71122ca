// Registers of a Victron GX (Venus OS, Modbus TCP), by service. An address has the same meaning on every firmware. 32-bit values
// have the high word first; a value that the GX does not have reads as 0.
#pragma once

#include <span>

#include "drivers/modbus/registers.hpp"

namespace volt::modbus::gx {

/// Rows that the program reads, by name. Each is also in its service's map.
extern const Register serial;                                                                       // system
extern const Register battery_voltage, battery_current, battery_power, battery_soc, battery_state;  // system
extern const Register pv_power;
extern const Register ac_pv_power[9];  ///< on output, on grid, on genset: L1..L3 each
extern const Register consumption[3];
extern const Register grid_power[3];
extern const Register wide_unit_power, unit_power, unit_voltage, unit_current, unit_temperature, unit_soc;  // battery
extern const Register max_charge_voltage, max_discharge_current;
extern const Register multi_voltage, multi_current, multi_error, multi_temperature;    // vebus
extern const Register sensor_product, sensor_type, sensor_temperature, sensor_status;  // temperature
extern const Register max_charge_current;                                              // settings, 2705

/// Whole maps, for the probe and the tests, in ascending order of addresses.
std::span<const Register> system_map();
std::span<const Register> battery_map();
std::span<const Register> vebus_map();
std::span<const Register> solarcharger_map();
std::span<const Register> temperature_map();
std::span<const Register> settings_map();  ///< settings and hub4, the control side

}  // namespace volt::modbus::gx
