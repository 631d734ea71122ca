// Suggestions: a bounded search over start and stop voltages of the miners. It proposes and changes nothing.
#pragma once

#include <functional>
#include <vector>

#include "daemon/whatif/replay_site.hpp"

namespace volt::whatif {

inline constexpr std::size_t most_suggestion_runs = 200, most_suggestions = 3;
inline constexpr Volts suggestion_reach{150};          ///< from today's voltage, in either direction
inline constexpr Volts suggestion_over_critical{100};  ///< above the site's critical voltage

/// Other voltages of one miner.
struct Candidate {
    std::size_t load = 0;  ///< index into SiteRecord::loads
    Volts start{}, stop{};
};

/// Candidate that gains, with its price.
struct Suggestion {
    Candidate candidate;
    Volts start_today{}, stop_today{};
    std::int64_t gained_watt_seconds = 0;       ///< of all miners, compared with the replay as is
    std::optional<Volts> lowest_as_is, lowest;  ///< of the two replays
};

/// Returns the candidates: for each enabled miner of `policy`, steps around its current voltages; at most most_suggestion_runs in
/// total.
std::vector<Candidate> candidates_of(const SiteRecord& record, const Policy& policy);

/// Returns `line` with the voltages of `candidate` throughout the range, or nothing if its stop voltage is not above the
/// emergency voltage at some moment.
std::optional<PolicyLine> with_candidate(PolicyLine line, const SiteRecord& record, const Candidate& candidate);

/// Returns up to most_suggestions, the largest gain first, at most one per miner, and none that makes the site critical for
/// longer than as is. Calls `go_on` after each replay; if it returns false, the search ends with the results so far.
std::vector<Suggestion> suggest(const SiteRecord& record, const PolicyLine& as_is, const std::function<bool()>& go_on);

}  // namespace volt::whatif
