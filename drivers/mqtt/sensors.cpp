#include "drivers/mqtt/sensors.hpp"

#include <algorithm>
#include <utility>

#include "drivers/mqtt/payload.hpp"

namespace volt {
namespace {

constexpr double most_degrees = 1000;  ///< a larger number is not a temperature

bool is_no_data(std::string_view text) {
    for (const char* word : {"", "null", "unknown", "unavailable", "none"}) {
        if (same_text(text, word)) return true;
    }
    return false;
}

std::optional<Celsius> celsius_of(std::string_view text, bool fahrenheit) {
    const auto degrees = number_of(text);
    if (!degrees || *degrees < -most_degrees || *degrees > most_degrees) return std::nullopt;
    return Celsius{rounded((fahrenheit ? (*degrees - 32) * 5 / 9 : *degrees) * 10)};
}

const std::string gateway = "zigbee2mqtt/";
const std::string gateway_state = gateway + "bridge/state";

/// By the message itself, beside the field or around it (Tasmota: `TempUnit`), else by the configuration.
bool is_fahrenheit(const SensorConfig& config, const std::string& payload) {
    std::string field = config.field;
    while (!field.empty()) {
        const std::size_t dot = field.rfind('.');
        field.resize(dot == std::string::npos ? 0 : dot);
        const auto unit = field_text(payload, field.empty() ? "TempUnit" : field + ".TempUnit");
        if (unit && (same_text(*unit, "F") || same_text(*unit, "C"))) return same_text(*unit, "F");
    }
    return config.fahrenheit;
}

/// The printable start of a payload, enough to recognize it.
std::string excerpt(const std::string& payload) {
    std::string text = payload.substr(0, 40);
    for (char& c : text) {
        if (c < ' ' || c > '~') c = '?';
    }
    return text;
}

}  // namespace

Sensors::Sensors(std::vector<SensorConfig> configs, std::optional<WeatherConfig> weather, Bus& bus)
    : weather_(std::move(weather)) {
    std::vector<std::string> filters;
    for (SensorConfig& config : configs) {
        Sensor sensor{std::move(config), {}, {}};
        sensor.health.name = "sensor." + sensor.config.id;
        filters.push_back(sensor.config.topic);
        sensors_.push_back(std::move(sensor));
    }
    if (weather_) filters.push_back(weather_->topic);
    const bool behind_gateway = std::any_of(sensors_.begin(), sensors_.end(),
                                            [](const Sensor& sensor) { return sensor.config.topic.starts_with(gateway); });
    if (behind_gateway) filters.push_back(gateway_state);
    bus.subscribe(filters);
}

void Sensors::receive(const Received& message) {
    if (message.topic == gateway_state && !message.retained && message.payload.find("online") != std::string::npos)
        gateway_start_ = message.at;
    if (is_stored_value(message)) return;
    for (Sensor& sensor : sensors_) {
        if (sensor.config.topic == message.topic) receive(sensor, message);
    }
    if (weather_ && weather_->topic == message.topic) receive_weather(message);
}

/// Otherwise a dead sensor's last value would look fresh at each start of the gateway.
bool Sensors::is_stored_value(const Received& message) const {
    return gateway_start_ && message.at - *gateway_start_ < gateway_start_lasts && message.topic.starts_with(gateway);
}

void Sensors::receive(Sensor& sensor, const Received& message) {
    if (message.retained) return;  // its age is unknown: a dead sensor's last value would look fresh at each reconnect
    const auto text = field_text(message.payload, sensor.config.field);
    const bool no_data = text && is_no_data(*text);
    const auto celsius = text ? celsius_of(*text, is_fahrenheit(sensor.config, message.payload)) : std::nullopt;
    SourceHealth& health = sensor.health;
    if (!celsius && !no_data) {
        ++health.failures;
        ++health.consecutive_failures;
        health.last_error = "no temperature in: " + excerpt(message.payload);
        return;
    }
    sensor.sample = {celsius, message.at, true};
    health.last_success = message.at;
    health.ever_succeeded = true;
    ++health.successes;
    health.consecutive_failures = 0;
    health.last_error.clear();
}

void Sensors::receive_weather(const Received& message) {
    const auto text = field_text(message.payload, weather_->field);
    if (!text) return;
    if (is_no_data(*text)) {
        sunny_ = {std::nullopt, message.at, true};
        return;
    }
    const auto& words = weather_->sunny_when;
    const bool sunny = std::any_of(words.begin(), words.end(), [&](const auto& word) { return same_text(word, *text); });
    sunny_ = {sunny, message.at, true};
}

std::vector<Sample<Celsius>> Sensors::temperatures() const {
    std::vector<Sample<Celsius>> samples;
    samples.reserve(sensors_.size());
    for (const Sensor& sensor : sensors_) samples.push_back(sensor.sample);
    return samples;
}

std::vector<SourceHealth> Sensors::health(Time now) const {
    std::vector<SourceHealth> all;
    all.reserve(sensors_.size());
    for (const Sensor& sensor : sensors_) {
        SourceHealth health = sensor.health;
        const bool old = !health.ever_succeeded || now - health.last_success > sensor.config.stale_after;
        health.state = health.consecutive_failures > 0 ? SourceState::failing : old ? SourceState::stale : SourceState::ok;
        all.push_back(std::move(health));
    }
    return all;
}

}  // namespace volt
