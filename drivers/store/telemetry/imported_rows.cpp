#include "drivers/store/telemetry/imported_rows.hpp"

#include <algorithm>
#include <string>

#include "drivers/store/telemetry/retention.hpp"

namespace volt {

namespace {

constexpr std::size_t most_gathered = 4096;
constexpr std::int64_t roll_step_s = 5 * hour_s;  // whole hours, each within one call of roll_up()

/// A table of the schema. A temporary one of the same name hides it, so that the store's code works on that.
struct Hidden {
    const char* name;
    const char* key;
    std::int64_t scale;
    const char* raw;  ///< raw table of its kind
    bool minutes;
};
constexpr Hidden raw_tables[] = {{"victron_battery_readings", "id", 256, "", false},
                                 {"solark_telemetry", "timestamp", 1, "", false}};
constexpr Hidden kept_tables[] = {{"victron_battery_minutes", "id", 256, "victron_battery_readings", true},
                                  {"victron_battery_hours", "id", 256, "victron_battery_readings", false},
                                  {"solark_minutes", "timestamp", 1, "solark_telemetry", true},
                                  {"solark_hours", "timestamp", 1, "solark_telemetry", false}};

SqlStatus hide(Connection& db, const std::string& table) {
    const auto sql = db.text("SELECT 'CREATE TEMP' || substr(sql, 7) FROM main.sqlite_schema WHERE type = 'table' AND name = " +
                             sql_quoted(table));
    if (!sql) return db.status();
    SqlStatus done = db.execute("DROP TABLE IF EXISTS temp." + table);
    return done.ok() ? db.execute(*sql) : done;
}

/// Returns the names of the stored columns.
std::string stored_columns(Connection& db, const std::string& table) {
    return db.text("SELECT group_concat('\"' || name || '\"', ', ') FROM pragma_table_info(" + sql_quoted(table) + ", 'main')")
        .value_or("");
}

/// Returns the hour in which voltd's own raw rows begin: imported rows must not come after rows that wait for their roll-up.
std::int64_t own_since_s(Connection& db, const Hidden& table) {
    const auto first = db.number(std::string("SELECT min(") + table.key + ") FROM main." + table.raw);
    return first ? *first / table.scale / hour_s * hour_s : INT64_MAX / 256;
}

}  // namespace

ImportedRows::ImportedRows(Connection& db) : db_(db), rows_(std::chrono::seconds{raw_slot_s}, most_gathered * 2) {}

SqlStatus ImportedRows::begin() {
    SqlStatus done = hide(db_, "sources");
    if (done.ok()) done = db_.execute("INSERT INTO temp.sources SELECT id, name FROM main.sources");
    for (const Hidden& table : raw_tables)
        if (done.ok()) done = hide(db_, table.name);
    for (const Hidden& table : kept_tables)
        if (done.ok()) done = hide(db_, table.name);
    return done;
}

SqlStatus ImportedRows::add(const SourceReading& reading, Utc at) {
    rows_.add(reading, at);
    ++counts_.readings;
    counts_.first = std::min(counts_.first.value_or(at), at);
    counts_.last = std::max(counts_.last.value_or(at), at);
    if (rows_.waiting() < most_gathered) return {};
    SqlStatus done = rows_.write(db_);
    rows_.written();
    return done;
}

SqlStatus ImportedRows::finish() {
    if (!counts_.first) return {};
    rows_.finish();
    SqlStatus done = rows_.write(db_);
    rows_.written();
    const std::int64_t first_s = counts_.first->count() / 1000 / hour_s * hour_s, last_s = counts_.last->count() / 1000 + hour_s;
    for (std::int64_t until_s = first_s; done.ok() && until_s <= last_s + roll_step_s; until_s += roll_step_s) {
        bool more = false;
        done = roll_up(db_, Utc{until_s * 1000}, more);
    }
    return done;
}

SqlStatus ImportedRows::put(Utc keep_from) {
    counts_.minutes = counts_.hours = counts_.late = counts_.there = 0;
    SqlStatus done = db_.execute("INSERT OR IGNORE INTO main.sources SELECT id, name FROM temp.sources");
    for (const Hidden& table : kept_tables) {
        if (!done.ok()) return done;
        const std::string name(table.name), key(table.key), columns = stored_columns(db_, name);
        const std::int64_t since_s = own_since_s(db_, table), from_s = table.minutes ? keep_from.count() / 1000 : 0;
        const std::string late = key + " >= " + std::to_string(since_s * table.scale);
        if (table.minutes) counts_.late += db_.number("SELECT count(*) FROM temp." + name + " WHERE " + late).value_or(0);
        const std::string fitting =
            " FROM temp." + name + " WHERE NOT (" + late + ") AND " + key + " >= " + std::to_string(from_s * table.scale);
        const std::int64_t offered = db_.number("SELECT count(*)" + fitting).value_or(0);
        done = db_.execute("INSERT OR IGNORE INTO main." + name + " (" + columns + ") SELECT " + columns + fitting);
        (table.minutes ? counts_.minutes : counts_.hours) += db_.changes();
        if (table.minutes && done.ok()) counts_.there += offered - db_.changes();
    }
    return done;
}

}  // namespace volt
