// Outputs without devices: each is what was commanded in the tick before; at first off, for as long as its load must rest.
#pragma once

#include <vector>

#include "rules/decision.hpp"

namespace volt::whatif {

class FollowedOutputs {
public:
    explicit FollowedOutputs(const Policy& policy);
    /// It was on for `before` when the replay begins.
    void begin_on(std::size_t output, Duration before) { outputs_[output] = {true, 0, before}; }
    /// By itself, without a command.
    void switch_off(std::size_t output) { outputs_[output].on = false; }
    /// The next report follows these.
    void follow(const std::vector<Command>& commands);
    bool on(std::size_t output) const { return outputs_[output].on; }
    /// State, level and their time; `first`: in the first tick.
    void report(std::size_t output, Time now, bool first, OutputReport& into) const;

private:
    struct Followed {
        bool on = false;
        std::int32_t level = 0;
        Duration since_before{};  ///< how long it has been so when the replay begins
    };
    std::vector<Followed> outputs_;  ///< aligned with the policy
};

}  // namespace volt::whatif
