#include "daemon/journal/output_history.hpp"

#include <utility>

namespace volt {

void OutputHistory::update(const Policy& policy, const SiteSnapshot& snapshot) {
    if (!first_turn_) first_turn_ = snapshot.now;
    const std::map<std::string, Reported> before = std::exchange(reported_, {});
    for (std::size_t output = 0; output < policy.outputs.size(); ++output) {
        const OutputReport& report = snapshot.outputs[output];
        const auto known = before.find(policy.outputs[output].id);
        Reported now = known != before.end() ? known->second : Reported{OutputState::unknown, *first_turn_};
        const bool reported = report.state_heard && report.state != OutputState::unknown;
        if (reported && now.state != OutputState::unknown && now.state != report.state) now.since = report.state_at;
        if (reported) now.state = report.state;
        reported_[policy.outputs[output].id] = now;
    }
}

Time OutputHistory::since(const std::string& output) const {
    const auto known = reported_.find(output);
    return known != reported_.end() ? known->second.since : first_turn_.value_or(Time{});
}

}  // namespace volt
