// Record of `voltctl backup` in the database itself: one row for each, including failed ones.
#pragma once

#include "drivers/store/rows.hpp"
#include "drivers/store/sqlite/sqlite.hpp"

namespace volt {

SqlStatus write_backup(Connection& db, const BackupRow& row);
/// Returns an empty log if the database does not have the table yet.
BackupLog read_backup_log(Connection& db);

}  // namespace volt
