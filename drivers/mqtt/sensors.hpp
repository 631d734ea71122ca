// Temperatures and weather from topics, as samples. The rules judge them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "drivers/mqtt/broker_config.hpp"
#include "drivers/mqtt/bus.hpp"
#include "drivers/source.hpp"

namespace volt {

/// Loop thread only. Ignores retained temperatures, whose age is unknown, and what Zigbee2MQTT sends in the first seconds
/// after its start, which are stored values. Retained weather counts from its arrival.
class Sensors {
public:
    /// `gateways`: base topics of Zigbee2MQTT.
    Sensors(std::vector<SensorConfig> configs, std::optional<WeatherConfig> weather, Bus& bus,
            const std::set<std::string>& gateways = {"zigbee2mqtt"});

    void receive(const Received& message);

    /// Aligned with the configuration, steps of 0.1 K. `null`, `unknown` and `unavailable` are "no data"; anything
    /// else that is not a number changes nothing and counts as a failure.
    std::vector<Sample<Celsius>> temperatures() const;
    /// Never set if no weather is configured.
    const Sample<bool>& sunny() const { return sunny_; }
    /// `sensor.<id>`, aligned with the configuration; then `weather`, if one is configured.
    std::vector<SourceHealth> health(Time now) const;

private:
    struct Sensor {
        SensorConfig config;
        Sample<Celsius> sample;
        SourceHealth health;
    };

    struct Gateway {
        std::string prefix;           ///< of its topics, with the slash
        std::optional<Time> start{};  ///< last live "online"
    };

    static void receive(Sensor& sensor, const Received& message);
    void receive_weather(const Received& message);
    bool is_stored_value(const Received& message) const;

    static constexpr Duration gateway_start_lasts = 10s;

    std::vector<Sensor> sensors_;
    std::optional<WeatherConfig> weather_;
    SourceHealth weather_health_;
    Sample<bool> sunny_;
    std::vector<Gateway> gateways_;
};

}  // namespace volt
