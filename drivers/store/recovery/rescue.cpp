#include "drivers/store/recovery/rescue.hpp"

#include "drivers/store/recovery/inspect.hpp"
#include "drivers/store/recovery/restore_notes.hpp"
#include "drivers/store/recovery/settings_copies.hpp"
#include "drivers/store/settings/accounts.hpp"
#include "drivers/store/sqlite/files.hpp"

namespace volt {

namespace {

const char* const sidecars[] = {"-wal", "-shm", "-journal"};

void remove_with_sidecars(const std::string& path) {
    for (const char* part : sidecars) remove_file(path + part);
    remove_file(path);
}

/// Restores the newest sound whole copy at `target`. Returns its name, or an empty string if there is none.
std::string take_newest_copy(const std::string& path, const std::string& target, const std::vector<Migration>& migrations,
                             const DatabaseOptions& options) {
    for (const std::string& copy : copies_of(path))
        if (inspect(copy, migrations, options).condition == Condition::sound && copy_durably(copy, target).empty()) return copy;
    return {};
}

/// Adds the settings as last copied and a row that keeps the alarm active, all in the one file.
SqlStatus finish(Connection& db, const std::string& path, std::string& text, std::size_t sessions) {
    const SqlStatus settings = restore_settings_copy(db, path);
    text +=
        settings.ok() ? "; settings restored from " + settings_copy_of(path) : "; settings not restored (" + settings.text + ")";
    if (sessions == 0) text += std::string("; ") + sign_in_again;
    if (SqlStatus noted = note_restore(db, text); !noted.ok()) return noted;
    return db.execute("PRAGMA journal_mode = DELETE");
}

}  // namespace

std::string rescue_file_of(const std::string& path) { return path + ".rescue"; }

Result<std::string> rescue(const std::string& path, const std::string& why, bool broken, const std::vector<Migration>& migrations,
                           const DatabaseOptions& options) {
    std::string text = "The database was lost (" + why + ")", before;
    if (broken) {
        Result<std::string> aside = move_aside(path);
        if (!aside) return aside.failure();
        before = aside.value();
        text = "The database was broken (" + why + ") and is now " + aside.value();
    }
    const std::string half = rescue_file_of(path);
    remove_with_sidecars(half);
    const std::string copy = take_newest_copy(path, half, migrations, options);
    text += copy.empty() ? "; a new one was created" : "; " + copy + " replaced it";
    Result<OpenedDatabase> opened = open_and_migrate(half, migrations, options, false);
    if (!opened) return opened.failure();
    const std::size_t sessions = keep_sessions(before, half);
    if (SqlStatus done = finish(opened.value().connection, path, text, sessions); !done.ok()) return done.failure(half);
    opened.value().connection.close();
    // A WAL without its database must not be taken for the new one's.
    remove_with_sidecars(path);
    if (std::string problem = sync_file(half); !problem.empty()) return Failure{Fault::reconnect, problem};
    if (std::string problem = rename_durably(half, path); !problem.empty()) return Failure{Fault::reconnect, problem};
    return text;
}

}  // namespace volt
