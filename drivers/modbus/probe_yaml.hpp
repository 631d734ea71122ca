// Conclusions of the probe from all answers: remarks about a unit, and the lines for voltd.yaml. Pure.
#pragma once

#include <string>
#include <vector>

#include "drivers/modbus/probe.hpp"

namespace volt::modbus {

/// Returns remarks about a unit as a whole: a three-phase inverter, scales that do not agree, its complaints.
std::vector<std::string> remarks_about(const std::string& kind, int unit, const Answers& answers);

/// Adds a remark to each battery whose current is not the bank's.
void remark_on_packs(std::vector<ProbedUnit>& units, const std::vector<Answers>& answers);

/// Returns the sections `victron` and `sol_ark`; `answers` are aligned with `units`.
std::vector<std::string> yaml_lines(const std::string& host, int port, Framing framing, const std::vector<ProbedUnit>& units,
                                    const std::vector<Answers>& answers);

}  // namespace volt::modbus
