// Client: one paho client for one connection, and the answers to the library's traps. The library waits in places (for its
// one lock, which it holds while it looks up a name; for a farewell): it is called on the courier's thread alone, in the
// order of the calls here, none of which waits. Its callbacks only fill the Inbox. A client is not used again after its
// connection: the library would send what was under way once more on the next one (seen: 50 commands, 20 s late).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "drivers/mqtt/access.hpp"
#include "drivers/mqtt/config.hpp"
#include "drivers/mqtt/inbox.hpp"
#include "drivers/task_thread.hpp"

namespace volt {

/// What the broker publishes for us when we vanish.
struct Will {
    std::string topic;
    std::string payload;
};

/// Waits of one try to connect.
struct ConnectTimes {
    Duration keys = 4s;  ///< for the password's file and the name server
    Duration connect = 4s;
    Duration keepalive = 10s;
};

/// Loop thread only. The functions that return false did nothing: the courier has no room, or no thread.
class Client {
public:
    /// `courier`: one for all clients that follow each other, since one must be gone before the next is made. What comes on
    /// the topic `echo` wakes nobody.
    Client(std::shared_ptr<TaskThread> courier, const BrokerConfig& config, Will will, std::string echo,
           std::function<void()> wake);
    /// Ends without a message to the broker, in the background; no more events follow.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Starts to connect; `connected` or `connect_failed` comes as an event.
    bool connect(std::shared_ptr<Access> access, ConnectTimes times);
    /// Publishes `payload` on the will's own topic and leaves, at most half a second for each, in the background.
    void farewell(const std::string& payload);

    bool publish(const std::string& topic, const std::string& payload, PublishAs as);
    /// On `echo`, QoS 1; its acknowledgement comes as `echo_acked`.
    bool publish_echo(const std::string& payload);
    bool subscribe(const std::string& filter);
    bool unsubscribe(const std::string& filter);
    /// Messages handed over and not yet acknowledged (QoS 1) or written (QoS 0).
    int in_flight() const;
    /// Messages since the last call that were taken here and not by the library: refused, or too old when it came to them.
    std::uint64_t take_unsent();
    Inbox::Content take();

    static constexpr std::size_t most_tasks = 8192;  ///< of a courier
    static constexpr Duration oldest_command = 2s;   ///< one that had to wait longer for the courier is not sent any more

private:
    struct Session;
    bool send(std::function<void(Session&)> call);

    std::shared_ptr<TaskThread> courier_;
    std::shared_ptr<Session> session_;
    Will will_;
    std::string echo_;
    bool said_farewell_ = false;
};

/// Where the trust store is when none is configured.
inline constexpr const char* default_ca_file = "/etc/ssl/certs/ca-certificates.crt";

}  // namespace volt
