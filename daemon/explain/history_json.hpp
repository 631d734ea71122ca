// History and decisions as JSON, the same for the API and voltctl.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "drivers/store/telemetry/history_reader.hpp"

namespace volt {

struct Config;

/// `{"series":…,"unit":…,"resolution":…,"step_s":…,"points":[["time",value]]}`; times ISO 8601 UTC.
nlohmann::ordered_json history_json(const History& history);
/// The columns of `decisions`, inputs and gates as objects.
nlohmann::ordered_json decision_json(const DecisionRow& row);
/// The reverse; invalid entries are omitted.
History history_of(const nlohmann::ordered_json& object);
DecisionRow decision_of(const nlohmann::ordered_json& object);
/// The sources of `battery` and `power` on this site.
SeriesSources series_sources(const Config& config);

}  // namespace volt
