// summarize_period: sums of a period, computed, since a language model adds wrongly.
#pragma once

#include "daemon/agent/tools/tool.hpp"

namespace volt::agent {

/// What to ask for where a list of the answer was cut.
inline constexpr const char* narrower_period = "a shorter period";

ToolOutcome summarize_period(SiteLink& site, const Json& arguments, const CallTime& time);

/// Sums over the steps of `/api/plot`, by its answer: energy in kWh, extremes of the voltage with their times, gaps. Pure.
Json sums_of_plot(const Json& plot);
/// Hours, starts, stops by reason and kWh of each load, of the part of its runs within [from, to), by `/api/runs`. Pure.
Json sums_of_runs(const Json& runs, std::int64_t from_s, std::int64_t to_s);

}  // namespace volt::agent
