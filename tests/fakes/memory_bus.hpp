// A bus without a broker that remembers publications and subscriptions.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "drivers/mqtt/bus.hpp"

namespace volt::testing {

class MemoryBus : public Bus {
public:
    struct Sent {
        std::string topic, payload;
        PublishAs as;
    };

    bool up() const override { return is_up; }
    Time up_since() const override { return since; }
    bool publish(const std::string& topic, const std::string& payload, PublishAs as) override {
        if (!is_up || refuse || packet_size(topic, payload) > most) return false;
        sent.push_back({topic, payload, as});
        return true;
    }
    void subscribe(const std::vector<std::string>& more) override {
        ++subscribed;
        for (const auto& filter : more) {
            if (std::find(filters.begin(), filters.end(), filter) == filters.end()) filters.push_back(filter);
        }
    }
    void unsubscribe(const std::vector<std::string>& gone) override {
        for (const auto& filter : gone) std::erase(filters, filter);
    }

    std::size_t most_packet() const override { return most; }

    /// Connects to the broker at `at`.
    void come(Time at) {
        is_up = true;
        since = at;
    }
    std::vector<std::string> payloads(const std::string& topic) const {
        std::vector<std::string> found;
        for (const Sent& message : sent) {
            if (message.topic == topic) found.push_back(message.payload);
        }
        return found;
    }

    bool is_up = false, refuse = false;
    std::size_t most = Bus::most_packet();  ///< maximum bytes of a packet
    Time since{};
    std::vector<Sent> sent;
    std::vector<std::string> filters;  ///< active subscriptions
    int subscribed = 0;                ///< number of calls
};

inline Received received(std::string topic, std::string payload, Time at, bool retained = false) {
    Received message;
    message.topic = std::move(topic);
    message.payload = std::move(payload);
    message.retained = retained;
    message.at = at;
    return message;
}

}  // namespace volt::testing
