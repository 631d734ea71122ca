#include <algorithm>

#include "drivers/mqtt/announce/announced.hpp"
#include "drivers/mqtt/payload.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr int most_channels = 32;

std::string word_in(const json& object, const char* key, const char* fallback) {
    const json* value = member(object, key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : fallback;
}

const json* item(const json* list, std::size_t index) {
    return list != nullptr && list->is_array() && index < list->size() ? &(*list)[index] : nullptr;
}

/// Returns the entries of `rl` that are relays: 2 is a light, 3 a shutter.
std::vector<int> relays_in(const json& config) {
    std::vector<int> channels;
    const json* list = member(config, "rl");
    for (int i = 0; i < most_channels; ++i) {
        const json* one = item(list, static_cast<std::size_t>(i));
        if (one != nullptr && number_in(one) == 1.0) channels.push_back(i + 1);
    }
    return channels;
}

std::string name_in(const json& config, int channel, const std::string& topic) {
    const json* name = item(member(config, "fn"), static_cast<std::size_t>(channel - 1));
    if (name != nullptr && name->is_string() && !name->get_ref<const std::string&>().empty())
        return printable(name->get<std::string>());
    const std::string device = word_in(config, "dn", topic.c_str());
    return printable(channel > 1 ? device + " " + std::to_string(channel) : device);
}

bool has_usual_prefixes(const json& config) {
    const json* list = member(config, "tp");
    return list == nullptr || *list == json::array({"cmnd", "stat", "tele"});
}

OutputConfig wiring_in(const json& config, const std::string& topic, bool metered) {
    OutputConfig wiring;
    wiring.dialect = DialectName::tasmota;
    wiring.topic = topic;
    wiring.meter = metered;
    wiring.full_topic = word_in(config, "ft", wiring.full_topic.c_str());
    const json* states = member(config, "state");
    for (const auto& [index, word] : {std::pair{0, &wiring.state_word_off}, {1, &wiring.state_word_on}}) {
        const json* state = item(states, static_cast<std::size_t>(index));
        if (state != nullptr && state->is_string()) *word = state->get<std::string>();
    }
    return wiring;
}

std::string sensor_topic(const OutputConfig& wiring) {
    std::string topic = wiring.full_topic;
    for (const auto& [token, by] : {std::pair<std::string, std::string>{"%prefix%", "tele"}, {"%topic%", wiring.topic}})
        if (const std::size_t at = topic.find(token); at != std::string::npos) topic.replace(at, token.size(), by);
    return topic + (topic.ends_with('/') ? "" : "/") + "SENSOR";
}

/// Adds each part of the device that measures a temperature: `{"DS18B20":{"Temperature":21.5}}`.
void add_temperatures(const json& parts, const OutputConfig& wiring, Announced& announced) {
    if (!parts.is_object()) return;
    for (const auto& [name, part] : parts.items())
        if (number_in(member(part, "Temperature")))
            announced.sensors.push_back({printable(wiring.topic + " " + name), sensor_topic(wiring), name + ".Temperature"});
}

/// Returns the device's name in a topic of the usual order, or an empty string for any other topic.
std::string device_of(const std::string& topic, const char* prefix, const char* end) {
    const std::vector<std::string> levels = levels_of(topic);
    return levels.size() == 3 && levels[0] == prefix && levels[2] == end ? levels[1] : "";
}

}  // namespace

std::optional<std::pair<std::string, bool>> tasmota_discovery_topic(const std::string& topic) {
    const std::vector<std::string> levels = levels_of(topic);
    if (levels.size() != 4 || levels[0] != "tasmota" || levels[1] != "discovery") return std::nullopt;
    if (levels[3] != "config" && levels[3] != "sensors") return std::nullopt;
    return std::pair{levels[2], levels[3] == "config"};
}

Announced read_tasmota_device(const TasmotaDevice& device) {
    Announced announced;
    if (device.config.empty()) return announced;
    const auto config = parse_object(device.config);
    const std::string topic = config ? word_in(*config, "t", "") : "";
    if (!is_plain_topic(topic)) return announced.unreadable = true, announced;
    const auto sensors = parse_object(device.sensors);
    const json none, *parts = sensors ? member(*sensors, "sn") : nullptr;
    const bool metered = parts != nullptr && member(*parts, "ENERGY") != nullptr;
    const OutputConfig wiring = wiring_in(*config, topic, metered);
    if (!is_plain_topic(wiring.full_topic) || wiring.full_topic.find("%prefix%") == std::string::npos ||
        wiring.full_topic.find("%topic%") == std::string::npos)
        return announced.unreadable = true, announced;
    const std::vector<int> channels = relays_in(*config);
    for (const int channel : channels) {
        AnnouncedOutput output{wiring, name_in(*config, channel, topic), topic};
        if (channels.size() > 1) output.wiring.channel = channel;
        if (!has_usual_prefixes(*config)) output.note = "uses its own topic prefixes: works only as dialect generic";
        announced.outputs.push_back(std::move(output));
    }
    add_temperatures(parts == nullptr ? none : *parts, wiring, announced);
    return announced;
}

std::optional<Announced> read_tasmota_will(const Message& message) {
    const std::string device = device_of(message.topic, "tele", "LWT");
    if (device.empty()) return std::nullopt;
    Announced announced;
    if (message.payload == "Online") {
        announced.filters = {"stat/" + device + "/RESULT", "tele/" + device + "/STATE", "tele/" + device + "/SENSOR"};
        announced.questions = {{"cmnd/" + device + "/POWER0", "", false}, {"cmnd/" + device + "/STATUS", "8", false}};
    }
    return announced;
}

std::optional<Announced> read_tasmota_powers(const Message& message) {
    std::string device = device_of(message.topic, "stat", "RESULT");
    if (device.empty()) device = device_of(message.topic, "tele", "STATE");
    if (device.empty()) return std::nullopt;
    Announced announced;
    const auto object = parse_object(message.payload);
    if (!object) return announced.unreadable = true, announced;
    const auto add = [&](std::optional<int> channel) {
        AnnouncedOutput output;
        output.guessed = true;
        output.wiring.dialect = DialectName::tasmota;
        output.wiring.topic = output.device = device;
        output.wiring.channel = channel;
        output.name = printable(channel.value_or(1) > 1 ? device + " " + std::to_string(*channel) : device);
        announced.outputs.push_back(std::move(output));
    };
    if (member(*object, "POWER2") == nullptr) {
        if (member(*object, "POWER") != nullptr || member(*object, "POWER1") != nullptr) add(std::nullopt);
        return announced;
    }
    for (int channel = 1; channel <= most_channels; ++channel)
        if (member(*object, "POWER" + std::to_string(channel)) != nullptr) add(channel);
    return announced;
}

}  // namespace volt
