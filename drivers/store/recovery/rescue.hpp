// What takes the place of a database that is broken or lost.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/recovery/database.hpp"

namespace volt {

/// Where a rescue is prepared, out of sight until it is whole.
std::string rescue_file_of(const std::string& path);

/// Moves a broken file aside with its WAL (`broken`: what is wrong with it; empty: it is lost, `path` is not there or
/// empty), and puts the newest sound whole copy in its place, or else a new database, with the settings as last copied
/// and a row that keeps the alarm up. What was done, for people. Cut at any moment, the next start begins again:
/// `path` is there only when all of it is.
Result<std::string> rescue(const std::string& path, const std::string& why, bool broken, const std::vector<Migration>& migrations,
                           const DatabaseOptions& options);

}  // namespace volt
