// Client: one paho client for one connection, and the answers to the library's traps. All waiting has a limit; its
// callbacks only fill the Inbox. A client is not used again after its connection: the library would send what was under
// way once more on the next one (seen: 50 commands, 20 s late).
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "drivers/mqtt/config.hpp"
#include "drivers/mqtt/inbox.hpp"

namespace volt {

/// What the broker publishes for us when we vanish.
struct Will {
    std::string topic;
    std::string payload;
};

/// Loop thread only. The functions that can fail tell why; nothing is none.
class Client {
public:
    using Trouble = std::optional<std::string>;

    /// What comes on the topic `echo` wakes nobody.
    Client(const BrokerConfig& config, Will will, std::string echo, std::function<void()> wake);
    ~Client();  ///< bounded: at most a second, also while connecting
    /// Ends a client on a thread of its own, without a word to the broker; ready when it is gone. The next may only be
    /// made then: the library's ending and beginning do not go together.
    static std::future<void> discard(std::unique_ptr<Client> client);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Starts to connect; `connected` or `connect_failed` comes as an event.
    Trouble connect(const std::string& password, Duration timeout, Duration keepalive);
    /// Publishes the will's own topic and leaves; waits at most half a second for each.
    void farewell(const std::string& payload);

    Trouble publish(const std::string& topic, const std::string& payload, PublishAs as);
    /// On `echo`, QoS 1; its acknowledgement comes as `echo_acked`.
    Trouble publish_echo(const std::string& payload);
    Trouble subscribe(const std::string& filter);
    Trouble unsubscribe(const std::string& filter);
    /// Messages handed over and not yet acknowledged (QoS 1) or written (QoS 0).
    int in_flight() const;
    Inbox::Content take();

private:
    struct Session;
    static std::future<void> remove(std::unique_ptr<Session> session);
    std::unique_ptr<Session> session_;
    Will will_;
    std::string echo_;
};

/// Where the trust store is when none is configured.
inline constexpr const char* default_ca_file = "/etc/ssl/certs/ca-certificates.crt";

}  // namespace volt
