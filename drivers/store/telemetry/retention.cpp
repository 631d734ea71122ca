#include "drivers/store/telemetry/retention.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace volt {

namespace {

constexpr std::int64_t raw_range_s = 6 * hour_s;   ///< raw rows are removed four times a day: each time costs a dozen pages
constexpr std::int64_t never = 1'000'000'000'000;  ///< later than any time, in s

/// One kind of telemetry: raw, minutes and hours have the same columns. The key is the time in s times `scale`, and the number of
/// the source if there are several.
struct Series {
    const char *raw, *minutes, *hours;
    const char* key;
    std::int64_t scale;
    const char* columns;  ///< columns to fill
    const char* means;    ///< expressions that fill them
};

constexpr Series all_series[] = {
    {"victron_battery_readings", "victron_battery_minutes", "victron_battery_hours", "id", 256,
     "voltage, voltage_min, voltage_max, current, power, soc, temperature, state, pv_power, load_power, grid_power, "
     "pv_voltage, pv_current",
     "CAST(round(avg(voltage)) AS INTEGER), min(voltage_min), max(voltage_max), CAST(round(avg(current)) AS INTEGER), "
     "CAST(round(avg(power)) AS INTEGER), CAST(round(avg(soc)) AS INTEGER), CAST(round(avg(temperature)) AS INTEGER), "
     "max(state), CAST(round(avg(pv_power)) AS INTEGER), CAST(round(avg(load_power)) AS INTEGER), "
     "CAST(round(avg(grid_power)) AS INTEGER), CAST(round(avg(pv_voltage)) AS INTEGER), "
     "CAST(round(avg(pv_current)) AS INTEGER)"},
    {"solark_telemetry", "solark_minutes", "solark_hours", "timestamp", 1,
     "soc, batt_power, batt_voltage, batt_voltage_min, batt_voltage_max, batt_current, pv_power, pv_voltage, pv_current, "
     "load_power, grid_power",
     "CAST(round(avg(soc)) AS INTEGER), CAST(round(avg(batt_power)) AS INTEGER), "
     "CAST(round(avg(batt_voltage)) AS INTEGER), min(batt_voltage_min), max(batt_voltage_max), "
     "CAST(round(avg(batt_current)) AS INTEGER), CAST(round(avg(pv_power)) AS INTEGER), "
     "CAST(round(avg(pv_voltage)) AS INTEGER), CAST(round(avg(pv_current)) AS INTEGER), "
     "CAST(round(avg(load_power)) AS INTEGER), CAST(round(avg(grid_power)) AS INTEGER)"},
};

/// Tables of history with ids that rise with time.
struct Log {
    const char* table;
    std::int64_t most_rows;
};

std::int64_t seconds_of(Utc time) { return time.count() / 1000; }

/// Returns the start in s of the first row of `from` that is not in `to` yet, and not later than `before`.
std::optional<std::int64_t> first_missing(Connection& db, const Series& it, const char* from, const char* to, std::int64_t step_s,
                                          std::int64_t before) {
    const std::string key(it.key), bound = key + " < " + std::to_string(before * it.scale);
    const std::string last = "SELECT max(" + key + ") FROM " + to + " WHERE " + bound;
    const auto begin = db.number(last);
    const std::int64_t after = begin ? (*begin / it.scale + step_s) * it.scale : 0;
    const auto first =
        db.number("SELECT min(" + key + ") FROM " + from + " WHERE " + bound + " AND " + key + " >= " + std::to_string(after));
    if (!first) return std::nullopt;
    return *first / it.scale;
}

SqlStatus roll(Connection& db, const Series& it, const char* from, const char* to, std::int64_t step_s, std::int64_t most_s,
               std::int64_t before, bool& more) {
    const auto first = first_missing(db, it, from, to, step_s, before);
    if (!first) return {};
    const std::int64_t begin = *first / step_s * step_s;
    const std::int64_t end = std::min(before, begin + most_s);
    if (end < before) more = true;
    const std::string key(it.key), step = std::to_string(step_s * it.scale), source = std::to_string(it.scale);
    const std::string slot = key + " / " + step + " * " + step + " + " + key + " % " + source;
    return db.execute("INSERT OR IGNORE INTO " + std::string(to) + " (" + key + ", " + it.columns + ") SELECT " + slot + ", " +
                      it.means + " FROM " + from + " WHERE " + key + " >= " + std::to_string(begin * it.scale) + " AND " + key +
                      " < " + std::to_string(end * it.scale) + " GROUP BY " + slot);
}

/// Removes the oldest range of `table` before `before` (s), at most `range_s` long, and adds to `removed`.
SqlStatus remove_range(Connection& db, const std::string& table, const std::string& key, std::int64_t scale, std::int64_t before,
                       std::int64_t range_s, std::int64_t& removed) {
    const auto first = db.number("SELECT min(" + key + ") FROM " + table);
    if (!first || *first / scale >= before) return {};
    const std::int64_t end = std::min(before, *first / scale / hour_s * hour_s + range_s);
    SqlStatus done = db.execute("DELETE FROM " + table + " WHERE " + key + " < " + std::to_string(end * scale));
    if (done.ok()) removed += db.changes();
    return done;
}

/// Removes only whole ranges, so that whole pages are freed and each is touched once.
SqlStatus remove_telemetry(Connection& db, const Series& it, std::int64_t now_s, const Retention& keep) {
    const auto rolled = db.number("SELECT max(" + std::string(it.key) + ") FROM " + it.minutes);
    std::int64_t removed = 0;
    const std::int64_t raw_before = (now_s - seconds_of(keep.raw)) / raw_range_s * raw_range_s;
    if (rolled) {
        SqlStatus done =
            remove_range(db, it.raw, it.key, it.scale, std::min(raw_before, *rolled / it.scale), raw_range_s, removed);
        if (!done.ok()) return done;
    }
    const std::int64_t minutes_before = (now_s - seconds_of(keep.minutes)) / day_s * day_s;
    return remove_range(db, it.minutes, it.key, it.scale, minutes_before, day_s, removed);
}

/// Removes at most 1,000 of the oldest rows: those before `before_ms`, and those over the limit.
SqlStatus trim(Connection& db, const Log& log, std::int64_t before_ms) {
    const std::string table(log.table);
    SqlStatus done = db.execute("DELETE FROM " + table + " WHERE at < " + std::to_string(before_ms) +
                                " AND id IN (SELECT id FROM " + table + " ORDER BY id LIMIT 1000)");
    if (!done.ok()) return done;
    return db.execute("DELETE FROM " + table + " WHERE id <= (SELECT max(id) FROM " + table + ") - " +
                      std::to_string(log.most_rows) + " AND id IN (SELECT id FROM " + table + " ORDER BY id LIMIT 1000)");
}

}  // namespace

SqlStatus roll_up(Connection& db, Utc now, bool& more) {
    more = false;
    const std::int64_t before = seconds_of(now) / hour_s * hour_s;
    for (const Series& it : all_series) {
        SqlStatus done = roll(db, it, it.raw, it.minutes, 60, 6 * hour_s, before, more);
        if (!done.ok()) return done;
        done = roll(db, it, it.minutes, it.hours, hour_s, 3 * day_s, before, more);
        if (!done.ok()) return done;
    }
    return {};
}

std::optional<Utc> newest_row(Connection& db) {
    const auto ms = db.number(
        "SELECT max(at) FROM (SELECT max(id) / 256 * 1000 AS at FROM victron_battery_readings UNION ALL SELECT max(timestamp) * "
        "1000 FROM solark_telemetry UNION ALL SELECT at FROM decisions WHERE id = (SELECT max(id) FROM decisions) UNION ALL "
        "SELECT at FROM events WHERE id = (SELECT max(id) FROM events) UNION ALL SELECT at FROM rule_state)");
    if (!ms) return std::nullopt;
    return Utc{*ms};
}

SqlStatus remove_old(Connection& db, std::optional<Utc> now, const Retention& keep) {
    for (const Series& it : all_series) {
        if (!now) break;
        if (SqlStatus done = remove_telemetry(db, it, seconds_of(*now), keep); !done.ok()) return done;
    }
    const std::int64_t before_ms = now ? (*now - keep.history).count() : 0;
    const Log logs[] = {{"decisions", keep.most_rows},
                        {"relay_commands", keep.most_rows},
                        {"events", keep.most_rows},
                        {"health_checks", keep.most_rows}};
    for (const Log& log : logs)
        if (SqlStatus done = trim(db, log, before_ms); !done.ok()) return done;
    std::int64_t removed = 0;
    SqlStatus done = remove_range(db, "performance_metrics", "at", 1, before_ms / 1000, day_s, removed);
    if (!done.ok()) return done;
    return db.execute("DELETE FROM settings_history WHERE id <= (SELECT max(id) FROM settings_history) - " +
                      std::to_string(keep.most_settings));
}

SqlStatus make_room(Connection& db, std::int64_t& removed) {
    removed = 0;
    for (const Series& it : all_series) {
        SqlStatus done = remove_range(db, it.raw, it.key, it.scale, never, 6 * hour_s, removed);
        if (!done.ok() || removed > 0) return done;
    }
    for (const Series& it : all_series) {
        SqlStatus done = remove_range(db, it.minutes, it.key, it.scale, never, 30 * day_s, removed);
        if (!done.ok() || removed > 0) return done;
    }
    SqlStatus metrics = remove_range(db, "performance_metrics", "at", 1, never, 30 * day_s, removed);
    if (!metrics.ok() || removed > 0) return metrics;
    for (const char* table : {"events", "health_checks", "relay_commands", "decisions"}) {
        const std::string name(table);
        SqlStatus done = db.execute("DELETE FROM " + name + " WHERE id IN (SELECT id FROM " + name + " ORDER BY id LIMIT 2000)");
        if (!done.ok()) return done;
        removed += db.changes();
        if (removed > 0) return {};
    }
    return {};
}

}  // namespace volt
