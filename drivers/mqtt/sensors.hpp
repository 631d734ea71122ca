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

/// Receives temperatures and weather. For the loop thread only. Ignores retained temperatures, whose age is unknown, and messages
/// of Zigbee2MQTT in the first seconds after its start, which are stored values. Retained weather counts from its arrival.
class Sensors {
public:
    /// Subscribes. `gateways`: base topics of Zigbee2MQTT.
    Sensors(std::vector<SensorConfig> configs, std::optional<WeatherConfig> weather, Bus& bus,
            const std::set<std::string>& gateways = {"zigbee2mqtt"});

    void receive(const Received& message);

    /// Returns temperatures in steps of 0.1 K, aligned with the configuration. `null`, `unknown` and `unavailable` are "no data";
    /// any other text that is not a number changes nothing and counts as a failure.
    std::vector<Sample<Celsius>> temperatures() const;
    /// Returns the weather, never set if none is configured.
    const Sample<bool>& sunny() const { return sunny_; }
    /// Returns the health as `sensor.<id>`, aligned with the configuration, followed by `weather` if one is configured.
    std::vector<SourceHealth> health(Time now) const;

private:
    struct Sensor {
        SensorConfig config;
        Sample<Celsius> sample;
        SourceHealth health;
    };

    struct Gateway {
        std::string prefix;           ///< prefix of its topics, including the slash
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
