// Names of series, and what they are made of.
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
    const char* key;      ///< as a topic names it, `voltage_v`
    const char* victron;  ///< column; null: the GX tables do not have it
    const char* sol_ark;  ///< column; null: the Sol-Ark's do not have it
    double steps;         ///< stored steps in one unit
    const char* unit;
    const char* merge;  ///< avg, min or max: how rows become one
    RawField field;     ///< of a reading
};

/// All of them.
const std::vector<KeptValue>& kept_values();
const KeptValue* kept_value(const std::string& key);

enum class SeriesKind : std::uint8_t {
    first_of,  ///< the first source that has a value (`battery`)
    curve,     ///< the voltage of `battery` through the curve of the preferences (`battery.soc_pct`)
    sum_of,    ///< all sources added (`power`)
    orders,    ///< what was decided, from `decisions`
    runs,      ///< running or not, from `load_runs`
    metric,    ///< means of a quarter of an hour, from `performance_metrics`
};

struct SeriesPlan {
    SeriesKind kind = SeriesKind::first_of;
    const KeptValue* value = nullptr;  ///< first_of, curve, sum_of
    std::vector<std::string> sources;  ///< first_of, curve, sum_of
    std::string subject;               ///< load of orders and runs, name of a metric
};

/// What `series` is made of. Fault::refused with what is kept instead.
Result<SeriesPlan> plan_of(const std::string& series, const SeriesSources& sources);

}  // namespace volt
