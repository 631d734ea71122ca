#include "drivers/mqtt/shared_topics.hpp"

#include <algorithm>

#include "drivers/mqtt/payload.hpp"
#include "drivers/mqtt/tasmota.hpp"

namespace volt {

namespace {

std::string word_in(const nlohmann::json& object, const char* key) {
    const auto* word = member(object, key);
    return word != nullptr && word->is_string() ? printable(word->get<std::string>()) : std::string();
}

/// Returns the MAC in the topic of an announcement, or an empty string for any other topic.
std::string announcer(const std::string& topic) {
    static constexpr std::string_view head = "tasmota/discovery/", tail = "/config";
    if (!topic.starts_with(head) || !topic.ends_with(tail) || topic.size() <= head.size() + tail.size()) return {};
    return topic.substr(head.size(), topic.size() - head.size() - tail.size());
}

}  // namespace

SharedTopics::SharedTopics(const std::vector<OutputConfig>& configs, Bus& bus) {
    bool any = false;
    for (const OutputConfig& config : configs) {
        Channel channel;
        if (config.dialect == DialectName::tasmota) {
            any = true;
            channel.topic = config.topic;
            channel.full_topic = config.full_topic;
            const std::string number = std::to_string(config.channel.value_or(1));
            channel.question = tasmota_topic(config, "cmnd") + "POWER" + (config.channel ? number : "");
            channel.answers_on = {tasmota_topic(config, "stat") + "POWER" + number};
            if (number == "1") channel.answers_on.push_back(tasmota_topic(config, "stat") + "POWER");
        }
        channels_.push_back(std::move(channel));
    }
    if (any) bus.subscribe({announcements});
}

/// Counts the answers once all must have arrived.
void SharedTopics::judge(Channel& channel, Time now) {
    if (!channel.asked_at || now - *channel.asked_at <= answer_within) return;
    if (channel.answers > 0) channel.doubles = channel.answers > 1 ? std::min(channel.doubles + 1, needed) : 0;
    channel.asked_at.reset();
}

/// Notes a sent message. Counts only a query without other messages near it: a device answers an order as well.
void SharedTopics::sent(std::size_t output, const Message& message, Time at) {
    if (output >= channels_.size() || message.topic != channels_[output].question) return;
    Channel& channel = channels_[output];
    judge(channel, at);
    const bool quiet = !channel.sent_at || at - *channel.sent_at > answer_within;
    channel.sent_at = at;
    channel.answers = 0;
    channel.asked_at = quiet && message.payload.empty() ? std::optional(at) : std::nullopt;
}

void SharedTopics::receive(const Received& message) {
    if (const std::string mac = announcer(message.topic); !mac.empty()) return announced(mac, message.payload);
    if (message.retained || message.payload.starts_with('{')) return;
    for (Channel& channel : channels_) {
        judge(channel, message.at);
        const auto& topics = channel.answers_on;
        if (channel.asked_at && std::find(topics.begin(), topics.end(), message.topic) != topics.end()) ++channel.answers;
    }
}

void SharedTopics::announced(const std::string& mac, const std::string& payload) {
    if (payload.empty()) return (void)devices_.erase(mac);
    const auto object = parse_object(payload);
    if (!object || (devices_.size() >= most_announced && !devices_.contains(mac))) return;
    devices_[mac] = {word_in(*object, "t"), word_in(*object, "ft")};
}

std::string SharedTopics::sign(std::size_t output) const {
    const Channel& channel = channels_[output];
    if (channel.question.empty()) return {};
    std::vector<std::string> macs;
    for (const auto& [mac, names] : devices_)
        if (names.first == channel.topic && (names.second.empty() || names.second == channel.full_topic))
            macs.push_back(printable(mac));
    if (macs.size() > 1) return "announced by " + macs[0] + " and " + macs[1];
    return channel.doubles >= needed ? "each question is answered twice" : "";
}

}  // namespace volt
