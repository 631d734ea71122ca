// Inspects a database file before changing it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/recovery/database.hpp"
#include "drivers/store/schema/migrations.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

enum class Condition { absent, sound, broken, refused, unreadable };

struct Inspection {
    Condition condition = Condition::sound;
    std::string text;
};

/// Opens a read-only connection, even on a read-only or full card: then the content of the WAL is not visible, and `without_wal`
/// is set if there is any.
Result<Connection> open_reading(const std::string& path, const DatabaseOptions& options, bool* without_wal = nullptr);

/// A table with its number of rows, or empty if counting took too long.
struct TableRows {
    std::string name;
    std::optional<std::int64_t> rows;
};
/// Counts every table by name, within 2 s in total.
std::vector<TableRows> count_rows(Connection& db);
/// Counts the tables of a file.
Result<std::vector<TableRows>> count_rows(const std::string& path);

/// Inspects the file through a read-only connection, so that nothing is changed before it is known to be ours.
Inspection inspect(const std::string& path, const std::vector<Migration>& migrations, const DatabaseOptions& options);

}  // namespace volt
