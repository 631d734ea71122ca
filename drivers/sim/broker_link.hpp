// A device's own connection to the broker, with its own last will. Received messages wait in a bounded queue.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "drivers/sim/device.hpp"

namespace volt::sim {

/// A received message. Devices obey a retained one on a command topic, as real ones do.
struct ReceivedMessage {
    std::string topic;
    std::string payload;
};

/// The connection. Retries while the broker is offline, and drops messages in the meantime.
class BrokerLink {
public:
    /// Connects. `broker` is HOST:PORT. An empty filter subscribes to nothing; a will without a topic means no will.
    BrokerLink(const std::string& broker, const std::string& client_id, std::vector<std::string> filters,
               const SentMessage& will);
    ~BrokerLink();
    BrokerLink(const BrokerLink&) = delete;
    BrokerLink& operator=(const BrokerLink&) = delete;

    /// Returns the number of connects so far. Devices publish their greeting after each one.
    std::uint64_t connects() const;
    bool connected() const;
    std::vector<ReceivedMessage> take();
    /// Subscribes to the filters; a device does so after its greeting, on each connect.
    void listen();
    /// Publishes the last will without waiting for it, so that several links can end quickly.
    void disconnect();
    /// Sends now or never, with QoS 0 like the real devices.
    void publish(const SentMessage& message);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace volt::sim
