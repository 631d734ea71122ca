// A Sol-Ark 12K / 15K: which blocks are asked for, and what reading they make. Pure.
#pragma once

#include <memory>
#include <string>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/serial_watch.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus::sol_ark {

/// Powers, battery and temperatures, in one request.
inline constexpr Stretch live_block{166, 31};
/// Silence between two requests: the line behind the gateway has 9600 baud, and its other end is slow.
inline constexpr Duration request_gap = 200ms;

/// The plan of an inverter, source `sol_ark` or `sol_ark_2`; type and serial number are checked on each connection.
/// `serials`: of the site's inverters, so that none is read, and added, as two; nothing: the serial number is its own alone.
UnitPlan plan(const SolArkConfig& config, const std::string& source = "sol_ark",
              std::shared_ptr<SerialNumbers> serials = nullptr);

/// wrong_device where register 0 names an inverter with another map.
std::optional<Failure> identify(const Answers& answers);

/// The reading of a live block (166-196) and, where answered, of the PV inputs (109-114). A Failure where voltage, SOC
/// and temperature are all 0 or all 0xFFFF: a gateway answering in place of the inverter.
Result<SourceReading> reading(const Answers& answers, const SolArkConfig& config);

}  // namespace volt::modbus::sol_ark
