// Outputs without devices. Each has the state commanded in the tick before. At first it is off, as long as its load must rest.
#pragma once

#include <vector>

#include "rules/decision.hpp"

namespace volt::whatif {

class FollowedOutputs {
public:
    explicit FollowedOutputs(const Policy& policy);
    /// Sets an output that was on for `before` when the replay begins.
    void begin_on(std::size_t output, Duration before) { outputs_[output] = {true, 0, before}; }
    /// Switches an output off without a command.
    void switch_off(std::size_t output) { outputs_[output].on = false; }
    /// Applies commands. The next report shows them.
    void follow(const std::vector<Command>& commands);
    bool on(std::size_t output) const { return outputs_[output].on; }
    /// Reports state, level and their time. `first`: in the first tick.
    void report(std::size_t output, Time now, bool first, OutputReport& into) const;

private:
    struct Followed {
        bool on = false;
        std::int32_t level = 0;
        Duration since_before{};  ///< age of the state when the replay begins
    };
    std::vector<Followed> outputs_;  ///< aligned with the policy
};

}  // namespace volt::whatif
