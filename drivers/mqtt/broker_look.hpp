// One look at the site's broker as a guest with an id of its own: no last will, nothing retained, no order to any output. Says what
// the broker lets voltd's account do and which devices answer. For people who ask what is wrong (`voltctl doctor`).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "drivers/mqtt/broker_config.hpp"
#include "drivers/mqtt/outputs.hpp"
#include "drivers/output.hpp"

namespace volt {

struct BrokerLookOptions {
    std::string root;                   ///< `voltd/<site>`
    std::vector<OutputConfig> outputs;  ///< asked for their state
    Duration listen = 4s;               ///< for their answers
    std::string discovery{};            ///< prefix of Home Assistant's discovery topics; empty: they are not collected
    bool for_voltd = false;             ///< also listens for a voltd of this site, for all of that time until one answers
};

struct BrokerLook {
    bool connected = false;
    bool login_refused = false;
    std::string why;                    ///< not connected
    int version = 5;                    ///< that it speaks: 5 | 3
    std::optional<Duration> echo;       ///< of a message on `<root>/doctor`, there and back; empty: it did not come
    std::vector<std::string> denied;    ///< topics and filters that it refused
    bool site_online = false;           ///< `<root>/status` says online
    bool voltd_heard = false;           ///< a voltd of this site tested its connection meanwhile, which it does every 3 s
    std::vector<OutputReport> reports;  ///< aligned with the outputs
    std::vector<RetainedCommand> retained;
    std::map<std::string, std::string>
        discovery;  ///< retained messages of this site for Home Assistant: topic, payload; at most 1024
};

/// Blocks: while it connects (twice where the broker does not know MQTT 5) and listens, under 20 s.
BrokerLook look_at_broker(const BrokerConfig& config, const BrokerLookOptions& options);

/// Returns true if the broker lets in a client that sends no user name. Blocks under 20 s.
bool takes_anyone(const BrokerConfig& config);

}  // namespace volt
