#include "drivers/store/recovery/restore_notes.hpp"

namespace volt {

SqlStatus note_restore(Connection& db, const std::string& text) {
    if (standing_note(db) == text) return {};
    return db.prepare("INSERT INTO database_restores (at, text) VALUES (unixepoch() * 1000, ?1)").bind(1, text).run();
}

std::optional<std::string> standing_note(Connection& db) {
    return db.text("SELECT text FROM database_restores WHERE acknowledged_at IS NULL ORDER BY id DESC LIMIT 1");
}

Result<std::int64_t> acknowledge_notes(Connection& db) {
    const SqlStatus done =
        db.execute("UPDATE database_restores SET acknowledged_at = unixepoch() * 1000 WHERE acknowledged_at IS NULL");
    if (!done.ok()) return done.failure("the alarm database_restored");
    return db.number("SELECT changes()").value_or(0);
}

}  // namespace volt
