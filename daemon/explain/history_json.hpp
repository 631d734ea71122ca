// History and decisions as JSON, the same for the API and voltctl.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "drivers/store/telemetry/history_reader.hpp"

namespace volt {

struct Config;

/// Returns `{"series":…,"unit":…,"resolution":…,"step_s":…,"points":[["time",value]]}` with times in ISO 8601 UTC.
nlohmann::ordered_json history_json(const History& history);
/// Returns the columns of `decisions`, with inputs and gates as objects.
nlohmann::ordered_json decision_json(const DecisionRow& row);
/// Reads a history back. Skips invalid entries.
History history_of(const nlohmann::ordered_json& object);
DecisionRow decision_of(const nlohmann::ordered_json& object);
/// Returns the sources of `battery` and `power` on this site.
SeriesSources series_sources(const Config& config);

}  // namespace volt
