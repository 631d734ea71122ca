// Reads the settings of a database without keeping it open: for `voltd --check` and tools.
#pragma once

#include <optional>
#include <string>

#include "drivers/result.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

/// Read-only, nothing is created or migrated. Nothing where there is no database yet, or none that can be read;
/// Fault::refused where voltd would not touch it (newer than the program, or other migrations than its own).
Result<std::optional<Settings>> peek_settings(const std::string& path);

/// The wiring that the newest proof of the charge means spoke for, as the stored state of the rules has it; empty: there is
/// none, or no database that can be read. Read-only likewise.
std::string peek_charge_proof(const std::string& path);

}  // namespace volt
