#include "drivers/sim/broker_link.hpp"

#include <mqtt/async_client.h>

#include <atomic>
#include <mutex>
#include <utility>

namespace volt::sim {

namespace {

constexpr std::size_t most_queued = 256, most_payload = 4'096;
constexpr auto disconnect_limit = std::chrono::milliseconds{500};

mqtt::connect_options options_of(const SentMessage& will) {
    mqtt::connect_options options;
    options.set_mqtt_version(MQTTVERSION_3_1_1);
    options.set_clean_session(true);
    options.set_keep_alive_interval(30);
    options.set_connect_timeout(4);
    options.set_automatic_reconnect(1, 5);
    if (!will.topic.empty()) { options.set_will(mqtt::will_options(will.topic, mqtt::string(will.payload), 1, will.retained)); }
    return options;
}

}  // namespace

struct BrokerLink::Inside {
    Inside(const std::string& broker, const std::string& client_id, std::vector<std::string> what, SentMessage last)
        : client("tcp://" + broker, client_id), filters(std::move(what)), will(std::move(last)), options(options_of(will)) {}

    mqtt::async_client client;
    std::vector<std::string> filters;
    SentMessage will;
    mqtt::connect_options options;
    std::mutex mutex;
    std::vector<ReceivedMessage> box;
    std::atomic<std::uint64_t> connects{0};
    bool leaving = false;
    mqtt::delivery_token_ptr last_published;
};

// Callbacks only count and fill the queue; they throw nothing.
BrokerLink::BrokerLink(const std::string& broker, const std::string& client_id, std::vector<std::string> filters,
                       const SentMessage& will)
    : inside_(std::make_unique<Inside>(broker, client_id, std::move(filters), will)) {
    Inside& in = *inside_;
    in.client.set_connected_handler([&in](const std::string&) { ++in.connects; });
    in.client.set_message_callback([&in](const mqtt::const_message_ptr& message) {
        if (!message || message->get_payload().size() > most_payload) return;
        const std::lock_guard lock(in.mutex);
        if (in.box.size() < most_queued) in.box.push_back({message->get_topic(), message->to_string()});
    });
    try {
        in.client.connect(in.options);
    } catch (const mqtt::exception&) {
        // invalid address: remains unconnected
    }
}

/// Disconnects and waits for pending messages: the library leaks them when a connection ends.
BrokerLink::~BrokerLink() {
    disconnect();
    try {
        if (inside_->last_published) inside_->last_published->wait_for(disconnect_limit);
        if (connected()) inside_->client.disconnect(0)->wait_for(disconnect_limit);
    } catch (const mqtt::exception&) {}
}

void BrokerLink::disconnect() {
    if (std::exchange(inside_->leaving, true)) return;
    if (!inside_->will.topic.empty()) publish(inside_->will);
}

void BrokerLink::listen() {
    try {
        for (const std::string& filter : inside_->filters)
            if (!filter.empty() && connected()) inside_->client.subscribe(filter, 0);
    } catch (const mqtt::exception&) {}
}

std::uint64_t BrokerLink::connects() const { return inside_->connects; }
bool BrokerLink::connected() const { return inside_->client.is_connected(); }

std::vector<ReceivedMessage> BrokerLink::take() {
    const std::lock_guard lock(inside_->mutex);
    return std::exchange(inside_->box, {});
}

void BrokerLink::publish(const SentMessage& message) {
    try {
        if (!inside_->client.is_connected()) return;
        inside_->last_published =
            inside_->client.publish(message.topic, message.payload.data(), message.payload.size(), 0, message.retained);
    } catch (const mqtt::exception&) {}
}

}  // namespace volt::sim
