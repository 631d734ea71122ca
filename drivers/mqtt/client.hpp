// Client: one paho client for one connection. The library may block (on its only lock, which it holds while it resolves a name;
// on disconnect), so it is called only on the courier's thread, in the order of the calls here, none of which blocks. Its
// callbacks only fill the Inbox. A client is not reused after its connection: the library would resend pending messages on the
// next one (observed: 50 commands, 20 s late).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "drivers/mqtt/access.hpp"
#include "drivers/mqtt/broker_config.hpp"
#include "drivers/mqtt/inbox.hpp"
#include "drivers/task_thread.hpp"

namespace volt {

/// Message that the broker publishes when voltd disappears. Without a topic there is none.
struct Will {
    std::string topic;
    std::string payload;
};

/// Time limits of one try to connect.
struct ConnectTimes {
    Duration keys = 4s;  ///< for the password file and the name server
    Duration connect = 4s;
    Duration keepalive = 10s;
};

/// The client. For the loop thread only. A function that returns false did nothing: the courier is full or has no thread.
class Client {
public:
    /// Creates a client. `courier` is shared by consecutive clients, since one must be destroyed before the next is created.
    /// `echo`: see Inbox.
    Client(std::shared_ptr<TaskThread> courier, const BrokerConfig& config, Will will, std::string echo,
           std::function<void()> wake);
    /// Ends without a message to the broker, in the background; no events follow.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Starts to connect; `connected` or `connect_failed` follows as an event.
    bool connect(std::shared_ptr<BrokerAccess> access, ConnectTimes times);
    /// Publishes `payload` on the will's topic and disconnects, at most half a second each, in the background.
    void disconnect(const std::string& payload);

    bool publish(const std::string& topic, const std::string& payload, PublishAs as);
    /// Publishes on `echo` with QoS 1; its acknowledgement follows as `echo_acked`.
    bool publish_echo(const std::string& payload);
    /// Subscribes. `as_published`: see Bus::subscribe_commands. A failure is reported as `not_heard` or `denied`, or by false.
    bool subscribe(const std::string& filter, bool as_published = false);
    bool unsubscribe(const std::string& filter);
    /// Wakes the loop for each message until then.
    void await_until(Time until);
    /// Sets the largest payload that is kept from now on (default 64 kB).
    void accept_payloads(std::size_t most);
    /// Returns the number of messages handed over and not yet acknowledged (QoS 1) or written (QoS 0).
    int in_flight() const;
    /// Returns the number of messages since the last call that were accepted here but not sent: refused by the library, or too
    /// old.
    std::uint64_t take_unsent();
    Inbox::Content take();
    /// Returns the limit that the broker reported at connect, or 0 if none.
    std::uint32_t most_packet() const;

    static constexpr std::size_t most_tasks = 8192;  ///< limit of a courier
    static constexpr Duration oldest_command = 2s;   ///< a command that waited longer for the courier is dropped

private:
    struct Session;
    bool send(std::function<void(Session&)> call);

    std::shared_ptr<TaskThread> courier_;
    std::shared_ptr<Session> session_;
    Will will_;
    std::string echo_;
    bool disconnecting_ = false;
};

/// Trust store used if none is configured.
inline constexpr const char* default_ca_file = "/etc/ssl/certs/ca-certificates.crt";

}  // namespace volt
