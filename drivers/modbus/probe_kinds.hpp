// Kinds of unit that the probe knows, and doubts about their registers. Data.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "drivers/modbus/registers.hpp"

namespace volt::modbus {

struct ProbeKind {
    const char* name;
    std::uint16_t signature;  ///< only this kind of unit of the device answers it
    std::span<const Register> map;
    std::uint16_t most_joined;  ///< unknown registers that may be read between two rows
};

/// Services of a GX; a unit id may have several.
std::span<const ProbeKind> gx_kinds();
const ProbeKind& sol_ark_kind();

/// Unit ids to try on a GX, the likely ones first; 100 leads.
const std::vector<int>& gx_units();
/// All other unit ids on which a GX may have a battery.
const std::vector<int>& rare_gx_units();
/// Slave ids to try behind a gateway.
const std::vector<int>& sol_ark_units();

/// Returns the known uncertainty of this row or its value, or an empty string if none.
std::string doubt_about(const ProbeKind& kind, const Register& row, const Decoded& value);

/// One row of a register map with its answer.
struct ProbedRow {
    std::uint16_t address = 0;
    std::string name;
    std::vector<std::uint16_t> words;
    std::string value;  ///< "52.30 V", "no data", "implausible"
    std::string doubt;  ///< reason why the value may be misleading, or empty if none is known
};
ProbedRow row_as_answered(const ProbeKind& kind, const Register& row, const Answers& answers);

}  // namespace volt::modbus
