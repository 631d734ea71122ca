// MqttSiteIo: SiteIo over a real broker. Combines connection, outputs, sensors, publisher and commands.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "daemon/config/config.hpp"
#include "daemon/site/site_io.hpp"
#include "drivers/mqtt/broker_connection.hpp"
#include "drivers/mqtt/commands.hpp"
#include "drivers/mqtt/discovery.hpp"
#include "drivers/mqtt/outputs.hpp"
#include "drivers/mqtt/publisher.hpp"
#include "drivers/mqtt/rival.hpp"
#include "drivers/mqtt/sensors.hpp"
#include "drivers/mqtt/shared_topics.hpp"

namespace volt {

class MqttSiteIo final : public SiteIo {
public:
    /// The library's threads call `wake` when input has arrived. `controller` identifies this voltd to others on the same site.
    MqttSiteIo(const Config& config, std::function<void()> wake, LinkTimes times = {}, BrokerConnection::Kept kept = {},
               std::string controller = {});
    /// Takes over the connection that another SiteIo gave up: same broker, other outputs.
    MqttSiteIo(const Config& config, std::unique_ptr<BrokerConnection> link, std::string controller = {});
    /// Hands the connection to the next SiteIo. This object must not be used afterwards. `withdraw`: clears what Home Assistant
    /// was shown, because the next SiteIo does not know about it.
    std::unique_ptr<BrokerConnection> give_link(bool withdraw);
    /// Publishes `offline` and disconnects in the background. stop() waits for it, less than 2 s.
    void leave() { link_->disconnect(); }
    void stop() { link_->stop(); }
    const BrokerConnection::Kept& kept() const { return link_->kept(); }

    void set_live(bool live) { outputs_.set_live(live); }

    void turn(Time now) override;
    Outputs& outputs() override { return outputs_; }
    std::vector<std::pair<std::string, std::string>> take_device_problems() override;
    std::vector<OutputTopics> output_topics() const override;
    SensorSamples temperatures() const override;
    Sample<bool> sunny() const override { return sensors_.sunny(); }
    std::vector<SourceHealth> health(Time now) const override;
    std::vector<SystemAlarm> alarms() const override;
    std::vector<OutsideCommand> take_commands(const Policy& policy, const Moment& moment) override;
    bool has_commands() const override { return commands_.waits(); }
    void publish(const std::vector<Topic>& topics, const std::map<std::string, std::string>& alarms) override;
    Discovery* discovery() override { return &discovery_; }
    void publish_event(const std::string& json) override { publisher_.publish_event(json); }

private:
    struct Names {
        std::vector<std::string> sensors, outputs;  ///< ids, in the order of the file
        std::string broker_remedy;                  ///< while the broker cannot be reached
    } names_;
    std::unique_ptr<BrokerConnection> link_;
    SharedTopics shared_;
    MqttOutputs outputs_;
    Sensors sensors_;
    Publisher publisher_;
    Commands commands_;
    Discovery discovery_;
    Rival rival_;
    struct Retained {
        std::vector<std::string> topics;  ///< own command topics with a retained message; at most one entry per topic
        Time until{};
    } retained_;
    Time now_{};
    std::vector<std::string> published_;  ///< suffixes, topics before alarms; those no longer named are cleared
};

}  // namespace volt
