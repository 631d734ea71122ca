// Bus: what the parts of this folder need of a broker. BrokerConnection is the real one; tests use one that records.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

/// A message with the time at which it arrived, monotonic.
struct Received : Message {
    Time at{};
};

/// How a message is published. A command is never retained.
struct PublishAs {
    bool retained = false;
    bool command = false;       ///< 5 s of expiry and QoS 1 under MQTT 5 (QoS 0 in a burst), else QoS 0
    bool awaited = false;       ///< its answer wakes the loop, for a second
    bool acknowledged = false;  ///< QoS 1 (QoS 0 in a burst) without expiry
};

/// Topics, filters and payloads beyond these are refused and counted, in both directions.
inline constexpr std::size_t most_payload_bytes = 64 * 1024;
inline constexpr std::size_t most_topic_bytes = 512;

/// Bytes of a PUBLISH at most: its head, lengths, packet id and an expiry come to under 20.
inline std::size_t packet_size(const std::string& topic, const std::string& payload) {
    return topic.size() + payload.size() + 20;
}

/// Loop thread only; nothing here blocks.
class Bus {
public:
    virtual ~Bus() = default;
    /// Connected, and the broker answers.
    virtual bool up() const = 0;
    /// When the connection came up; a new value means that messages may have been missed.
    virtual Time up_since() const = 0;
    /// Sends the message now or not at all: false if the broker is offline. Nothing is queued.
    virtual bool publish(const std::string& topic, const std::string& payload, PublishAs as) = 0;
    /// Subscribes now and at each connect. Subscribing a known filter again brings its retained messages again.
    virtual void subscribe(const std::vector<std::string>& filters) = 0;
    /// Subscribes to commands. Under MQTT 5 a message that is published retained keeps its mark, even if it comes live: for commands, which
    /// must not be retained. Never for states, where the mark means that a message is old.
    virtual void subscribe_commands(const std::vector<std::string>& filters) { subscribe(filters); }
    virtual void unsubscribe(const std::vector<std::string>& filters) = 0;
    /// Bytes of the largest packet that the broker accepts, as far as it says; publish() refuses a larger one.
    virtual std::size_t most_packet() const { return std::numeric_limits<std::size_t>::max(); }
};

}  // namespace volt
