// Temperatures and weather from topics, made into samples. Judging them is for the rules.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/mqtt/bus.hpp"
#include "drivers/mqtt/config.hpp"
#include "drivers/source.hpp"

namespace volt {

/// Loop thread only. A retained temperature is not taken: its age is not told. Nor is what Zigbee2MQTT says in the first
/// seconds after its own start: that is its memory. Retained weather counts from its arrival.
class Sensors {
public:
    Sensors(std::vector<SensorConfig> configs, std::optional<WeatherConfig> weather, Bus& bus);

    void receive(const Received& message);

    /// Aligned with the configuration, steps of 0.1 K. `null`, `unknown` and `unavailable` are "no data"; what is no
    /// number at all changes nothing and counts as a failure.
    std::vector<Sample<Celsius>> temperatures() const;
    /// Never set if no weather is configured.
    const Sample<bool>& sunny() const { return sunny_; }
    /// `sensor.<id>`, aligned with the configuration.
    std::vector<SourceHealth> health(Time now) const;

private:
    struct Sensor {
        SensorConfig config;
        Sample<Celsius> sample;
        SourceHealth health;
    };

    static void hear(Sensor& sensor, const Received& message);
    void hear_weather(const Received& message);
    bool is_memory(const Received& message) const;

    static constexpr Duration gateway_memory = 10s;

    std::vector<Sensor> sensors_;
    std::optional<WeatherConfig> weather_;
    Sample<bool> sunny_;
    std::optional<Time> gateway_start_;
};

}  // namespace volt
