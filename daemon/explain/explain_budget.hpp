// The night budget in sentences, for status, gates and stops.
#pragma once

#include <string>

#include "daemon/explain/explain.hpp"

namespace volt {

/// "Keeps 9.1 kWh for the house until 07:40; 3.2 kWh left for loads"; empty without a budget.
std::string explain_budget(const ExplainContext& scene);
/// Why a load waits for the budget.
std::string explain_budget_wait(const ExplainContext& scene, std::size_t load, const Gate& gate);
/// Why the budget stops a load.
std::string explain_budget_stop(const ExplainContext& scene, std::size_t load);
/// What would let the load start.
std::string explain_budget_flip(const ExplainContext& scene, std::size_t load, const Gate& gate);
/// For a load that waits for the budget: the charge of the bank, the sun still expected, and the house's need. For an `on`
/// override: what it costs the house. Empty otherwise.
std::string explain_night(const ExplainContext& scene, std::size_t load);
/// By a bank that was full, since then; 0 without a bridge.
Energy given_by_bridge(const ExplainContext& scene);
/// How much a full bank has given to a load that runs on it, and how long it may go on.
std::string explain_bridge(const ExplainContext& scene);
/// Returns what the plan got wrong, or "" if nothing explains it.
std::string explain_missed_night(const MissedNight& missed);

/// The energy the bank supplied, what its voltage indicates, and which bank_wh or curve would fit.
std::string explain_misfit(const ExplainContext& scene);
std::string explain_never_full(const ExplainContext& scene);

}  // namespace volt
