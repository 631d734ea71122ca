#include <set>

#include "drivers/mqtt/announce/announced.hpp"
#include "drivers/mqtt/bus.hpp"
#include "drivers/mqtt/payload.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr std::string_view list_topic = "/bridge/devices";
constexpr int most_endpoints = 8;

std::string string_in(const json& object, const char* key) {
    const json* value = member(object, key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

/// Returns the number of an endpoint `l<n>`, or 0 if the device has one relay.
int endpoint_in(const std::string& name) {
    return name.size() == 2 && name[0] == 'l' && name[1] >= '1' && name[1] <= '0' + most_endpoints ? name[1] - '0' : 0;
}

/// Features that a device exposes: switches with their state, a power, a temperature.
struct Exposed {
    std::vector<std::pair<int, std::string>> states;  ///< endpoint, and the field of its state
    std::set<std::string> powers;                     ///< fields with watts
    bool temperature = false;
};

void read_exposed(const json& exposes, Exposed& exposed) {
    if (!exposes.is_array()) return;
    for (const json& one : exposes) {
        const std::string type = string_in(one, "type"), property = string_in(one, "property");
        if (property == "power" || property.starts_with("power_l")) exposed.powers.insert(property);
        if (property == "temperature") exposed.temperature = true;
        const json* features = type == "switch" ? member(one, "features") : nullptr;
        if (features == nullptr || !features->is_array()) continue;
        for (const json& feature : *features) {
            const std::string field = string_in(feature, "property");
            if (string_in(feature, "name") == "state" && !field.empty())
                exposed.states.emplace_back(endpoint_in(string_in(feature, "endpoint")), field);
        }
    }
}

void add_device(const json& device, const std::string& base, Announced& announced) {
    const std::string name = string_in(device, "friendly_name");
    const json* definition = member(device, "definition");
    const json* exposes = definition == nullptr ? nullptr : member(*definition, "exposes");
    if (exposes == nullptr || !is_plain_topic(base + "/" + name)) return;
    Exposed exposed;
    read_exposed(*exposes, exposed);
    for (const auto& state : exposed.states) {
        AnnouncedOutput output;
        output.wiring.dialect = DialectName::zigbee2mqtt;
        output.wiring.base_topic = base;
        output.wiring.topic = name;
        output.wiring.meter = !exposed.powers.empty();
        if (state.first > 0) output.wiring.channel = state.first;
        const std::string usual = state.first > 0 ? "state_l" + std::to_string(state.first) : "state";
        if (state.second != usual) output.wiring.state_field = state.second;
        const bool shared = state.first > 0 && !exposed.powers.contains("power_l" + std::to_string(state.first));
        if (output.wiring.meter && shared) output.wiring.power_field = *exposed.powers.begin();
        output.name = printable(exposed.states.size() > 1 ? name + " " + state.second : name);
        output.device = base + "/" + name;
        announced.outputs.push_back(std::move(output));
    }
    if (exposed.temperature) announced.sensors.push_back({printable(name), base + "/" + name, "temperature"});
}

}  // namespace

std::optional<Announced> read_zigbee2mqtt(const Message& message) {
    if (message.topic.size() <= list_topic.size() || !message.topic.ends_with(list_topic)) return std::nullopt;
    Announced announced;
    const auto object = parse_object("{\"devices\":" + message.payload + "}", most_list_bytes + 16);
    const json* devices = object ? member(*object, "devices") : nullptr;
    if (devices == nullptr || !devices->is_array()) return announced.unreadable = true, announced;
    for (const json& device : *devices)
        add_device(device, message.topic.substr(0, message.topic.size() - list_topic.size()), announced);
    return announced;
}

}  // namespace volt
