#include "daemon/journal/output_history.hpp"

#include <algorithm>
#include <utility>

namespace volt {

void OutputHistory::update(const Policy& policy, const SiteSnapshot& snapshot) {
    if (!first_turn_) first_turn_ = snapshot.now;
    const auto gone = [&policy](const auto& known) {
        return std::ranges::none_of(policy.outputs, [&known](const auto& output) { return output.id == known.first; });
    };
    if (std::exchange(revision_, policy.revision) != policy.revision) std::erase_if(reported_, gone);
    for (std::size_t output = 0; output < policy.outputs.size(); ++output) {
        const OutputReport& report = snapshot.outputs[output];
        Reported& now = reported_.try_emplace(policy.outputs[output].id, OutputState::unknown, *first_turn_).first->second;
        const bool reported = report.state_received && report.state != OutputState::unknown;
        if (reported && now.state != OutputState::unknown && now.state != report.state) now.since = report.state_at;
        if (reported) now.state = report.state;
    }
}

Time OutputHistory::since(const std::string& output) const {
    const auto known = reported_.find(output);
    return known != reported_.end() ? known->second.since : first_turn_.value_or(Time{});
}

}  // namespace volt
