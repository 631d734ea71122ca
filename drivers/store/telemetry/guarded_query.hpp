// Runs SQL from outside on the database: one SELECT, nothing written, no secrets, bounded in time, rows and bytes.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "drivers/result.hpp"

namespace volt {

inline constexpr std::size_t most_query_bytes = 4000, most_guarded_bytes = 32 * 1024;
inline constexpr int guarded_query_ms = 2000;

using GuardedValue = std::variant<std::nullptr_t, std::int64_t, double, std::string>;
using GuardedRow = std::vector<GuardedValue>;

struct GuardedRows {
    std::vector<std::string> columns;
    std::vector<GuardedRow> rows;
    bool more = false;  ///< ended by the limit of rows or bytes
};

/// Runs the query. Fault::refused: it is not one SELECT, or it reads private data (users, sessions, the history of settings).
/// Coordinates are null without `location`. `give_up` (may be null) ends it.
Result<GuardedRows> guarded_query(const std::string& path, const std::string& sql, std::size_t most_rows,
                                  const std::atomic<bool>* give_up = nullptr, bool location = false);

/// Returns the views and tables that it can read, one line each: name, and its columns in parentheses.
Result<std::string> readable_schema(const std::string& path);

}  // namespace volt
