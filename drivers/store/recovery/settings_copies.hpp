// Copies of the database: whole ones before migrations, and a small one of the settings whenever they change.
//
// Names, next to the database `voltd.db`:
//   voltd.db.copy-<stamp>       whole, by VACUUM INTO, checked; the last three are kept
//   voltd.db.settings.revision  the revision in force, while the copy waits for its gap
//   voltd.db.settings           current users, preferences, miners and zones
//   voltd.db.broken-<stamp>     moved aside (with -wal and -shm); the last three are kept
//   voltd.db.replaced-<stamp>   replaced by `voltctl db restore`; the last three are kept
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

inline constexpr std::size_t copies_kept = 3;

/// Makes a whole copy next to `path`, checks it, and removes all but the newest three. Returns its name.
Result<std::string> copy_database(Connection& db, const std::string& path);
/// Makes a whole copy under a given name. That file must not exist, unless `replace`. It appears only once it is complete,
/// checked and durable.
Result<std::string> copy_database_to(Connection& db, const std::string& target, bool replace = false);
/// Removes the remains of an interrupted copy.
void remove_half_copies(const std::string& path);
/// Returns whole copies, newest first.
std::vector<std::string> copies_of(const std::string& path);

/// Renames database, WAL and shared memory to `<path><kind><stamp>`. Returns the new name of the database.
Result<std::string> move_aside(const std::string& path, const std::string& kind = ".broken-");
/// Gives the database (without a WAL) a second name, so that it survives removal of the first. Returns the name.
Result<std::string> keep_aside(const std::string& path, const std::string& kind);
/// Returns broken and replaced databases, newest first of each.
std::vector<std::string> aside_of(const std::string& path);

std::string settings_copy_of(const std::string& path);
/// Replaces the copy of the settings.
SqlStatus write_settings_copy(Connection& db, const std::string& path);
/// Returns the `settings_revision` of the copy, or empty if there is no copy, it is damaged, or an older voltd did not store it.
std::optional<std::int64_t> settings_copy_revision(const std::string& path);
/// Notes a revision that is in force and not copied yet, so that its loss is noticed. Replaces the previous note.
void note_settings_revision(const std::string& path, std::int64_t revision);
/// Returns the noted revision, or empty if there is none, or a copy has it.
std::optional<std::int64_t> noted_settings_revision(const std::string& path);
void forget_settings_revision(const std::string& path);
/// Replaces the settings of `db` with the copied ones, in one transaction. Its revision is above the copy's. A row that breaks a
/// rule rejects all.
SqlStatus restore_settings_copy(Connection& db, const std::string& path);

/// Returns users, preferences, miners and zones as bytes, for another file.
Result<std::string> settings_image(Connection& db);
/// Replaces the settings of `db` with them, in one transaction. Its revision is above `revision`, so that readers of that one
/// notice the change. A row that breaks a rule rejects all.
SqlStatus put_settings_image(Connection& db, const std::string& image, std::int64_t revision);

/// Returns the first complaint of `quick_check` about the structure, or empty if the file is sound. Ignores complaints about the
/// content of rows (settings are checked when read). Ends early, as sound, after `limit_ms`.
SqlStatus quick_check(Connection& db, int limit_ms, std::string& complaint);

/// Returns the output of `integrity_check`, at most 100 lines, or none if the file is sound.
std::vector<std::string> integrity_complaints(Connection& db);

}  // namespace volt
