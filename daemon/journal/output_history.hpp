// OutputHistory: the last reported state of each output, and since when.
#pragma once

#include <map>
#include <string>

#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Loop thread only.
class OutputHistory {
public:
    /// Once a turn. A repeated state is not a change; an output's first report does not show how old its state is, so it counts
    /// from the first turn.
    void update(const Policy& policy, const SiteSnapshot& snapshot);
    /// Since when the output has been in its present state.
    Time since(const std::string& output) const;

private:
    struct Reported {
        Reported(OutputState state_, Time since_) : state(state_), since(since_) {}
        OutputState state;
        Time since;
    };
    std::map<std::string, Reported> reported_;  ///< by id; as many as there are outputs
    std::optional<Time> first_turn_;
    decltype(Policy::revision) revision_{};  ///< of the last turn
};

}  // namespace volt
