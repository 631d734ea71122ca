// Sentences about the night budget, for status, gates and stops.
#pragma once

#include <string>

#include "daemon/explain/explain.hpp"

namespace volt {

/// Returns "Keeps 9.1 kWh for the house until 07:40; 3.2 kWh left for loads", or an empty string without a budget.
std::string explain_budget(const ExplainContext& scene);
/// Explains why a load waits for the budget.
std::string explain_budget_wait(const ExplainContext& scene, std::size_t load, const Gate& gate);
/// Explains why the budget stops a load.
std::string explain_budget_stop(const ExplainContext& scene, std::size_t load);
/// Names what would let the load start.
std::string explain_budget_flip(const ExplainContext& scene, std::size_t load, const Gate& gate);
/// Returns the charge of the bank, the sun still expected and the house's need for a load that waits for the budget. For an `on`
/// override, returns its cost to the house. Empty otherwise.
std::string explain_night(const ExplainContext& scene, std::size_t load);
/// Returns the energy that the bank has supplied since it was full, or 0 without a bridge.
Energy given_by_bridge(const ExplainContext& scene);
/// Explains how much a full bank has supplied to a load that runs on it, and how long the load may continue.
std::string explain_bridge(const ExplainContext& scene);
/// Returns the error of the plan, or "" if nothing explains it.
std::string explain_missed_night(const MissedNight& missed);

/// Compares the energy that the bank supplied with what its voltage indicates, and suggests a bank_wh or curve.
std::string explain_misfit(const ExplainContext& scene);
std::string explain_never_full(const ExplainContext& scene);

}  // namespace volt
