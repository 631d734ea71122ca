// A look at the settings of a database that is not opened for good: for `voltd --check` and tools.
#pragma once

#include <optional>
#include <string>

#include "drivers/result.hpp"
#include "drivers/store/settings.hpp"

namespace volt {

/// Read-only, nothing is created or migrated. Nothing where there is no database yet, or none that can be read;
/// Fault::refused where voltd would not touch it (newer than the program, or other migrations than its own).
Result<std::optional<Settings>> peek_settings(const std::string& path);

}  // namespace volt
