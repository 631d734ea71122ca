#include "drivers/mqtt/discovery.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace volt {

Discovery::Discovery(std::optional<HomeAssistantConfig> config, HaHome home, Bus& bus, Pause pause)
    : config_(std::move(config)), home_(std::move(home)), bus_(bus), pause_(std::move(pause)) {}

Duration Discovery::random_pause() {
    std::random_device source;
    return 1s + Duration{source() % 4001};
}

void Discovery::describe(std::uint64_t revision, const HaLoads& loads) {
    if (!on()) return;
    described_ = revision;
    loads_ = loads;
    want_all();
}

void Discovery::want_all() {
    most_packet_ = bus_.most_packet();
    std::set<std::string> gone;
    for (const auto& [topic, device] : devices_) gone.insert(topic);
    const auto fits = [this](const HaMessage& it) { return packet_size(it.topic, it.payload) <= most_packet_; };
    const auto add = [&](const HaMessage& message) {
        if (!fits(message)) return;
        gone.erase(message.topic);
        want(message.topic, message.payload);
    };
    for (const HaMessage& message : ha_messages(home_, loads_, *config_)) {
        if (!in_parts_ && fits(message)) add(message);
        else
            for (const HaMessage& part : ha_parts(message)) add(part);
    }
    for (const std::string& topic : gone) want(topic, "");
}

/// Sets the wanted message. Subscribes to it while wanted, to notice that its owner deletes it, but not while voltd itself clears
/// it.
void Discovery::want(const std::string& topic, const std::string& payload) {
    if (!devices_.contains(topic) && devices_.size() >= most_devices) return;
    Device& device = devices_[topic];
    const bool was = !device.wanted.empty();
    device.wanted = payload;
    if (was == !payload.empty() || !link_since_ || listening_) return;
    was ? bus_.unsubscribe({topic}) : bus_.subscribe({topic});
}

void Discovery::receive(const Received& message) {
    if (!config_) return;
    if (message.topic == config_->prefix + "/status") {
        if (on() && !message.retained && message.payload == "online" && !birth_) birth_ = message.at + pause_();
        return;
    }
    if (!is_ha_topic_of(message.topic, config_->prefix, home_.site)) return;
    const auto known = devices_.find(message.topic);
    if (message.retained && listening_ && !message.payload.empty()) {
        if (known != devices_.end() || devices_.size() < most_devices) devices_[message.topic].held = message.payload;
    } else if (!message.retained && message.payload.empty() && known != devices_.end() && !known->second.wanted.empty()) {
        known->second.deleted = true;
        known->second.held.clear();
    }
}

bool Discovery::turn(Time now) {
    if (!config_) return false;
    follow_link(now);
    if (!link_since_ || listening_) return false;
    if (birth_ && now >= *birth_) {
        birth_.reset();
        greeting_ = true;
        for (auto& [topic, device] : devices_) device.again = true;
    }
    send_some(now);
    const auto due = [](const auto& entry) { return entry.second.again && !entry.second.deleted; };
    const bool waits = !given_up() && std::any_of(devices_.begin(), devices_.end(), due);
    return greeting_ && !waits && std::exchange(greeting_, false);
}

/// Handles a lost link. A broker ends the connection of a client that sends more than it accepts, without a reason.
void Discovery::link_lost(Time now) {
    const bool blames = sent_at_ && now - *sent_at_ <= blamed;
    sent_at_.reset();
    if (given_up()) return;
    losses_ = blames ? losses_ + 1 : 0;
    if (blames && !std::exchange(in_parts_, true) && described_) want_all();
}

/// Follows the link. The broker may have lost the messages, and may hold some of devices that no longer exist.
void Discovery::follow_link(Time now) {
    const std::optional<Time> since = bus_.up() ? std::optional<Time>(bus_.up_since()) : std::nullopt;
    if (since != link_since_) {
        if (link_since_) link_lost(now);
        link_since_ = since;
        listening_ = since.has_value();
        if (!since) return;
        for (auto& [topic, device] : devices_) device.held.clear();
        if (described_ && bus_.most_packet() != most_packet_) want_all();
        bus_.subscribe({all()});
        if (on()) bus_.subscribe({config_->prefix + "/status"});
    }
    if (!listening_ || now - *link_since_ < listen) return;
    listening_ = false;
    bus_.unsubscribe({all()});
    for (const auto& [topic, device] : devices_)
        if (!device.wanted.empty()) bus_.subscribe({topic});
}

void Discovery::send_some(Time now) {
    if (now < next_ || (on() && !described_) || given_up()) return;
    int sent = 0;
    // Two messages must not describe one component, so the old one is cleared first.
    const bool clears = std::any_of(devices_.begin(), devices_.end(),
                                    [](const auto& entry) { return entry.second.wanted.empty() && !entry.second.held.empty(); });
    for (auto& [topic, device] : devices_) {
        if (sent == burst) break;
        if (clears && !device.wanted.empty()) continue;
        if (!send(topic, device)) continue;
        ++sent;
        if (!device.held.empty()) sent_at_ = now;
    }
    if (sent > 0) next_ = now + gap;
    std::erase_if(devices_, [](const auto& entry) { return entry.second.wanted.empty() && entry.second.held.empty(); });
}

bool Discovery::send(const std::string& topic, Device& device) {
    if (device.deleted || (device.held == device.wanted && !device.again)) return false;
    std::string removal = device.wanted.empty() ? std::string() : ha_removal(device.held, device.wanted);
    if (packet_size(topic, removal) > bus_.most_packet()) removal.clear();
    const std::string& payload = removal.empty() ? device.wanted : removal;
    if (!bus_.publish(topic, payload, {.retained = true, .acknowledged = true})) return false;
    device.held = payload;
    if (removal.empty()) device.again = false;
    return true;
}

std::string Discovery::announce() {
    if (!on()) return "discovery is off: set home_assistant: { discovery: true } in voltd.yaml";
    if (!bus_.up()) return "the broker is offline";
    losses_ = 0;
    for (auto& [topic, device] : devices_) {
        device.deleted = false;
        device.again = true;
    }
    return {};
}

void Discovery::withdraw() {
    if (!on() || !bus_.up()) return;
    for (const auto& [topic, device] : devices_) {
        bus_.unsubscribe({topic});
        bus_.publish(topic, "", {.retained = true, .acknowledged = true});
    }
    devices_.clear();
}

}  // namespace volt
