// The SHA-256 of all settings rows, stored for each revision: rows that changed without an edit no longer match it.
#pragma once

#include <cstdint>
#include <string>

#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// The sum of the rows as they are now.
SqlStatus sum_of_settings(Connection& db, std::string& sum);

enum class SumState : std::uint8_t {
    good,
    missing,  ///< a revision without a sum: an edit by sqlite3, or the first start after a migration
    damaged,  ///< the same revision, another sum
};

/// Whether the settings are those that were written at their revision. `missing` too where the schema has no sums yet.
SqlStatus check_sum(Connection& db, SumState& state);
/// Gives the present revision its sum; nothing where the schema has no sums yet. The caller's transaction.
SqlStatus write_sum(Connection& db);

}  // namespace volt
