#include "drivers/store/telemetry/telemetry_rows.hpp"

#include <algorithm>

#include "drivers/store/telemetry/raw_rows.hpp"

namespace volt {

namespace {

/// The three tables of the GX units, or of the Sol-Ark; the key is the time times `scale`, and the source.
struct Tables {
    const char *raw, *minutes, *hours;
    const char* key;
    std::int64_t scale;
};
constexpr Tables victron{"victron_battery_readings", "victron_battery_minutes", "victron_battery_hours", "id", 256};
constexpr Tables sol_ark{"solark_telemetry", "solark_minutes", "solark_hours", "timestamp", 1};

/// A look at one column of one family of tables, by slots of `step_s`.
struct Look {
    const Tables& tables;
    const char* column;
    const char* merge;
    std::int64_t step_s;
    std::map<std::int64_t, std::size_t> places;  ///< by number of the source
};

std::string number(std::int64_t value) { return std::to_string(value); }

/// Adds rows of one table. A slot that is there already stays: the coarser table knew it.
SqlStatus add_rows(Connection& db, const Look& look, const char* table, Stretch stretch, KeptSteps& steps) {
    if (stretch.from >= stretch.to) return {};
    const std::string key(look.tables.key), scale = number(look.tables.scale);
    const std::string time = "(" + key + " / " + scale + " / " + number(look.step_s) + " * " + number(look.step_s) + ")";
    const std::string source = look.tables.scale == 1 ? "0" : key + " % " + scale;
    Statement query = db.prepare("SELECT " + time + ", " + source + ", " + look.merge + "(" + look.column + ") FROM " + table +
                                 " WHERE " + key + " >= ?1 AND " + key + " < ?2 AND " + look.column +
                                 " IS NOT NULL GROUP BY 1, 2 LIMIT " + number(static_cast<std::int64_t>(most_points * 4)));
    query.bind(1, stretch.from * look.tables.scale).bind(2, stretch.to * look.tables.scale);
    while (query.row()) {
        const auto place = look.places.find(query.integer(1));
        if (place != look.places.end()) steps[query.integer(0)].emplace(place->second, query.real(2));
    }
    return query.status();
}

/// First second in `stretch` that `table` has not been rolled up to.
std::int64_t rolled_until(Connection& db, const Tables& tables, const char* table, std::int64_t step_s, Stretch stretch) {
    Statement query = db.prepare("SELECT max(" + std::string(tables.key) + ") FROM " + table + " WHERE " + tables.key + " < ?1");
    query.bind(1, stretch.to * tables.scale);
    if (!query.row() || query.is_null(0)) return stretch.from;
    return std::clamp(query.integer(0) / tables.scale / step_s * step_s + step_s, stretch.from, stretch.to);
}

SqlStatus count_steps(Connection& db, const Look& look, Resolution resolution, Stretch stretch, KeptSteps& steps) {
    std::int64_t begin = stretch.from;
    if (resolution == Resolution::hour) {
        if (SqlStatus done = add_rows(db, look, look.tables.hours, stretch, steps); !done.ok()) return done;
        begin = rolled_until(db, look.tables, look.tables.hours, 3600, stretch);
    }
    if (resolution != Resolution::raw) {
        if (SqlStatus done = add_rows(db, look, look.tables.minutes, {begin, stretch.to}, steps); !done.ok()) return done;
        begin = std::max(begin, rolled_until(db, look.tables, look.tables.minutes, 60, stretch));
    }
    return add_rows(db, look, look.tables.raw, {begin, stretch.to}, steps);
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

SqlStatus read_steps(Connection& db, const SeriesPlan& plan, Resolution resolution, Stretch stretch, KeptSteps& steps) {
    const std::int64_t step_s = resolution == Resolution::raw ? 1 : step_of(resolution);
    Look units{victron, plan.value->victron, plan.value->merge, step_s, {}};
    Look inverter{sol_ark, plan.value->sol_ark, plan.value->merge, step_s, {}};
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
    stretch.from = stretch.from / step_s * step_s;
    for (const Look* look : {&units, &inverter}) {
        if (look->places.empty() || look->column == nullptr) continue;
        if (SqlStatus done = count_steps(db, *look, resolution, stretch, steps); !done.ok()) return done;
    }
    return {};
}

}  // namespace volt
