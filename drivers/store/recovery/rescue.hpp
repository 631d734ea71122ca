// Replaces a database that is broken or lost.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/recovery/database.hpp"

namespace volt {

/// Returns the path at which a rescue is prepared, hidden until it is complete.
std::string rescue_file_of(const std::string& path);

/// Moves a broken file aside with its WAL (`broken`; otherwise `path` is lost: missing or empty), and replaces it with the newest
/// sound whole copy, or else a new database, with the settings as last copied and a row that keeps the alarm active. Returns the
/// actions taken, for people. If interrupted at any moment, the next start begins again: `path` exists only once it is complete.
Result<std::string> rescue(const std::string& path, const std::string& why, bool broken, const std::vector<Migration>& migrations,
                           const DatabaseOptions& options);

}  // namespace volt
