// Reports of outputs: availability, state, level and watts, and which of them may come from a gateway's cache.
#include "drivers/mqtt/outputs.hpp"

namespace volt {

/// Returns true if two consecutive answers disprove a retained "offline", which may be older than the device's return.
bool MqttOutputs::disproves_kept(Channel& channel, const OutputEvent& event) {
    if (!channel.report.kept_offline || !channel.gateway_up || !event.state || !event.answers_query) return false;
    return settles(channel, *event.state, now_);
}

/// Handles availability. A second `Online` means that the device was offline. A device that sends is online, no matter what its
/// last will reports; a gateway's message for it proves nothing while the device is known to be offline.
void MqttOutputs::receive_availability(std::size_t output, const OutputEvent& event, Time at) {
    Channel& channel = channels_[output];
    const bool availability_known = event.available || event.gateway;
    channel.device_up = event.available.value_or(channel.device_up);
    channel.gateway_up = event.gateway.value_or(channel.gateway_up);
    const bool offline = !channel.device_up || !channel.gateway_up;
    const bool sent = event.alive || event.state || event.level || event.power || event.lease_timer || event.takes_lease;
    if (event.available) channel.report.kept_offline = !*event.available && !event.answers_query;
    const bool answered = event.relayed && offline && !availability_known && disproves_kept(channel, event);
    const bool reports = sent && event.answers_query && (!(event.relayed && offline) || answered);
    if (availability_known && offline) {
        if (!channel.report.kept_offline || channel.report.available) unsettle(channel);
        channel.report.available = false;
        if (channel.report.lease == Lease::armed) channel.report.lease = Lease::unverified;
    } else if (availability_known || (reports && !channel.report.available)) {
        came(output, at, answered);
    }
}

/// Handles the return of a device. `settled`: its state is known from the device itself, not from a gateway's cache.
void MqttOutputs::came(std::size_t output, Time at, bool settled) {
    Channel& channel = channels_[output];
    channel.device_up = channel.gateway_up = true;
    channel.spoke = false;
    channel.report.kept_offline = false;
    channel.lease_denied = false;
    channel.report.available = true;
    channel.report.available_since = at;
    if (!settled) unsettle(channel);
    channel.lease_tries = 0;
    channel.timer_reported = false;
    channel.trap_known = false;
    channel.lease_next = now_;
    for (std::string& filter : channel.dialect->command_filters()) checks_.insert(std::move(filter));
    if (channel.config.lease > Duration{}) channel.report.lease = Lease::unverified;
    ask_unprompted(output);
    transmit(output, channel.dialect->ping());
    keep_lease(output);
}

/// Handles a sign of life. For a device that cannot be queried, retained messages count once the device itself has sent one.
void MqttOutputs::hear(Channel& channel, const OutputEvent& event) {
    if (!event.answers_query || channel.spoke || !(event.alive || event.state || event.level)) return;
    channel.spoke = true;
    if (!channel.states.empty()) channel.read_at = now_;
}

void MqttOutputs::receive_state(Channel& channel, const OutputEvent& event, Time at) {
    OutputReport& report = channel.report;
    if (!event.answers_query) {
        if (report.state_received) return;
        report.state = *event.state;
        report.level = report.state == OutputState::on ? channel.level : 0;
        report.hint = true;
        return;
    }
    if (!settles(channel, *event.state, at)) return;
    const std::int32_t level = *event.state == OutputState::on ? channel.level : 0;
    const bool changed = !report.state_received || report.hint || report.state != *event.state || report.level != level;
    if (changed) report.changed_at = at;
    report.state = *event.state;
    report.level = level;
    report.state_at = at;
    report.state_received = true;
    report.hint = false;
    if (event.off_by_timer && (!report.timer_off_at || *report.timer_off_at < report.changed_at)) report.timer_off_at = at;
}

void MqttOutputs::receive_power(Channel& channel, const OutputEvent& event, Time at) {
    channel.report.power = {event.power, at, true};
    channel.report.power_alone = !event.state;
}

/// Makes the state unknown if it comes through a gateway, which may publish a cached one.
void MqttOutputs::unsettle(Channel& channel) {
    if (!has_gateway(channel.config)) return;
    channel.settled = channel.question_open = false;
    channel.answers = channel.unanswered = 0;
    channel.said.reset();
    channel.said_at.reset();
    channel.report.state = OutputState::unknown;
    channel.report.hint = true;
}

/// Returns true once two consecutive answers agreed. One message answers one query. Without queries, two messages settle_gap
/// apart are enough.
bool MqttOutputs::settles(Channel& channel, OutputState state, Time at) {
    if (!has_gateway(channel.config) || channel.settled) return true;
    const bool answers =
        channel.report.can_be_asked ? channel.question_open : !channel.said_at || at - *channel.said_at >= settle_gap;
    if (channel.said != state) channel.answers = 0;
    channel.said = state;
    channel.question_open = false;
    if (answers) {
        channel.said_at = at;
        ++channel.answers;
    }
    channel.settled = channel.answers >= 2;
    return channel.settled;
}

/// Queries a gateway until its answers are no longer a hint.
void MqttOutputs::settle(std::size_t output) {
    const Channel& channel = channels_[output];
    if (!has_gateway(channel.config) || channel.settled || !channel.report.can_be_asked) return;
    if (!channel.report.available && !(channel.report.kept_offline && channel.answers > 0)) return;
    if (channel.asked_at && now_ - *channel.asked_at < settle_gap) return;
    ask(output);
}

/// Handles a level, which may be reported separately from on and off, also while off.
void MqttOutputs::receive_level(Channel& channel, const OutputEvent& event, Time at) {
    OutputReport& report = channel.report;
    if (!event.answers_query && report.state_received) return;
    channel.level = *event.level;
    if (event.state || report.state == OutputState::unknown) return;
    report.level = report.state == OutputState::on ? channel.level : 0;
    if (event.answers_query && report.state_received) report.state_at = report.changed_at = at;
}

}  // namespace volt
