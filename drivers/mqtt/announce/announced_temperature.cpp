#include "drivers/mqtt/announce/announced.hpp"
#include "drivers/mqtt/payload.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr std::size_t most_of_message = 8;  ///< temperatures in one message

bool is_temperature(std::string_view name) { return same_text(name, "temperature") || name == "temp" || name == "tC"; }

/// Adds the temperatures of `{"temperature":21.5}`, and of `{"DS18B20":{"Temperature":21.5}}`.
void add_fields(const json& object, const std::string& before, const std::string& topic, Announced& announced) {
    for (const auto& [name, value] : object.items()) {
        if (announced.sensors.size() >= most_of_message) return;
        if (before.empty() && value.is_object()) add_fields(value, name + ".", topic, announced);
        if (!is_temperature(name) || !value.is_number()) continue;
        announced.sensors.push_back({printable(before.empty() ? topic : topic + " " + before), topic, before + name});
    }
}

}  // namespace

std::optional<Announced> read_temperature(const Message& message) {
    const std::vector<std::string> levels = levels_of(message.topic);
    // A relay's own temperature is no room's, and voltd's topics are no devices.
    if (levels[0] == "voltd" || levels[0] == "cmnd" || levels.back().starts_with("switch:")) return std::nullopt;
    Announced announced;
    if (const auto object = parse_object(message.payload)) add_fields(*object, "", message.topic, announced);
    else if (is_temperature(levels.back()) && levels[0] != "shellies" && number_of(message.payload))
        announced.sensors.push_back({printable(message.topic), message.topic, ""});
    return announced.sensors.empty() ? std::nullopt : std::optional(announced);
}

}  // namespace volt
