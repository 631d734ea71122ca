// One device's own connection to the broker, with its own last will. Received messages wait in a bounded queue.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "drivers/sim/device.hpp"

namespace volt::sim {

/// A message as it arrived. A retained one on a command topic is obeyed, as real devices do.
struct ReceivedMessage {
    std::string topic;
    std::string payload;
};

/// Keeps retrying while the broker is offline; messages in the meantime are dropped.
class BrokerLink {
public:
    /// `broker` is HOST:PORT. An empty filter subscribes to nothing; a will without a topic means no will.
    BrokerLink(const std::string& broker, const std::string& client_id, std::vector<std::string> filters,
               const SentMessage& will);
    ~BrokerLink();
    BrokerLink(const BrokerLink&) = delete;
    BrokerLink& operator=(const BrokerLink&) = delete;

    /// Number of connects so far; after a change, devices publish their greeting.
    std::uint64_t connects() const;
    bool connected() const;
    std::vector<ReceivedMessage> take();
    /// Subscribes to the filters; a device does so after its greeting, on each connect.
    void listen();
    /// Publishes the last will without waiting for it, so that several links can end quickly.
    void disconnect();
    /// Sends now or never, with QoS 0 as the real devices do.
    void publish(const SentMessage& message);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace volt::sim
