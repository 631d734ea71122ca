// Reads the settings of a database without keeping it open, for `voltd --check` and tools.
#pragma once

#include <optional>
#include <string>

#include "drivers/result.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

/// Reads the settings. Creates and migrates nothing. Empty if there is no readable database yet; Fault::refused if voltd would
/// not touch it (newer than the program, or other migrations than its own).
Result<std::optional<Settings>> peek_settings(const std::string& path);

/// Returns the wiring for which the newest proof of the charge means was made, from the stored rule state, or an empty string
/// without a proof or a readable database. Read-only.
std::string peek_charge_proof(const std::string& path);

}  // namespace volt
