// A Sol-Ark 12K / 15K: which blocks are asked for, and what reading they make. Pure.
#pragma once

#include "drivers/modbus/config.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus::sol_ark {

/// Silence between two requests: the line behind the gateway has 9600 baud, and its other end is slow.
inline constexpr Duration request_gap = 200ms;

/// The plan of the inverter, source `sol_ark`; type and serial number are looked at on each connection.
UnitPlan plan(const SolArkConfig& config);

/// wrong_device where register 0 names an inverter with another map.
std::optional<Failure> identify(const Answers& answers);

/// The reading of a live block (166-196) and, where answered, of the PV inputs (109-114). A Failure where voltage, SOC
/// and temperature are all 0 or all 0xFFFF: a gateway answering in place of the inverter.
Result<SourceReading> reading(const Answers& answers, const SolArkConfig& config);

}  // namespace volt::modbus::sol_ark
