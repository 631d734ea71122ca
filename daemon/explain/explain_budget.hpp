// The night budget in sentences, for status, gates and stops.
#pragma once

#include <string>

#include "daemon/explain/explain.hpp"

namespace volt {

/// "Keeps 9.1 kWh for the house until 07:40; 3.2 kWh to spare"; empty without a budget.
std::string explain_budget(const ExplainContext& scene);
/// Why a load waits for it.
std::string explain_budget_wait(const ExplainContext& scene, std::size_t load, const Gate& gate);
/// Why a load is stopped by it.
std::string explain_budget_stop(const ExplainContext& scene, std::size_t load);
/// What would let the load start.
std::string explain_budget_flip(const ExplainContext& scene, std::size_t load, const Gate& gate);
/// What is in the bank, what the sun should still bring and what the house takes, of a load that waits for the budget; what
/// an `on` override costs the house. Empty where neither is.
std::string explain_night(const ExplainContext& scene, std::size_t load);
/// What a plan was wrong about.
std::string explain_missed_night(const MissedNight& missed);

/// What the bank gave, what its voltage says of that, and which bank_wh or curve would fit.
std::string explain_misfit(const ExplainContext& scene);
std::string explain_never_full(const ExplainContext& scene);

}  // namespace volt
