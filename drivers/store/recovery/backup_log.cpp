#include "drivers/store/recovery/backup_log.hpp"

namespace volt {

SqlStatus write_backup(Connection& db, const BackupRow& row) {
    Statement write = db.prepare("INSERT INTO backups (at, path, bytes, error) VALUES (?1, ?2, ?3, nullif(?4, ''))");
    write.bind(1, std::int64_t{row.at.count()}).bind(2, row.path).bind(3, static_cast<std::int64_t>(row.bytes));
    return write.bind(4, row.error).run();
}

BackupLog read_backup_log(Connection& db) {
    BackupLog log;
    if (const auto at = db.number("SELECT max(at) FROM backups WHERE error IS NULL")) log.newest = Utc{*at};
    log.path = db.text("SELECT path FROM backups WHERE error IS NULL ORDER BY at DESC, id DESC LIMIT 1").value_or("");
    if (const auto at = db.number("SELECT unixepoch(min(applied_at)) * 1000 FROM schema_migrations")) log.begun = Utc{*at};
    log.error = db.text(
                      "SELECT CASE WHEN count(error) = 2 THEN max(CASE row WHEN 1 THEN error END) END FROM "
                      "(SELECT error, row_number() OVER (ORDER BY id DESC) AS row FROM backups ORDER BY id DESC LIMIT 2)")
                    .value_or("");
    return log;
}

}  // namespace volt
