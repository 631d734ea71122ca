// Differences of two schemas, as lines for people.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// A table, index, trigger or view, in its original text.
struct SchemaObject {
    std::string type, name, sql;
    bool operator==(const SchemaObject&) const = default;
};

/// Returns all objects of a database, sorted by type and name, without SQLite's own.
std::vector<SchemaObject> schema_of(Connection& db);

/// Returns a line for each one added ('+'), removed ('-') or unchanged within a changed object (' '). Omits equal objects. Empty
/// without a difference.
std::vector<std::string> schema_difference(const std::vector<SchemaObject>& before, const std::vector<SchemaObject>& after);

}  // namespace volt
