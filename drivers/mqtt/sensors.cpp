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

/// Returns true for °F, by the message next to the field or around it (Tasmota: `TempUnit`), else by the configuration.
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

void note_success(SourceHealth& health, Time at) {
    health.last_success = at;
    health.ever_succeeded = true;
    ++health.successes;
    health.consecutive_failures = 0;
    health.last_error.clear();
}

void note_failure(SourceHealth& health, std::string error) {
    ++health.failures;
    ++health.consecutive_failures;
    health.last_error = std::move(error);
}

SourceHealth judged(SourceHealth health, Duration stale_after, Time now) {
    const bool old = !health.ever_succeeded || now - health.last_success > stale_after;
    health.state = health.consecutive_failures > 0 ? SourceState::failing : old ? SourceState::stale : SourceState::ok;
    return health;
}

/// Returns the printable start of a payload, enough to recognize it.
std::string excerpt(const std::string& payload) {
    std::string text = payload.substr(0, 40);
    for (char& c : text) {
        if (c < ' ' || c > '~') c = '?';
    }
    return text;
}

}  // namespace

Sensors::Sensors(std::vector<SensorConfig> configs, std::optional<WeatherConfig> weather, Bus& bus,
                 const std::set<std::string>& gateways)
    : weather_(std::move(weather)) {
    std::vector<std::string> filters;
    weather_health_.name = "weather";
    for (SensorConfig& config : configs) {
        Sensor sensor{std::move(config), {}, {}};
        sensor.health.name = "sensor." + sensor.config.id;
        filters.push_back(sensor.config.topic);
        sensors_.push_back(std::move(sensor));
    }
    if (weather_) filters.push_back(weather_->topic);
    for (const std::string& base : gateways) {
        const auto is_behind = [&base](const Sensor& sensor) { return sensor.config.topic.starts_with(base + "/"); };
        if (std::none_of(sensors_.begin(), sensors_.end(), is_behind)) continue;
        gateways_.push_back({base + "/", {}});
        filters.push_back(base + "/bridge/state");
    }
    bus.subscribe(filters);
}

void Sensors::receive(const Received& message) {
    for (Gateway& gateway : gateways_) {
        const bool online = !message.retained && message.payload.find("online") != std::string::npos;
        if (online && message.topic == gateway.prefix + "bridge/state") gateway.start = message.at;
    }
    if (is_stored_value(message)) return;
    for (Sensor& sensor : sensors_) {
        if (sensor.config.topic == message.topic) receive(sensor, message);
    }
    if (weather_ && weather_->topic == message.topic) receive_weather(message);
}

/// Returns true for a value that a gateway stored. Otherwise a dead sensor's last value would look fresh at each start of the
/// gateway.
bool Sensors::is_stored_value(const Received& message) const {
    return std::any_of(gateways_.begin(), gateways_.end(), [&message](const Gateway& gateway) {
        return gateway.start && message.at - *gateway.start < gateway_start_lasts && message.topic.starts_with(gateway.prefix);
    });
}

void Sensors::receive(Sensor& sensor, const Received& message) {
    if (message.retained) return;  // its age is unknown: a dead sensor's last value would look fresh at each reconnect
    const auto text = field_text(message.payload, sensor.config.field);
    const bool no_data = text && is_no_data(*text);
    const auto celsius = text ? celsius_of(*text, is_fahrenheit(sensor.config, message.payload)) : std::nullopt;
    if (!celsius && !no_data) return note_failure(sensor.health, "no temperature in: " + excerpt(message.payload));
    sensor.sample = {celsius, message.at, true};
    note_success(sensor.health, message.at);
}

void Sensors::receive_weather(const Received& message) {
    const auto text = field_text(message.payload, weather_->field);
    if (!text) return note_failure(weather_health_, "no weather in: " + excerpt(message.payload));
    note_success(weather_health_, message.at);
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
    all.reserve(sensors_.size() + 1);
    for (const Sensor& sensor : sensors_) all.push_back(judged(sensor.health, sensor.config.stale_after, now));
    if (weather_) all.push_back(judged(weather_health_, weather_->stale_after, now));
    return all;
}

}  // namespace volt
