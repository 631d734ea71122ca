// One device's own connection to the broker, with its own last will. Everything that comes in waits in a bounded box.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "drivers/sim/device.hpp"

namespace volt::sim {

/// A message as it arrived. A retained one on a command topic is obeyed, as real devices do.
struct Heard {
    std::string topic;
    std::string payload;
};

/// Keeps retrying while the broker is offline; messages in the meantime are dropped.
class BrokerLink {
public:
    /// `broker` is HOST:PORT. An empty `filter` listens to nothing, a will without topic is none.
    BrokerLink(const std::string& broker, const std::string& client_id, std::string filter, const Said& will);
    ~BrokerLink();
    BrokerLink(const BrokerLink&) = delete;
    BrokerLink& operator=(const BrokerLink&) = delete;

    /// Number of connects so far; a change means that devices publish their greeting.
    std::uint64_t connects() const;
    bool connected() const;
    std::vector<Heard> take();
    /// Asks the broker for what matches the filter; a device does so after its greeting, on each connect.
    void listen();
    /// Says the last will without waiting for it to be out; several links leave quicker so.
    void leave();
    /// Sends now or never, QoS 0 as the devices' own libraries do.
    void say(const Said& said);

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace volt::sim
