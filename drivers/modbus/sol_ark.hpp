// A Sol-Ark 12K / 15K: the blocks to read, and the reading they make. Pure.
#pragma once

#include <memory>
#include <string>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/serial_watch.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus::sol_ark {

/// Powers, battery and temperatures in one request.
inline constexpr Stretch live_block{166, 31};
/// Silence between two requests: the line behind the gateway has 9600 baud, and the inverter is slow.
inline constexpr Duration request_gap = 200ms;

/// Returns the plan of an inverter, source `sol_ark` or `sol_ark_2`. Type and serial number are checked on each connection.
/// `serials`: numbers of the site's inverters, so that none is read, and added, as two; null if only its own matters.
UnitPlan plan(const SolArkConfig& config, const std::string& source = "sol_ark",
              std::shared_ptr<SerialNumbers> serials = nullptr);

/// Returns wrong_device if register 0 belongs to an inverter with another map.
std::optional<Failure> identify(const Answers& answers);

/// Returns the reading of a live block (166-196) and, if answered, of the PV inputs (109-114). Fails if voltage, SOC and
/// temperature are all 0 or all 0xFFFF: a gateway answered instead of the inverter.
Result<SourceReading> reading(const Answers& answers, const SolArkConfig& config);

}  // namespace volt::modbus::sol_ark
