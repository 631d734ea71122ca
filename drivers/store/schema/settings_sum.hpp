// SHA-256 of all settings rows, stored for each revision: rows that changed without an edit no longer match it.
#pragma once

#include <cstdint>
#include <string>

#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Returns the sum of the current rows.
SqlStatus sum_of_settings(Connection& db, std::string& sum);

enum class SumState : std::uint8_t {
    good,
    missing,  ///< a revision without a sum: an edit by sqlite3, or the first start after a migration
    damaged,  ///< the same revision with another sum
};

/// Checks that the settings are those written at their revision. Also `missing` if the schema has no sums yet.
SqlStatus check_sum(Connection& db, SumState& state);
/// Stores the sum of the current revision. Does nothing if the schema has no sums yet. Runs in the caller's transaction.
SqlStatus write_sum(Connection& db);

}  // namespace volt
