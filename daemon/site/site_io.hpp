// SiteIo: MQTT side of the site as a turn of the loop uses it. MqttSiteIo is the real one; tests have their own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/explain/topics.hpp"
#include "daemon/site/override_request.hpp"
#include "daemon/site/snapshot_builder.hpp"
#include "daemon/site/system_alarms.hpp"
#include "drivers/mqtt/discovery.hpp"
#include "drivers/output.hpp"
#include "drivers/source.hpp"

namespace volt {

/// An override or mode requested on an MQTT command topic.
struct OutsideCommand {
    enum class What : std::uint8_t { override_, mode };
    What what = What::override_;
    OverrideRequest request;  ///< for `override_`, with the index resolved
    SiteMode mode = SiteMode::balanced;
    NamedOverride named;  ///< for `override_`, by name, in case it must wait for another policy
    std::string subject;  ///< slug, for the log
};

/// Use on the loop thread only. No call blocks.
class SiteIo {
public:
    virtual ~SiteIo() = default;
    /// Processes received messages, answers commands and reconnects. Call at each wake and at least once a tick.
    virtual void turn(Time now) = 0;
    virtual Outputs& outputs() = 0;
    /// Returns the topics of each output, for sentences.
    virtual std::vector<OutputTopics> output_topics() const { return {}; }
    virtual SensorSamples temperatures() const = 0;
    virtual Sample<bool> sunny() const = 0;
    /// Returns the health of `sensor.<id>` and `mqtt`.
    virtual std::vector<SourceHealth> health(Time now) const = 0;
    /// Returns what devices rejected or tripped on since the last call: output id and the device's message.
    virtual std::vector<std::pair<std::string, std::string>> take_device_problems() { return {}; }
    /// Returns the active alarms of this side.
    virtual std::vector<SystemAlarm> alarms() const = 0;
    /// Returns the commands since the last call, with names resolved against `policy`. Answers and drops invalid ones and, if the
    /// clock is trusted, old ones.
    virtual std::vector<OutsideCommand> take_commands(const Policy& policy, const Moment& moment) = 0;
    /// Returns true if commands wait for take_commands().
    virtual bool has_commands() const = 0;
    /// Publishes the current state and alarms. Clears topics that are no longer listed.
    virtual void publish(const std::vector<Topic>& topics, const std::map<std::string, std::string>& alarms) = 0;
    /// Returns the loads shown to Home Assistant, or null if there is no broker.
    virtual Discovery* discovery() { return nullptr; }
    virtual void publish_event(const std::string& json) = 0;
};

}  // namespace volt
