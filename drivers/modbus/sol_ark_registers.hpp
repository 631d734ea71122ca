// Registers of a Sol-Ark 12K / 15K (single and split phase): holding registers, function 3, 32-bit values low word first. A
// three-phase unit has another map: see `is_other_map`.
#pragma once

#include <span>
#include <vector>

#include "drivers/modbus/registers.hpp"

namespace volt::modbus::sol_ark {

/// Rows that the program reads, by name. Each is also in the map. Battery signs are reversed: positive = charging.
extern const Register device_type, serial;
extern const Register grid_power, load_power;  ///< before `power_scale`
extern const Register generator_port;          ///< sign uncertain: positive may be in or out
extern const Register inverter_power;          ///< positive = delivering; never in units of 10 W
extern const Register battery_temperature, battery_voltage, soc;
extern const Register pv_power[3];
extern const Register battery_power, battery_current;  ///< current before its step is applied
extern const Register pv_voltage[3], pv_current[3];

std::span<const Register> map();

/// Returns true if register 0 belongs to a device with another map (three-phase hybrids): none of its values may be used.
bool is_other_map(std::uint16_t type);

/// Returns the numbers (1..64) of the faults in the words of 103-106: bit n of word k is F(16k + n + 1).
std::vector<int> faults(std::span<const std::uint16_t> words);

}  // namespace volt::modbus::sol_ark
