#include "drivers/mqtt/outputs.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "drivers/mqtt/protection.hpp"

namespace volt {
namespace {

constexpr Duration lease_tolerance = 1s;  ///< between the timer as set and as read back
constexpr Duration lease_gap_most = 60s;

bool has_availability(const OutputConfig& config) {
    return config.dialect != DialectName::generic || !config.availability_topic.empty();
}

}  // namespace

MqttOutputs::MqttOutputs(const std::vector<OutputConfig>& configs, Bus& bus, OutputsOptions options)
    : bus_(bus), options_(std::move(options)) {
    for (const OutputConfig& config : configs) {
        Channel channel{.config = config,
                        .dialect = make_dialect(config),
                        .report = {},
                        .reported_at = {},
                        .last_on = {},
                        .asked_at = {},
                        .ask_again = {}};
        if (config.lease > Duration{}) channel.report.lease = Lease::unverified;
        channel.reports_availability = has_availability(config);
        if (channel.dialect && channel.reports_availability) channel.states = channel.dialect->retained_states();
        channel.report.can_be_asked = channel.dialect && !channel.dialect->query().empty();
        channel.report.confirms_by_sending = config.dialect == DialectName::generic && config.state_topic.empty();
        if (channel.dialect) {
            for (std::string& filter : channel.dialect->subscriptions()) filters_.push_back(std::move(filter));
            for (std::string& filter : channel.dialect->command_filters()) command_filters_.push_back(std::move(filter));
        }
        channels_.push_back(std::move(channel));
    }
    for (auto* list : {&filters_, &command_filters_}) {
        std::sort(list->begin(), list->end());
        list->erase(std::unique(list->begin(), list->end()), list->end());
    }
    const auto [commands, others] = parted(configs);
    bus_.subscribe_commands(commands);
    bus_.subscribe(others);
}

/// Splits filters into commands, whose retain mark always counts, and device reports. A generic output may report on its command
/// topic.
std::pair<std::vector<std::string>, std::vector<std::string>> MqttOutputs::parted(
    const std::vector<OutputConfig>& configs) const {
    std::pair<std::vector<std::string>, std::vector<std::string>> parts;
    for (const std::string& filter : filters_) {
        const bool reports = std::any_of(configs.begin(), configs.end(), [&](const OutputConfig& config) {
            return filter == config.state_topic || filter == config.availability_topic || filter == config.power_topic;
        });
        const bool commands = !reports && std::binary_search(command_filters_.begin(), command_filters_.end(), filter);
        (commands ? parts.first : parts.second).push_back(filter);
    }
    return parts;
}

void MqttOutputs::turn(Time now) {
    now_ = now;
    follow_link();
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        ask_once_more(i);
        settle(i);
        keep_lease(i);
        read_back(i);
    }
    check_retained();
}

/// Follows the link. While the broker is offline the state of every device is unknown; after its return voltd queries each again.
void MqttOutputs::follow_link() {
    const std::optional<Time> since = bus_.up() ? std::optional<Time>(bus_.up_since()) : std::nullopt;
    if (since == link_since_) return;
    link_since_ = since;
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        Channel& channel = channels_[i];
        channel.report.available = false;
        channel.device_up = channel.gateway_up = true;
        channel.spoke = channel.report.kept_offline = false;
        unsettle(channel);
        channel.read_at.reset();
        channel.read_until.reset();
        channel.reported_at.reset();
        if (channel.report.lease == Lease::armed) channel.report.lease = Lease::unverified;
        if (!since || !channel.dialect) continue;
        if (channel.reports_availability) {
            ask_unprompted(i);
        } else {
            came(i, *since);
        }
    }
    checks_.clear();
    rechecked_.reset();
    if (!since) return;
    retained_.clear();
    recheck_at_ = now_ + recheck;
}

void MqttOutputs::receive(const Received& message) {
    now_ = std::max(now_, message.at);
    follow_link();
    for (std::size_t i = 0; i < channels_.size(); ++i) {
        if (!channels_[i].dialect) continue;
        for (OutputEvent& event : channels_[i].dialect->understand(message)) {
            event.answers_query = event.answers_query || is_read_back(channels_[i], message);
            apply(i, event, message);
        }
    }
}

void MqttOutputs::apply(std::size_t output, const OutputEvent& event, const Received& message) {
    Channel& channel = channels_[output];
    if (event.retained_command) receive_retained(output, message.topic);
    const bool answers = event.state && event.answers_query;
    const bool reports_anything =
        event.state || event.available || event.power || event.lease_timer || event.level || event.gateway;
    if (channel.report.can_be_asked ? answers : reports_anything) channel.reported_at = message.at;
    // A message from just before the broker was lost sets the state, but does not make the device online.
    if (link_since_) receive_availability(output, event, message.at);
    if (is_old_status(channel, event, message.at)) return;
    hear(channel, event);
    if (event.state || !event.unread.empty()) channel.unread = event.unread;
    if (event.level) receive_level(channel, event, message.at);
    if (event.state) receive_state(channel, event, message.at);
    if (answers) channel.question_open = false, channel.unanswered = 0;
    const bool answered = event.answers_query && !event.unasked;
    if (answered && (event.state || event.alive)) channel.report.answered_at = message.at;
    const bool cached = has_gateway(channel.config) && !channel.settled;
    if (event.power && event.answers_query && channel.config.meter && !cached) receive_power(channel, event, message.at);
    if (!event.answers_query) return;
    receive_trap(output, event, message.at);
    receive_lease(output, event);
    receive_problem(output, event, message);
}

/// Returns true for a status that contradicts an order of the last 30 s and may be older than it. A protection that was not
/// reported before is always news.
bool MqttOutputs::is_old_status(const Channel& channel, const OutputEvent& event, Time at) {
    const OutputState ordered = channel.last_order_on ? OutputState::on : OutputState::off;
    return event.may_be_old && event.state && *event.state != ordered && channel.ordered_at &&
           at - *channel.ordered_at < Channel::old_status && protection_in(new_words(channel, event)) == OwnProtection::none;
}

/// Handles a lease report. A timer that voltd sets up is read back. A timer carried by ON is assumed for a device that supports
/// it, until voltd's ON is reported without it.
void MqttOutputs::receive_lease(std::size_t output, const OutputEvent& event) {
    Channel& channel = channels_[output];
    if (channel.config.lease == Duration{}) {
        channel.report.own_timer = event.lease_timer.value_or(channel.report.own_timer);
        channel.timer_reported = channel.timer_reported || event.lease_timer;
        return;
    }
    if (!event.lease_timer) {
        const bool on = channel.report.state == OutputState::on;
        if (event.takes_lease && !on && !channel.lease_denied) channel.report.lease = Lease::armed;
        return;
    }
    const Duration timer = *event.lease_timer;
    const Duration difference = timer > channel.config.lease ? timer - channel.config.lease : channel.config.lease - timer;
    if (channel.report.timer_trap != TimerTrap::none) {
        const bool ours = difference <= lease_tolerance && options_.live && channel.lease_tries < most_lease_tries;
        if (ours && transmit(output, channel.dialect->clear_lease())) ++channel.lease_tries;
        return;
    }
    channel.lease_denied = difference > lease_tolerance && channel.last_order_on;
    if (difference <= lease_tolerance) {
        channel.report.lease = Lease::armed;
    } else {
        channel.report.lease = timer == Duration{} ? Lease::none : Lease::unverified;
    }
}

/// Returns true if another device has answered: one device changes its setting only by a command, and reports that change alone.
bool MqttOutputs::is_disputed(const Channel& channel, const OutputEvent& event, Time at) {
    if (!channel.trap_known) return false;
    if (channel.report.timer_trap == TimerTrap::disputed) return true;
    return event.trap_setting != channel.trap_setting && (!event.trap_may_be_new || at - channel.trap_at < answers_within);
}

/// Handles a timer that would switch on, which is worse than none. A dispute stands until the device connects again.
void MqttOutputs::receive_trap(std::size_t output, const OutputEvent& event, Time at) {
    Channel& channel = channels_[output];
    if (!event.timer_trap) return;
    const TimerTrap trap = is_disputed(channel, event, at) ? TimerTrap::disputed : *event.timer_trap;
    const bool is_new = !channel.trap_known || channel.report.timer_trap != trap;
    channel.trap_known = true;
    channel.trap_setting = event.trap_setting;
    channel.trap_at = at;
    channel.report.timer_trap = trap;
    if (!is_new || channel.config.lease == Duration{}) return;
    if (trap != TimerTrap::none) channel.report.lease = Lease::none;
    channel.lease_tries = 0;
    channel.lease_next = trap == TimerTrap::none ? now_ + answers_within : now_;  // another device may answer too
    keep_lease(output);
}

/// Reads the retained state back from the broker. A device that cannot be queried and reports only changes would never confirm an
/// order for its current state. While it is online, its retained state is current.
void MqttOutputs::read_back(std::size_t output) {
    Channel& channel = channels_[output];
    if (!channel.read_at || now_ < *channel.read_at || !bus_.up()) return;
    channel.read_at.reset();
    channel.read_until = now_ + read_back_listen;
    bus_.subscribe(channel.states);
}

bool MqttOutputs::is_read_back(const Channel& channel, const Received& message) const {
    return message.retained && channel.report.available && channel.spoke && channel.read_until &&
           message.at <= *channel.read_until &&
           std::find(channel.states.begin(), channel.states.end(), message.topic) != channel.states.end();
}

/// Returns the problems that are news. A status repeats one until the device clears it, so only one that no status had before
/// counts.
std::string MqttOutputs::new_words(const Channel& channel, const OutputEvent& event) {
    std::string words = event.problem;
    if (event.problem_stays)
        for (const auto& [topic, before] : channel.words) words = words_without(words, before);
    return words;
}

/// Keeps the problems of a status. One that its topic no longer has is cleared everywhere.
void MqttOutputs::keep_words(Channel& channel, const OutputEvent& event, const std::string& topic) {
    const std::string cleared = words_without(channel.words[topic], event.problem);
    for (auto& [name, words] : channel.words) words = words_without(words, cleared);
    channel.words[topic] = event.problem;
}

/// Handles a problem: a protection is dated by its first report.
void MqttOutputs::receive_problem(std::size_t output, const OutputEvent& event, const Received& message) {
    Channel& channel = channels_[output];
    const std::string words = new_words(channel, event);
    // Words of the first status may be old.
    const bool dated = !event.problem_stays || !channel.words.empty();
    if (const OwnProtection word = protection_in(words); word != OwnProtection::none && dated) {
        channel.report.protection = word;
        channel.report.protection_at = message.at;
    }
    const bool repeated = !event.problem_stays && words == channel.problem;
    if (event.problem_stays) keep_words(channel, event, message.topic);
    if (event.state) channel.problem.clear();
    if (words.empty() || repeated) return;
    channel.problem = words;
    if (problems_.size() < most_problems) problems_.push_back({output, words});
}

/// Returns the time since which an output has been silent: no state came since the broker connected, and no offline message
/// either. Possible causes: device down, wrong topic, or a broker ACL, which the broker does not report. For an output that
/// cannot be queried a retained message counts too, at least its availability.
std::optional<Time> MqttOutputs::silent_since(const Channel& channel) const {
    const bool reports = channel.report.can_be_asked || channel.reports_availability;
    const bool known_offline = !channel.device_up || !channel.gateway_up;
    return reports && !known_offline && !channel.reported_at ? link_since_ : std::nullopt;
}

/// Sets live or shadow. In shadow voltd sets no timer, so one is missing only after there was time to set it.
void MqttOutputs::set_live(bool live) {
    if (live && !options_.live) live_since_ = now_;
    options_.live = live;
}

/// Returns the time since which an online output with a lease could have proven it.
std::optional<Time> MqttOutputs::unproven_since(const Channel& channel) const {
    const bool expected = options_.live && channel.config.lease > Duration{} && channel.report.available;
    if (!expected || channel.report.lease == Lease::armed) return std::nullopt;
    return std::max({channel.report.available_since, live_since_, channel.lease_set_at});
}

std::vector<std::string> MqttOutputs::filters(std::size_t output) const {
    return channels_[output].dialect ? channels_[output].dialect->subscriptions() : std::vector<std::string>{};
}

std::string MqttOutputs::availability_topic(std::size_t output) const {
    return channels_[output].dialect ? channels_[output].dialect->availability_topic() : std::string();
}

/// Queries an output after its return. A device reports itself online before it listens, so the query is repeated once.
void MqttOutputs::ask_unprompted(std::size_t output) {
    Channel& channel = channels_[output];
    channel.ask_again = now_ + ask_gap;
    ask(output);
}

void MqttOutputs::ask_once_more(std::size_t output) {
    Channel& channel = channels_[output];
    if (!channel.ask_again || now_ < *channel.ask_again) return;
    const Time since = *channel.ask_again - ask_gap;
    channel.ask_again.reset();
    if (has_gateway(channel.config) && !channel.settled) return;  // its queries are settle_gap apart
    if (channel.report.state_received && channel.report.state_at >= since) return;
    ask(output);
}

/// Sets up the device's own timer after each of its connects, until the device reports the right one.
void MqttOutputs::keep_lease(std::size_t output) {
    Channel& channel = channels_[output];
    if (channel.config.lease == Duration{}) return ask_lease(output);
    const bool due = channel.dialect && channel.report.available && options_.live && channel.report.lease != Lease::armed &&
                     channel.lease_tries < most_lease_tries && now_ >= channel.lease_next;
    if (!due) return;
    const bool trapped = channel.report.timer_trap != TimerTrap::none;
    std::vector<Message> messages = channel.trap_known ? std::vector<Message>{} : channel.dialect->ask_trap();
    // voltd sets no timer before the device has answered that query, and ends one that it has set while trapped.
    if (messages.empty())
        for (Message& message : channel.dialect->set_up_lease(trapped ? Duration{} : channel.config.lease))
            messages.push_back(std::move(message));
    if (messages.empty() || !transmit(output, messages)) return;
    channel.report.lease = trapped ? Lease::none : Lease::unverified;
    channel.lease_next = now_ + std::min(lease_gap_first * (1 << channel.lease_tries), lease_gap_most);
    ++channel.lease_tries;
}

/// Queries a device without a lease for a timer, which would end each ON, and for a setting that turns a timer around. Both may be
/// the owner's, so they are reported, not changed.
void MqttOutputs::ask_lease(std::size_t output) {
    Channel& channel = channels_[output];
    const bool due =
        channel.dialect && channel.report.available && channel.lease_tries < most_lease_tries && now_ >= channel.lease_next;
    if (!due) return;
    // Without a lease nothing is set: both are only queries.
    auto messages = channel.trap_known ? std::vector<Message>{} : channel.dialect->ask_trap();
    if (!channel.timer_reported)
        for (Message& message : channel.dialect->set_up_lease(Duration{})) messages.push_back(std::move(message));
    if (messages.empty() || !transmit(output, messages)) return;
    channel.lease_next = now_ + std::min(lease_gap_first * (1 << channel.lease_tries), lease_gap_most);
    ++channel.lease_tries;
}

bool MqttOutputs::transmit(std::size_t output, const std::vector<Message>& messages, bool awaited) {
    for (const Message& message : messages) {
        if (!bus_.publish(message.topic, message.payload, {.command = true, .awaited = awaited})) return false;
        if (options_.on_sent) options_.on_sent(output, message, now_);
    }
    return true;
}

bool MqttOutputs::send(std::size_t output, const OutputOrder& order) {
    assert(output < channels_.size());
    Channel& channel = channels_[output];
    if (!channel.dialect || !options_.live || !bus_.up()) return false;
    // An order that only renews the reported state is confirmed in passing.
    const OutputReport& report = channel.report;
    const bool changes = report.hint || report.state != (order.on ? OutputState::on : OutputState::off) ||
                         (order.on && channel.config.kind == OutputKind::level && report.level != order.level);
    if (!transmit(output, channel.dialect->order(order), changes)) return false;
    if (order.on) channel.last_on = now_;
    if (order.on != channel.last_order_on || !channel.ordered_at) channel.ordered_at = now_;
    channel.last_order_on = order.on;
    if (!channel.states.empty() && channel.spoke) channel.read_at = now_ + read_back_after;
    return true;
}

bool MqttOutputs::ask(std::size_t output) {
    assert(output < channels_.size());
    Channel& channel = channels_[output];
    if (!channel.dialect || !bus_.up()) return false;
    // Rules, driver and API query at the same time when a device comes online: one query is enough.
    if (channel.question_open && channel.asked_at && now_ - *channel.asked_at < ask_gap) return true;
    const auto messages = channel.dialect->query();
    if (messages.empty() || !transmit(output, messages)) return false;
    // After two unanswered queries, the next report of a gateway may come from its cache.
    if (channel.question_open && ++channel.unanswered >= 2 && channel.settled) unsettle(channel);
    channel.asked_at = now_;
    channel.question_open = true;
    return true;
}

void MqttOutputs::set_lease(std::size_t output, Duration lease) {
    assert(output < channels_.size());
    Channel& channel = channels_[output];
    if (channel.config.lease == lease) return;
    channel.config.lease = lease;
    channel.lease_denied = false;
    if (timer_set_by(channel.config.dialect) != TimerSetBy::setup) return;
    channel.report.lease = Lease::unverified;
    channel.lease_set_at = now_;
    channel.lease_tries = 0;
    channel.lease_next = now_;
    keep_lease(output);
}

void MqttOutputs::read(std::vector<OutputReport>& reports) const {
    reports.clear();
    reports.reserve(channels_.size());
    for (const Channel& channel : channels_) {
        reports.push_back(channel.report);
        reports.back().silent_since = silent_since(channel);
        reports.back().unproven_since = unproven_since(channel);
        reports.back().restarting = now_ - std::max(channel.report.available_since, bus_.up_since()) < restart_lasts;
        if (channel.report.lease != Lease::armed || channel.report.state != OutputState::on || !channel.last_on) continue;
        reports.back().lease_left = std::max(Duration{}, channel.config.lease - (now_ - *channel.last_on));
    }
}

}  // namespace volt
