// The kinds of unit that the probe knows, and what is doubtful about their registers. Data.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "drivers/modbus/registers.hpp"

namespace volt::modbus {

struct ProbeKind {
    const char* name;
    std::uint16_t signature;  ///< answered by this kind of unit, and by no other of the device
    std::span<const Register> map;
    std::uint16_t most_joined;  ///< registers without a meaning that may be read between two rows
};

/// Services of a GX; a unit id may have several.
std::span<const ProbeKind> gx_kinds();
const ProbeKind& sol_ark_kind();

/// Unit ids worth asking for on a GX, the likely ones first; 100 leads.
const std::vector<int>& gx_units();
/// All others on which a GX may have a battery.
const std::vector<int>& rare_gx_units();
/// Slave ids worth asking for behind a gateway.
const std::vector<int>& sol_ark_units();

/// Known uncertainty of this row or its value; empty: none.
std::string doubt_about(const ProbeKind& kind, const Register& row, const Decoded& value);

/// One row of a register map as it was answered.
struct ProbedRow {
    std::uint16_t address = 0;
    std::string name;
    std::vector<std::uint16_t> words;
    std::string value;  ///< "52.30 V", "no data", "implausible"
    std::string doubt;  ///< why the value may not mean what it seems; empty: none known
};
ProbedRow row_as_answered(const ProbeKind& kind, const Register& row, const Answers& answers);

}  // namespace volt::modbus
