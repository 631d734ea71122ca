// Suggestions: a bounded search over start and stop voltages of the miners. It proposes; it changes nothing.
#pragma once

#include <functional>
#include <vector>

#include "daemon/whatif/replay_site.hpp"

namespace volt::whatif {

inline constexpr std::size_t most_suggestion_runs = 200, most_suggestions = 3;
inline constexpr Volts suggestion_reach{150};          ///< from today's voltage, either way
inline constexpr Volts suggestion_over_critical{100};  ///< above the site's critical voltage

/// Other voltages of one miner.
struct Candidate {
    std::size_t load = 0;  ///< of SiteRecord::loads
    Volts start{}, stop{};
};

/// A candidate that gains, and its price.
struct Suggestion {
    Candidate candidate;
    Volts start_today{}, stop_today{};
    std::int64_t gained_watt_seconds = 0;       ///< of all miners, against the replay as is
    std::optional<Volts> lowest_as_is, lowest;  ///< of the two replays
};

/// What is tried: of each enabled miner of `policy`, steps around its present voltages, in all at most most_suggestion_runs.
std::vector<Candidate> candidates_of(const SiteRecord& record, const Policy& policy);

/// `line` with the voltages of `candidate` throughout the range; nothing: its stop voltage is not above the emergency voltage of a moment.
std::optional<PolicyLine> with_candidate(PolicyLine line, const SiteRecord& record, const Candidate& candidate);

/// Up to most_suggestions, the largest gain first, at most one of each miner; none that makes the site critical for longer than as is.
/// `go_on` is asked after each replay; false ends the search with what is known.
std::vector<Suggestion> suggest(const SiteRecord& record, const PolicyLine& as_is, const std::function<bool()>& go_on);

}  // namespace volt::whatif
