// Under-voltage of the computer itself, as a Raspberry Pi's kernel reports it.
#pragma once

#include <optional>
#include <string>

#include "rules/time.hpp"

namespace volt {

inline constexpr const char* hwmon_directory = "/sys/class/hwmon";

/// Returns true if the supply of the computer was too low since the last call (driver rpi_volt: in0_lcrit_alarm below `hwmon`),
/// or nothing if the computer cannot report it.
std::optional<bool> under_voltage_now(const std::string& hwmon);

/// Holds a brief dip: true for `kept` after the last one.
class UnderVoltage {
public:
    static constexpr Duration kept = 10min;

    explicit UnderVoltage(std::string hwmon) : hwmon_(std::move(hwmon)) {}
    bool update(Time now);

private:
    std::string hwmon_;
    std::optional<Time> seen_;
};

}  // namespace volt
