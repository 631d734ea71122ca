// A link and outputs on a real broker, turned like the daemon's loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "drivers/mqtt/broker_connection.hpp"
#include "drivers/mqtt/outputs.hpp"
#include "tests/fakes/mosquitto.hpp"
#include "tests/fakes/mqtt_peer.hpp"

namespace volt::testing {

inline BrokerConfig broker_config(int port, int version = 5) {
    BrokerConfig config;
    config.port = port;
    config.client_id = "voltd-shack";
    config.version = version;
    return config;
}

/// Returns the real times, except for the gaps between tries.
inline LinkTimes quick_times() {
    LinkTimes times;
    times.gap_first = 100ms;
    times.gap_most = 500ms;
    times.gap_refused = 300ms;
    return times;
}

class BrokerSite {
public:
    explicit BrokerSite(BrokerConfig config, std::vector<OutputConfig> configs = {}, OutputsOptions options = {},
                        LinkTimes times = quick_times())
        : link(std::move(config), "voltd/shack", {}, times), outputs(configs, link, std::move(options)) {}

    void turn() {
        const Time now = monotonic_now();
        link.turn(now);
        outputs.turn(now);
        for (Received& message : link.take()) {
            outputs.receive(message);
            messages.push_back(std::move(message));
        }
    }
    /// Turns until the condition holds, with a generous limit.
    bool until(const std::function<bool()>& condition, Duration limit = patience) {
        return eventually(
            [&] {
                turn();
                return condition();
            },
            limit);
    }
    bool until_up() {
        return until([this] { return link.up(); });
    }
    /// Turns until its own echo came back on this connection: the broker has accepted the preceding subscriptions.
    bool until_heard() {
        return until([this] { return link.up() && link.health().source.last_success >= link.up_since(); });
    }
    /// Turns for a while in which something must not happen.
    void for_a_while(Duration time) {
        until([] { return false; }, time);
    }

    BrokerConnection link;
    MqttOutputs outputs;
    std::vector<Received> messages;
};

}  // namespace volt::testing
