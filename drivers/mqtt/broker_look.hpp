// Examines the site's broker once as a guest with its own id: no last will, nothing retained, no order to any output. Reports the
// permissions of voltd's account and the devices that respond. For diagnosis (`voltctl doctor`).
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
    std::vector<OutputConfig> outputs;  ///< outputs to query for their state
    Duration listen = 4s;               ///< time to wait for their answers
    std::string discovery{};            ///< prefix of Home Assistant's discovery topics, or empty to skip them
    bool for_voltd = false;             ///< also listens for a voltd of this site, for the whole time or until it responds
};

struct BrokerLook {
    bool connected = false;
    bool login_refused = false;
    std::string why;                    ///< reason if not connected
    int version = 5;                    ///< protocol version of the broker: 5 | 3
    std::optional<Duration> echo;       ///< round trip of a message on `<root>/doctor`, or empty if it did not come back
    std::vector<std::string> denied;    ///< topics and filters that the broker refused
    bool site_online = false;           ///< `<root>/status` reports online
    bool voltd_heard = false;           ///< a voltd of this site tested its connection meanwhile, as it does every 3 s
    std::vector<OutputReport> reports;  ///< aligned with the outputs
    std::vector<std::string> shared;    ///< aligned with the outputs: reason to think that two devices share the topic, or empty
    std::vector<RetainedCommand> retained;
    std::map<std::string, std::string>
        discovery;  ///< retained messages of this site for Home Assistant: topic, payload; at most 1024
};

/// Examines the broker. Blocks under 20 s: it connects (twice if the broker does not support MQTT 5) and listens.
BrokerLook look_at_broker(const BrokerConfig& config, const BrokerLookOptions& options);

/// Returns true if the broker accepts a client without a user name. Blocks under 20 s.
bool takes_anyone(const BrokerConfig& config);

}  // namespace volt
