// Bus: interface to a broker for this folder. BrokerConnection is the real one; tests use one that records.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

/// A message with its arrival time, monotonic.
struct Received : Message {
    Time at{};
};

/// Options of a publication. A command is never retained.
struct PublishAs {
    bool retained = false;
    bool command = false;       ///< 5 s of expiry and QoS 1 under MQTT 5 (QoS 0 in a burst), else QoS 0
    bool awaited = false;       ///< the answer wakes the loop, for a second
    bool acknowledged = false;  ///< QoS 1 (QoS 0 in a burst) without expiry
};

/// Limits of topics, filters and payloads in both directions. Larger ones are refused and counted.
inline constexpr std::size_t most_payload_bytes = 64 * 1024;
inline constexpr std::size_t most_topic_bytes = 512;

/// Returns an upper bound of the bytes of a PUBLISH: head, lengths, packet id and expiry take under 20.
inline std::size_t packet_size(const std::string& topic, const std::string& payload) {
    return topic.size() + payload.size() + 20;
}

/// A broker connection. For the loop thread only; nothing here blocks.
class Bus {
public:
    virtual ~Bus() = default;
    /// Returns true if connected and the broker responds.
    virtual bool up() const = 0;
    /// Returns the time when the connection came up. A new value means that messages may have been missed.
    virtual Time up_since() const = 0;
    /// Sends the message now or not at all. Returns false if the broker is offline. Nothing is queued.
    virtual bool publish(const std::string& topic, const std::string& payload, PublishAs as) = 0;
    /// Subscribes now and at each connect. Subscribing to a known filter again delivers its retained messages again.
    virtual void subscribe(const std::vector<std::string>& filters) = 0;
    /// Subscribes to commands. Under MQTT 5 a message that was published as retained keeps its mark even if it arrives live:
    /// commands must not be retained. Not for states, where the mark means that a message is old.
    virtual void subscribe_commands(const std::vector<std::string>& filters) { subscribe(filters); }
    virtual void unsubscribe(const std::vector<std::string>& filters) = 0;
    /// Returns the size in bytes of the largest packet that the broker accepts, if it reports one. publish() refuses larger ones.
    virtual std::size_t most_packet() const { return std::numeric_limits<std::size_t>::max(); }
};

}  // namespace volt
