// Names of series, and their sources.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/result.hpp"
#include "drivers/store/telemetry/history_reader.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"

namespace volt {

/// A kept value of a source, in the tables of the GX units and of the Sol-Ark.
struct KeptValue {
    const char* key;      ///< name in a topic: `voltage_v`
    const char* victron;  ///< column, or null if the GX tables lack it
    const char* sol_ark;  ///< column, or null if the Sol-Ark's tables lack it
    double steps;         ///< stored steps per unit
    const char* unit;
    const char* merge;  ///< avg, min or max: the way to merge rows
    RawField field;     ///< field of a reading
};

/// Returns all kept values.
const std::vector<KeptValue>& kept_values();
const KeptValue* kept_value(const std::string& key);

enum class SeriesKind : std::uint8_t {
    first_of,  ///< the first source that has a value (`battery`)
    curve,     ///< the voltage of `battery` through the curve of the preferences (`battery.soc_pct`)
    sum_of,    ///< all sources added (`power`)
    orders,    ///< decided orders, from `decisions`
    runs,      ///< 1 while running, from `load_runs`
    metric,    ///< means of a quarter of an hour, from `performance_metrics`
};

struct SeriesPlan {
    SeriesKind kind = SeriesKind::first_of;
    const KeptValue* value = nullptr;  ///< first_of, curve, sum_of
    std::vector<std::string> sources;  ///< first_of, curve, sum_of
    std::string subject;               ///< load for orders and runs, name of a metric
};

/// Returns the plan of `series`. Fails with Fault::refused and the stored alternatives.
Result<SeriesPlan> plan_of(const std::string& series, const SeriesSources& sources);

}  // namespace volt
