// A look at the settings of a database that is not opened for good: for `voltd --check` and tools.
#pragma once

#include <optional>
#include <string>

#include "drivers/store/settings.hpp"

namespace volt {

/// Read-only, nothing is created or migrated. Nothing where there is no database, or none that this program can read.
std::optional<Settings> peek_settings(const std::string& path);

}  // namespace volt
