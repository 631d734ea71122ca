// Inbox: the only object that callbacks of the MQTT library may touch. Bounded; wakes the loop; never throws.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "drivers/mqtt/bus.hpp"

namespace volt {

/// An event of the connection.
struct LinkEvent {
    enum class Kind : std::uint8_t {
        connected,
        connect_failed,
        lost,
        taken_over,
        echo_acked,
        denied,       ///< the broker refused a topic or filter
        not_heard,    ///< a SUBSCRIBE did not reach the broker
        heard_again,  ///< a filter that was denied or not heard is now subscribed
    };
    Kind kind{};
    std::string text;   ///< for people; the topic or filter for the last three kinds
    bool auth = false;  ///< the broker rejected the login
    Time at{};
};

/// Queue from the library's threads to the loop.
class Inbox {
public:
    struct Content {
        std::vector<Received> messages;
        std::vector<LinkEvent> events;
        std::uint64_t dropped = 0;  ///< messages since the last take that were too big or too many
    };
    static constexpr std::size_t most_messages = 4096;
    static constexpr std::size_t most_bytes = 4 * 1024 * 1024;
    static constexpr std::size_t most_events = 256;

    /// Makes an inbox. Messages next to `echo` (commands below the same root) and awaited ones wake the loop, and so does every
    /// message once the queue is half full. The next turn handles all others, including the echo and its acknowledgement. Without
    /// an echo every message wakes.
    explicit Inbox(std::function<void()> wake, std::string echo = {}) : wake_(std::move(wake)), echo_(std::move(echo)) {}

    /// Adds a message, from any thread. A message that does not fit is dropped and counted.
    void put(const std::string& topic, const std::string& payload, bool retained) noexcept;
    /// Adds an event, from any thread. Events about single topics are dropped first; space is reserved for events about the
    /// connection.
    void put(LinkEvent event) noexcept;
    Content take();
    /// Wakes the loop for every message until then: an answer is awaited.
    void await_until(Time until);
    /// Sets the largest payload that is kept from now on.
    void accept_payloads(std::size_t most);
    /// Stops queueing messages and waking the loop.
    void close();

private:
    bool wakes(const Received& message) const;

    std::mutex mutex_;
    std::function<void()> wake_;
    std::string echo_;
    Time awaited_until_{};
    bool closed_ = false;
    std::size_t bytes_ = 0, most_payload_ = most_payload_bytes;
    Content content_;
};

}  // namespace volt
