// Notes that a database or its settings were replaced. They keep the alarm `database_restored` active, over all starts, until
// they are acknowledged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/result.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// Adds a note, unless the same text exists.
SqlStatus note_restore(Connection& db, const std::string& text);
/// Returns the newest note, or empty if there is none.
std::optional<std::string> standing_note(Connection& db);
/// Removes all notes and returns their number. voltd notices, whichever program does it.
Result<std::int64_t> acknowledge_notes(Connection& db);

}  // namespace volt
