// Notes that a database or its settings took another one's place: they keep the alarm `database_restored` up, over all
// starts, until they are acknowledged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "drivers/result.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

/// An existing text is not noted twice.
SqlStatus note_restore(Connection& db, const std::string& text);
/// The newest note; nothing: there is none.
std::optional<std::string> standing_note(Connection& db);
/// Removes all notes and returns how many. voltd notices, whichever program does it.
Result<std::int64_t> acknowledge_notes(Connection& db);

}  // namespace volt
