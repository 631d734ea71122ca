// Retained messages on topics that a device obeys: finds and reports them, and clears them if the owner allows it.
#include <algorithm>

#include "drivers/mqtt/outputs.hpp"

namespace volt {

void MqttOutputs::receive_retained(std::size_t output, const std::string& topic) {
    const RetainedCommand found{output, topic};
    const auto known = std::find_if(retained_.begin(), retained_.end(), [&](const auto& r) { return r.command == found; });
    const bool is_new = known == retained_.end();
    if (!is_new) known->seen = now_;
    else if (retained_.size() < most_retained) retained_.push_back({found, now_});
    if (!options_.clear_retained || !options_.live || channels_[output].config.dialect == DialectName::generic) return;
    if (!bus_.publish(topic, "", {.retained = true})) return;
    if (options_.on_sent) options_.on_sent(output, {topic, "", true}, now_);
    if (is_new) recheck_at_ = now_ + ask_gap;
}

/// Checks for retained commands. A subscribed client receives a newly retained message like any other. So voltd subscribes to
/// filters again, every minute and when a device comes back, which is when it obeys a retained command.
void MqttOutputs::check_retained() {
    if (!bus_.up()) return;
    if (!rechecked_ && now_ >= recheck_at_) {
        rechecked_ = now_;
        recheck_at_ = now_ + recheck;
        checks_.insert(command_filters_.begin(), command_filters_.end());
    }
    for (int room = checks_at_once; room > 0 && !checks_.empty(); --room) check(checks_.extract(checks_.begin()).value());
    if (!rechecked_ || !checks_.empty() || now_ < last_check_ + recheck_listen) return;
    std::erase_if(retained_, [this](const auto& r) { return r.seen < *rechecked_; });
    rechecked_.reset();
}

void MqttOutputs::check(const std::string& filter) {
    last_check_ = now_;
    bus_.subscribe({filter});
    if (!std::binary_search(filters_.begin(), filters_.end(), filter)) bus_.unsubscribe({filter});
}

std::vector<RetainedCommand> MqttOutputs::retained_commands() const {
    std::vector<RetainedCommand> commands;
    for (const FoundCommand& found : retained_) commands.push_back(found.command);
    return commands;
}

}  // namespace volt
