// Roll-up of telemetry and retention of history, in small steps of one transaction each.
#pragma once

#include <optional>

#include "drivers/store/sqlite/sqlite.hpp"
#include "rules/time.hpp"

namespace volt {

/// The longest step of stored telemetry.
inline constexpr std::int64_t hour_s = 3600;

/// Limits of age and number. Hours of telemetry, runs and the newest rows are kept forever.
struct Retention {
    Duration raw = 72h;  ///< minimum; six hours are removed at a time
    Duration minutes = 24h * 400;
    Duration history = 24h * 400;        ///< decisions, events, commands, health, metrics
    std::int64_t most_rows = 200000;     ///< limit for each of those tables
    std::int64_t most_settings = 20000;  ///< rows of settings_history
};

/// Rolls up raw rows to minutes and minutes to hours, for the whole hours before `now`: at most six hours of raw rows and three
/// days of minutes per call. Sets `more` if there is more to do. Runs in the caller's transaction.
SqlStatus roll_up(Connection& db, Utc now, bool& more);

/// Removes old rows: at most one range of each table (six hours of raw rows, a day of minutes, 1,000 others). Removes raw rows
/// only after they are rolled up. `now` is a trusted time; without one, only rows over the limit are removed. Runs in the
/// caller's transaction.
SqlStatus remove_old(Connection& db, std::optional<Utc> now, const Retention& keep);

/// Returns the time of the newest stored row, or empty if there is none.
std::optional<Utc> newest_row(Connection& db);

/// Makes room when the file is full: removes a range of the oldest raw rows, then minutes, then metrics, events and finally
/// decisions. `removed` is their number. Runs in the caller's transaction.
SqlStatus make_room(Connection& db, std::int64_t& removed);

}  // namespace volt
