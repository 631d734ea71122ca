// What a database file is, before anything of it is touched.
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

/// A connection that only reads, also where nothing can be written (a read-only card, a full one): then what is in the
/// WAL is not seen, and `without_wal` is set if there is something in it.
Result<Connection> open_reading(const std::string& path, const DatabaseOptions& options, bool* without_wal = nullptr);

/// A table and how many rows it has; nothing: counting took too long.
struct TableRows {
    std::string name;
    std::optional<std::int64_t> rows;
};
/// Every table, by name; counting ends after 2 s in all.
std::vector<TableRows> count_rows(Connection& db);
/// The same of a file.
Result<std::vector<TableRows>> count_rows(const std::string& path);

/// Looks at the file through a connection that only reads, so that nothing is changed before it is known to be ours.
Inspection inspect(const std::string& path, const std::vector<Migration>& migrations, const DatabaseOptions& options);

}  // namespace volt
