// The broker, sensors and weather as written in voltd.yaml. Plain data; checked by daemon/config.
#pragma once

#include <string>
#include <vector>

#include "rules/policy.hpp"

namespace volt {

struct BrokerConfig {
    std::string host = "127.0.0.1";
    int port = 1883;
    bool tls = false;
    std::string client_id;
    int version = 5;  ///< 5 | 3 (3.1.1)
    std::string username;
    std::string password_file;  ///< or the systemd credential with the same file name
    std::string ca_file;
    bool operator==(const BrokerConfig&) const = default;
};

/// A temperature from an MQTT topic.
struct SensorConfig {
    std::string id;
    std::string topic;
    std::string field;  ///< JSON field, or empty for the payload itself
    TemperatureRole role = TemperatureRole::room;
    Duration stale_after = 600s;
    bool fahrenheit = false;  ///< the number is in °F; `TempUnit` in the message overrides this
    bool operator==(const SensorConfig&) const = default;
};

struct WeatherConfig {
    std::string topic;
    std::string field;
    std::vector<std::string> sunny_when = {"sunny", "clear", "on"};
    Duration stale_after = 10800s;
    bool operator==(const WeatherConfig&) const = default;
};

/// `home_assistant`: discovery for Home Assistant over the broker.
struct HomeAssistantConfig {
    bool discovery = false;
    std::string prefix = "homeassistant";  ///< prefix of Home Assistant's discovery topics
    bool commands = true;                  ///< lets Home Assistant set mode and overrides
    bool operator==(const HomeAssistantConfig&) const = default;
};

}  // namespace volt
