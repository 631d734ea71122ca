// Copies of the database: whole ones before migrations, a small one of the settings whenever they change.
//
// Names, beside the database `voltd.db`:
//   voltd.db.copy-<stamp>      whole, by VACUUM INTO, checked; the last three are kept
//   voltd.db.settings.revision  the revision in force, while the copy waits for its gap
//   voltd.db.settings          users, preferences, miners and zones as they stand now
//   voltd.db.broken-<stamp>    moved aside (with -wal and -shm); the last three are kept
//   voltd.db.replaced-<stamp>  what `voltctl db restore` replaced; the last three are kept
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

inline constexpr std::size_t copies_kept = 3;

/// Makes a whole copy beside `path`, checks it, and removes all but the newest three. Its name.
Result<std::string> copy_database(Connection& db, const std::string& path);
/// A whole copy under a name of one's own; that file must not exist, unless `replace`. It is there, durable, only when it
/// is complete and checked.
Result<std::string> copy_database_to(Connection& db, const std::string& target, bool replace = false);
/// Removes the remains of an interrupted copy.
void remove_half_copies(const std::string& path);
/// Whole copies, newest first.
std::vector<std::string> copies_of(const std::string& path);

/// Renames database, WAL and shared memory to `<path><kind><stamp>`; the new name of the database.
Result<std::string> move_aside(const std::string& path, const std::string& kind = ".broken-");
/// Gives the database (without a WAL) a second name, so that it survives removal of the first. Returns the name.
Result<std::string> keep_aside(const std::string& path, const std::string& kind);
/// Broken and replaced databases, newest first of each.
std::vector<std::string> aside_of(const std::string& path);

std::string settings_copy_of(const std::string& path);
/// Replaces the copy of the settings.
SqlStatus write_settings_copy(Connection& db, const std::string& path);
/// `settings_revision` of what was copied; nothing: no copy, damaged, or made by a voltd that did not write it down.
std::optional<std::int64_t> settings_copy_revision(const std::string& path);
/// Notes a revision that is in force and not copied yet, so that its loss is noticed. Replaces the note before.
void note_settings_revision(const std::string& path, std::int64_t revision);
/// The noted revision; nothing: none, or a copy has it.
std::optional<std::int64_t> noted_settings_revision(const std::string& path);
void forget_settings_revision(const std::string& path);
/// Puts the copied settings in place of those of `db`, in one transaction, whose revision ends above the copy's; a row
/// that breaks a rule refuses all.
SqlStatus restore_settings_copy(Connection& db, const std::string& path);

/// Users, preferences, miners and zones as bytes, to be put into another file.
Result<std::string> settings_image(Connection& db);
/// Puts them in place of those of `db`, in one transaction; its revision ends above `revision`, so that it is new to
/// whoever knew that one. A row that breaks a rule refuses all.
SqlStatus put_settings_image(Connection& db, const std::string& image, std::int64_t revision);

/// The first complaint of `quick_check` about the structure; empty when the file is sound. Complaints about the content
/// of rows do not count (settings are checked when they are read). Ends early, as sound, after `limit_ms`.
SqlStatus quick_check(Connection& db, int limit_ms, std::string& complaint);

/// The output of `integrity_check`, at most 100 lines; empty: the file is sound.
std::vector<std::string> integrity_complaints(Connection& db);

}  // namespace volt
