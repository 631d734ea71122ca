// SiteIo: the MQTT side of the site as a turn of the loop uses it. MqttSiteIo is the real one; tests have their own.
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
    OverrideRequest request;  ///< of `override_`, index resolved
    SiteMode mode = SiteMode::balanced;
    NamedOverride named;  ///< of `override_`, by name: for one that must wait for another policy
    std::string subject;  ///< slug, for the log
};

/// Loop thread only; nothing here blocks.
class SiteIo {
public:
    virtual ~SiteIo() = default;
    /// Processes received messages, answers commands, reconnects. Call at each wake and at least once a tick.
    virtual void turn(Time now) = 0;
    virtual Outputs& outputs() = 0;
    /// Topics of each output, for sentences.
    virtual std::vector<OutputTopics> output_topics() const { return {}; }
    virtual SensorSamples temperatures() const = 0;
    virtual Sample<bool> sunny() const = 0;
    /// `sensor.<id>` and `mqtt`.
    virtual std::vector<SourceHealth> health(Time now) const = 0;
    /// What devices rejected or tripped on since the last call: id of the output, the device's message.
    virtual std::vector<std::pair<std::string, std::string>> take_device_problems() { return {}; }
    /// What is wrong on this side.
    virtual std::vector<SystemAlarm> alarms() const = 0;
    /// Commands since the last call, names resolved against `policy`; wrong ones, and by a trusted clock old ones, are
    /// answered and left out.
    virtual std::vector<OutsideCommand> take_commands(const Policy& policy, const Moment& moment) = 0;
    /// Commands wait for take_commands().
    virtual bool has_commands() const = 0;
    /// Present state and alarms; topics that are no longer listed are cleared.
    virtual void publish(const std::vector<Topic>& topics, const std::map<std::string, std::string>& alarms) = 0;
    /// What Home Assistant is shown of the loads; null: there is no broker.
    virtual Discovery* discovery() { return nullptr; }
    virtual void publish_event(const std::string& json) = 0;
};

}  // namespace volt
