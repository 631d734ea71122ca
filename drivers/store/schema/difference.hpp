// What differs between two schemas, as lines that people read.
#pragma once

#include <string>
#include <vector>

#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// A table, index, trigger or view, as it was written.
struct SchemaObject {
    std::string type, name, sql;
    bool operator==(const SchemaObject&) const = default;
};

/// All of a database, in the order of type and name; without those of SQLite itself.
std::vector<SchemaObject> schema_of(Connection& db);

/// A line for each that came ('+'), went ('-') or stayed within something that changed (' '); objects that are the same
/// are left out. Empty: no difference.
std::vector<std::string> schema_difference(const std::vector<SchemaObject>& before, const std::vector<SchemaObject>& after);

}  // namespace volt
