// summarize_period: computes sums of a period, because a language model adds incorrectly.
#pragma once

#include "daemon/agent/tools/tool.hpp"

namespace volt::agent {

/// Suggestion if a list of the answer was truncated.
inline constexpr const char* narrower_period = "a shorter period";

ToolOutcome summarize_period(SiteLink& site, const Json& arguments, const CallTime& time);

/// Returns sums over the steps of `/api/plot`: energy in kWh, voltage extremes with their times, gaps. Pure.
Json sums_of_plot(const Json& plot);
/// Returns hours, starts, stops by reason and kWh of each load for its runs within [from, to), from `/api/runs`. Pure.
Json sums_of_runs(const Json& runs, std::int64_t from_s, std::int64_t to_s);

}  // namespace volt::agent
