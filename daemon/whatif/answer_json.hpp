// Answer of a comparison as JSON, the same for the API and voltctl.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "daemon/whatif/comparison.hpp"

namespace volt::whatif {

inline constexpr std::size_t most_voltage_points = 288;  ///< points of each of the two voltages

/// Returns
/// `{"text","limits","notes","from","to","covered_to","covered_pct","agreement_pct","loads":[…],"battery":{…},"differences":[…],"voltage":{…}}`.
/// Times are ISO 8601 UTC. `changed` members are null if nothing was changed.
nlohmann::ordered_json answer_json(const SiteRecord& record, const Comparison& comparison);
/// Returns the answer for a range without rows.
nlohmann::ordered_json empty_answer_json(const SiteRecord& record);

}  // namespace volt::whatif
