// OutputHistory: last reported state of each output, and since when.
#pragma once

#include <map>
#include <string>

#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Use on the loop thread only.
class OutputHistory {
public:
    /// Updates the history. Call once a turn. A repeated state is not a change. The first report of an output does not show its
    /// age, so it counts from the first turn.
    void update(const Policy& policy, const SiteSnapshot& snapshot);
    /// Returns since when the output has been in its current state.
    Time since(const std::string& output) const;

private:
    struct Reported {
        Reported(OutputState state_, Time since_) : state(state_), since(since_) {}
        OutputState state;
        Time since;
    };
    std::map<std::string, Reported> reported_;  ///< by id; at most one for each output
    std::optional<Time> first_turn_;
    decltype(Policy::revision) revision_{};  ///< revision in the last turn
};

}  // namespace volt
