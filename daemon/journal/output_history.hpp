// OutputHistory: the state each output reported last, and since when.
#pragma once

#include <map>
#include <string>

#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

/// Loop thread only.
class OutputHistory {
public:
    /// Once a turn. A report that repeats the state is no change; the first report of an output does not say since when it
    /// is so, and counts from the first turn.
    void update(const Policy& policy, const SiteSnapshot& snapshot);
    /// Since when the output has been in its present state.
    Time since(const std::string& output) const;

private:
    struct Reported {
        OutputState state = OutputState::unknown;
        Time since{};
    };
    std::map<std::string, Reported> reported_;  ///< by id; as many as there are outputs
    std::optional<Time> first_turn_;
};

}  // namespace volt
