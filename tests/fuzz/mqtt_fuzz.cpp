// MQTT messages of devices and people as arbitrary bytes: every dialect on each of its topics, sensors, weather, and the hub
// behind them. Aborts if a requirement fails.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "drivers/mqtt/outputs.hpp"
#include "drivers/mqtt/payload.hpp"
#include "drivers/mqtt/sensors.hpp"
#include "rules/names.hpp"
#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using volt::testing::MemoryBus;
using volt::testing::received;

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

struct Spoken {
    const char* dialect;
    const char* kind;
    const char* component;
};

constexpr std::array<Spoken, 9> dialects = {{{"tasmota", "relay", ""},
                                             {"shelly-gen1", "relay", ""},
                                             {"shelly-gen2", "relay", ""},
                                             {"zigbee2mqtt", "relay", ""},
                                             {"esphome", "relay", "switch"},
                                             {"esphome", "level", "fan"},
                                             {"esphome", "level", "number"},
                                             {"generic", "relay", ""},
                                             {"generic", "level", ""}}};

OutputConfig config_of(const Spoken& spoken) {
    OutputConfig config;
    config.id = "one";
    config.dialect = parse<DialectName>(spoken.dialect).value();
    config.kind = parse<OutputKind>(spoken.kind).value();
    config.component = parse<EsphomeComponent>(spoken.component);
    config.topic = "dev";
    config.object = "o";
    config.meter = true;
    config.command_topic = "dev/set";
    config.state_topic = "dev/state";
    config.availability_topic = "dev/online";
    config.power_topic = "dev/power";
    config.power_field = "a.0";
    return config;
}

/// Makes a topic from a filter; replaces the wildcard with a word that devices use.
std::string topic_of(const std::string& filter, std::uint8_t choice) {
    constexpr std::array<const char*, 6> words = {"POWER", "RESULT", "STATUS8", "POWER1", "power", "energy"};
    if (filter.back() == '#') return filter.substr(0, filter.size() - 2);
    if (filter.back() != '+') return filter;
    return filter.substr(0, filter.size() - 1) + words[choice % words.size()];
}

void hold(const OutputReport& report, const OutputConfig& config) {
    require(report.level >= 0 && report.level <= config.max_level);
    require(report.state == OutputState::on || report.level == 0);
    require(!report.power.value || (report.power.value->steps >= -1'000'000 && report.power.value->steps <= 1'000'000));
    require(!report.lease_left || (*report.lease_left >= Duration{} && *report.lease_left <= config.lease));
}

void speak(const Spoken& spoken, std::uint8_t choice, const std::string& payload) {
    const OutputConfig config = config_of(spoken);
    MemoryBus bus;
    MqttOutputs outputs({config}, bus, {.clear_retained = true, .on_sent = {}});
    bus.come(1s);
    outputs.turn(1s);
    outputs.send(0, {.on = true, .level = 3, .lease = config.lease});
    const auto filters = make_dialect(config)->subscriptions();
    const std::string topic = topic_of(filters[choice % filters.size()], choice / 16);
    for (const bool retained : {true, false, false}) {
        outputs.receive(received(topic, payload, 2s, retained));
        hold(outputs.reports().at(0), config);
    }
    outputs.turn(60s);
    for (const OutputProblem& problem : outputs.take_problems()) require(problem.text.size() <= 80);
    for (const auto& sent : bus.sent) require(!sent.as.retained || sent.payload.empty());
}

void sense(std::uint8_t choice, const std::string& payload) {
    MemoryBus bus;
    WeatherConfig weather;
    weather.topic = "w";
    weather.field = choice % 2 == 0 ? "" : "state";
    Sensors sensors({{.id = "a", .topic = "a", .field = choice % 2 == 0 ? "" : "t.0.x"}}, weather, bus);
    sensors.receive(received("a", payload, 1s));
    sensors.receive(received("w", payload, 1s));
    const auto sample = sensors.temperatures().at(0);
    require(!sample.value || (sample.value->steps >= -10'000 && sample.value->steps <= 10'000));
    const std::string error = sensors.health(2s).at(0).last_error;
    for (const char c : error) require(c >= ' ' && c <= '~');
}

}  // namespace

/// Chooses by two bytes: the receiver and the topic.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string payload(data + 2, data + size);
    if (data[0] % (dialects.size() + 1) == dialects.size()) {
        sense(data[1], payload);
    } else {
        speak(dialects[data[0] % (dialects.size() + 1)], data[1], payload);
    }
    return 0;
}
