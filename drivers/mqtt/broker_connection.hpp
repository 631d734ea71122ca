// BrokerConnection: the only connection to the broker. Reconnects by itself, resubscribes, queues nothing, and watches for its
// own echo, because a hung broker accepts everything and delivers nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/mqtt/broker_config.hpp"
#include "drivers/mqtt/bus.hpp"
#include "drivers/mqtt/client.hpp"
#include "drivers/source.hpp"

namespace volt {

/// Time limits of the connection. Only tests change them.
struct LinkTimes {
    Duration keys = 4s;        ///< for the password file and the name server
    Duration connect = 4s;     ///< the library takes up to 1.5 times this
    Duration keepalive = 10s;  ///< the broker uses it for the last will; voltd itself relies on the echo
    Duration echo_every = 3s;
    Duration echo_overdue = 3s;  ///< after this, sending stops
    Duration echo_dead = 7s;     ///< after this, the connection is closed
    Duration gap_first = 1s;     ///< between tries; doubles
    Duration gap_most = 30s;
    Duration gap_refused = 30s;  ///< after a refused password
    Duration gap_twin = 10s;     ///< after another client took voltd's id
    Duration sound_after = 30s;  ///< a connection that lasted this long resets the gaps
    Duration again_first = 1s;   ///< delay until a missing subscription is tried again; doubles
    Duration again_most = 60s;
};

/// Fault of the connection that the owner can fix.
enum class LinkFault : std::uint8_t { none, unreachable, auth, hung, client_id_in_use, topic_denied };

struct LinkHealth {
    SourceHealth source;  ///< as `source/mqtt`; the round trip is that of the echo
    LinkFault fault = LinkFault::unreachable;
    std::vector<std::string> denied;   ///< topics and filters that the broker refuses, at most 32
    std::vector<std::string> unheard;  ///< filters whose subscription failed and is retried, at most 32
    std::uint64_t connects = 0, losses = 0;
    std::uint64_t dropped = 0;  ///< received messages that were too big or too many
    std::uint64_t refused = 0;  ///< publishes that were not accepted, including while the broker was offline
};

/// The connection. For the loop thread only; never blocks. Call `turn` at each wake and at least once a second. Other threads
/// call `wake`.
class BrokerConnection : public Bus {
public:
    /// Parts that outlive a connection: the thread that calls the library, shared by consecutive connections, and password and
    /// address of this broker. Null members are created.
    struct Kept {
        std::shared_ptr<TaskThread> courier;
        std::shared_ptr<BrokerAccess> access;
    };

    /// Connects at the first turn. `root` is `voltd/<site>`: status and echo are published below it. Reads the password at that
    /// time, and again after the broker refused it.
    BrokerConnection(BrokerConfig config, std::string root, std::function<void()> wake, LinkTimes times = {}, Kept kept = {});
    /// Closes the connection. Without disconnect() first, the broker publishes the last will.
    ~BrokerConnection() override;

    void turn(Time now);
    /// Returns messages since the last call, in order of arrival, without the connection's own echo.
    std::vector<Received> take();
    /// Ends cleanly, in the background: publishes `offline`, then closes the connection for good. A new connection with the same
    /// courier connects after that.
    void disconnect();
    /// Calls disconnect() and waits for it, under 2 s even while connecting. Not allowed while the loop runs.
    void stop();
    const Kept& kept() const { return kept_; }
    /// Publishes on `status` that voltd is online, as at each connect.
    void publish_online() { publish(root_ + "/status", "online", {.retained = true}); }
    /// Hand the connection to new users, with a new `up_since`. Filters that are not subscribed again between these two calls are
    /// unsubscribed.
    void begin_handover();
    void end_handover();

    bool up() const override { return state_ == State::connected && !overdue_ && !stopped_; }
    Time up_since() const override { return up_since_; }
    bool publish(const std::string& topic, const std::string& payload, PublishAs as) override;
    void subscribe(const std::vector<std::string>& filters) override;
    void subscribe_commands(const std::vector<std::string>& filters) override;
    void unsubscribe(const std::vector<std::string>& filters) override;
    std::size_t most_packet() const override;

    LinkHealth health() const;

    static constexpr std::size_t most_filters = 2048;
    static constexpr Duration answer_within = 1s;  ///< for an awaited message; the next turn sees a later one
    static constexpr std::size_t most_denied = 32;
    static constexpr int most_in_flight = 1000;  ///< beyond it state topics are refused; twice as many commands are allowed

private:
    enum class State : std::uint8_t { waiting, connecting, connected };

    void handle(const LinkEvent& event);
    void connected(Time at);
    void go_offline(const std::string& why, LinkFault fault, Duration least_gap);
    void lost(const std::string& why);
    void taken_over(const LinkEvent& event);
    void denied(const std::string& topic);
    void try_connect();
    void not_connected(const LinkEvent& event);
    void subscribe_all();
    void subscribe_one(const std::string& filter);
    void missed(const std::string& filter);
    void not_heard(const std::string& filter);
    void heard_again(const std::string& filter);
    void subscribe_missed();
    bool receive_echo(const Received& message);
    void answered(Time at);
    void watch_echo();
    void send_echo();
    void watch_try();

    BrokerConfig config_;
    std::string root_;
    std::function<void()> wake_;
    LinkTimes times_;
    Kept kept_;
    std::unique_ptr<Client> client_;                  ///< client of the current try or connection
    std::set<std::string> filters_, filters_before_;  ///< the earlier filters are used between begin_ and end_handover()
    std::set<std::string> commands_;                  ///< filters that keep the mark of a retained message
    std::set<std::string> missed_;                    ///< filters to subscribe again, all at `again_at_`
    Time again_at_{};
    Duration again_gap_{};
    std::vector<Received> pending_;

    State state_ = State::waiting;
    bool stopped_ = false;
    bool stuck_ = false;  ///< the library has not answered this try for a long time
    Time now_{};
    Time up_since_{}, connected_at_{}, next_try_{}, tried_at_{};
    Duration gap_{};
    int short_lives_ = 0;  ///< consecutive connections that were lost at once

    std::uint64_t echo_number_ = 0;
    std::optional<Time> echo_sent_;  ///< unanswered echo
    Time echo_last_sent_{};
    bool overdue_ = false;
    int unseen_echoes_ = 0;  ///< consecutive echoes that were acknowledged but not delivered to voltd

    LinkHealth health_;
};

const char* name_of(LinkFault fault);

}  // namespace volt
