#include "daemon/whatif/followed_outputs.hpp"

#include "rules/limits.hpp"

namespace volt::whatif {

FollowedOutputs::FollowedOutputs(const Policy& policy) : outputs_(policy.outputs.size()) {
    for (const Miner& miner : policy.miners)
        if (miner.output != no_index) outputs_[static_cast<std::size_t>(miner.output)].since_before = miner.min_off;
    for (const Zone& zone : policy.zones)
        if (zone.heater != no_index) outputs_[static_cast<std::size_t>(zone.heater)].since_before = limits::heater_min_off;
}

void FollowedOutputs::follow(const std::vector<Command>& commands) {
    for (const Command& command : commands) {
        Followed& order = outputs_[static_cast<std::size_t>(command.output)];
        order.on = command.on;
        order.level = command.on ? command.level : 0;
    }
}

void FollowedOutputs::report(std::size_t output, Time now, bool first, OutputReport& into) const {
    const Followed& order = outputs_[output];
    into.state = order.on ? OutputState::on : OutputState::off;
    into.level = order.level;
    into.state_at = first ? now - order.since_before : now;
    into.state_received = true;
}

}  // namespace volt::whatif
