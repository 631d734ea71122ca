// The record of `voltctl backup`, in the database itself: one row for each, also for one that failed.
#pragma once

#include "drivers/store/rows.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

SqlStatus write_backup(Connection& db, const BackupRow& row);
/// Nothing in it where the database has no such table yet.
BackupLog read_backup_log(Connection& db);

}  // namespace volt
