// Roll-up of telemetry and how long history is kept, in small steps of one transaction each.
#pragma once

#include <optional>

#include "drivers/store/sqlite/sqlite.hpp"
#include "rules/time.hpp"

namespace volt {

/// The longest step of stored telemetry.
inline constexpr std::int64_t hour_s = 3600;

/// How long and how much is kept. Hours of telemetry, runs and the newest rows are kept without end.
struct Retention {
    Duration raw = 72h;  ///< at least; they go six hours at a time
    Duration minutes = 24h * 400;
    Duration history = 24h * 400;        ///< decisions, events, commands, health, metrics
    std::int64_t most_rows = 200000;     ///< of each of those tables
    std::int64_t most_settings = 20000;  ///< rows of settings_history
};

/// Raw rows to minutes and minutes to hours, for the whole hours before `now`: at most six hours of raw rows and three
/// days of minutes a call. `more` is set when there is more to do. The caller's transaction.
SqlStatus roll_up(Connection& db, Utc now, bool& more);

/// Removes what is too old: of each table at most one range (six hours of raw rows, a day of minutes, 1,000 others).
/// Raw rows go only after they are rolled up. `now` is a trusted time; without one nothing goes for its age, only what is
/// over the number of rows. The caller's transaction.
SqlStatus remove_old(Connection& db, std::optional<Utc> now, const Retention& keep);

/// Time of the newest stored row; nothing where there is none.
std::optional<Utc> newest_row(Connection& db);

/// Makes room when nothing more fits: a range of the oldest raw rows, then minutes, then metrics, events and at
/// last decisions.
/// `removed` is the number of rows that went. The caller's transaction.
SqlStatus make_room(Connection& db, std::int64_t& removed);

}  // namespace volt
