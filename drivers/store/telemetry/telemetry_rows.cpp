#include "drivers/store/telemetry/telemetry_rows.hpp"

#include <algorithm>

#include "drivers/store/telemetry/raw_rows.hpp"

namespace volt {

namespace {

/// The three tables of the GX units, or of the Sol-Ark. The key is the time times `scale`, and the source.
struct Tables {
    const char *raw, *minutes, *hours;
    const char* key;
    std::int64_t scale;
};
constexpr Tables victron{"victron_battery_readings", "victron_battery_minutes", "victron_battery_hours", "id", 256};
constexpr Tables sol_ark{"solark_telemetry", "solark_minutes", "solark_hours", "timestamp", 1};

/// A column of one family of tables, by slots of `step_s`.
struct ColumnQuery {
    const Tables& tables;
    const char* column;
    const char* merge;
    std::int64_t step_s;
    std::map<std::int64_t, std::size_t> places;  ///< by number of the source
};

std::string number(std::int64_t value) { return std::to_string(value); }

/// Adds rows of one table. Keeps an existing slot: the coarser table had it.
SqlStatus add_rows(Connection& db, const ColumnQuery& column, const char* table, TimeRange range, KeptSteps& steps) {
    if (range.from >= range.to) return {};
    const std::string key(column.tables.key), scale = number(column.tables.scale);
    const std::string time = "(" + key + " / " + scale + " / " + number(column.step_s) + " * " + number(column.step_s) + ")";
    const std::string source = column.tables.scale == 1 ? "0" : key + " % " + scale;
    Statement query = db.prepare("SELECT " + time + ", " + source + ", " + column.merge + "(" + column.column + ") FROM " +
                                 table + " WHERE " + key + " >= ?1 AND " + key + " < ?2 AND " + column.column +
                                 " IS NOT NULL GROUP BY 1, 2 LIMIT " + number(static_cast<std::int64_t>(most_points * 4)));
    query.bind(1, range.from * column.tables.scale).bind(2, range.to * column.tables.scale);
    while (query.row()) {
        const auto place = column.places.find(query.integer(1));
        if (place != column.places.end()) steps[query.integer(0)].emplace(place->second, query.real(2));
    }
    return query.status();
}

/// Returns the first second in `range` up to which `table` has not been rolled up.
std::int64_t rolled_until(Connection& db, const Tables& tables, const char* table, std::int64_t step_s, TimeRange range) {
    Statement query = db.prepare("SELECT max(" + std::string(tables.key) + ") FROM " + table + " WHERE " + tables.key + " < ?1");
    query.bind(1, range.to * tables.scale);
    if (!query.row() || query.is_null(0)) return range.from;
    return std::clamp(query.integer(0) / tables.scale / step_s * step_s + step_s, range.from, range.to);
}

SqlStatus count_steps(Connection& db, const ColumnQuery& column, Resolution resolution, TimeRange range, KeptSteps& steps) {
    std::int64_t begin = range.from;
    if (resolution == Resolution::hour) {
        if (SqlStatus done = add_rows(db, column, column.tables.hours, range, steps); !done.ok()) return done;
        begin = rolled_until(db, column.tables, column.tables.hours, 3600, range);
    }
    if (resolution != Resolution::raw) {
        if (SqlStatus done = add_rows(db, column, column.tables.minutes, {begin, range.to}, steps); !done.ok()) return done;
        begin = std::max(begin, rolled_until(db, column.tables, column.tables.minutes, 60, range));
    }
    return add_rows(db, column, column.tables.raw, {begin, range.to}, steps);
}

}  // namespace

std::int64_t step_of(Resolution resolution) {
    switch (resolution) {
        case Resolution::automatic:
        case Resolution::raw: return raw_slot_s;
        case Resolution::minute: return 60;
        case Resolution::hour: return 3600;
    }
    return raw_slot_s;
}

SqlStatus read_steps(Connection& db, const SeriesPlan& plan, Resolution resolution, TimeRange range, KeptSteps& steps) {
    const std::int64_t step_s = resolution == Resolution::raw ? 1 : step_of(resolution);
    ColumnQuery units{victron, plan.value->victron, plan.value->merge, step_s, {}};
    ColumnQuery inverter{sol_ark, plan.value->sol_ark, plan.value->merge, step_s, {}};
    for (std::size_t place = 0; place < plan.sources.size(); ++place) {
        if (plan.sources[place] == sol_ark_source) {
            inverter.places[0] = place;
            continue;
        }
        Statement query = db.prepare("SELECT id FROM sources WHERE name = ?1");
        query.bind(1, plan.sources[place]);
        if (query.row()) units.places[query.integer(0)] = place;
        if (!query.status().ok()) return query.status();
    }
    range.from = range.from / step_s * step_s;
    for (const ColumnQuery* column : {&units, &inverter}) {
        if (column->places.empty() || column->column == nullptr) continue;
        if (SqlStatus done = count_steps(db, *column, resolution, range, steps); !done.ok()) return done;
    }
    return {};
}

}  // namespace volt
