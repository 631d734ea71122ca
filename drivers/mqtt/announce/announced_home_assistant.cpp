#include <algorithm>
#include <utility>

#include "drivers/mqtt/announce/announced.hpp"
#include "drivers/mqtt/payload.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr std::size_t most_components = 256;  ///< components of one device message

/// Returns the value of a key by its long or its short name.
const json* either(const json& object, const char* longer, const char* shorter) {
    const json* value = member(object, longer);
    return value != nullptr ? value : member(object, shorter);
}

std::string text_at(const json& object, const char* longer, const char* shorter) {
    const json* value = either(object, longer, shorter);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

/// Returns a topic, with `~` at its start or end replaced once by the base. A base that contains `~` is refused.
std::string topic_at(const json& object, const char* longer, const char* shorter) {
    std::string topic = text_at(object, longer, shorter);
    const std::string base = text_at(object, "~", "~");
    if (!base.empty() && topic.starts_with('~')) topic = base + topic.substr(1);
    else if (!base.empty() && topic.ends_with('~')) topic = topic.substr(0, topic.size() - 1) + base;
    return is_plain_topic(topic) && topic.find('~') == std::string::npos ? topic : std::string();
}

std::string payload_at(const json& object, const char* longer, const char* shorter, const char* fallback) {
    const std::string text = text_at(object, longer, shorter);
    return text.empty() || printable(text) != text ? fallback : text;
}

/// Returns the field of a template `{{ value_json.field }}`, or empty for any other template.
std::optional<std::string> field_of_template(std::string text) {
    std::erase(text, ' ');
    if (text.empty() || text == "{{value}}") return std::string();
    constexpr std::string_view begin = "{{value_json.", end = "}}";
    if (!text.starts_with(begin) || !text.ends_with(end)) return std::nullopt;
    const std::string field = text.substr(begin.size(), text.size() - begin.size() - end.size());
    const bool plain =
        std::all_of(field.begin(), field.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.'; });
    return plain && !field.empty() ? std::optional(field) : std::nullopt;
}

std::string display_name(const json& config, const json& device) {
    const std::string own = text_at(config, "name", "name"), whole = text_at(device, "name", "name");
    if (whole.empty() || own.starts_with(whole)) return printable(own.empty() ? "?" : own);
    return printable(own.empty() ? whole : whole + " " + own);
}

std::string availability_of(const json& config) {
    const std::string topic = topic_at(config, "availability_topic", "avty_t");
    const json* list = either(config, "availability", "avty");
    if (!topic.empty() || list == nullptr || !list->is_array() || list->size() != 1) return topic;
    return topic_at(list->front(), "topic", "t");
}

/// Reads ESPHome's topic layout: `<node>/<component>/<object>/command`.
bool read_esphome(const std::string& component, const std::string& command, const json& config, OutputConfig& wiring) {
    const std::vector<std::string> levels = levels_of(command);
    const std::size_t size = levels.size();
    if (size < 4 || levels[size - 1] != "command" || levels[size - 3] != component) return false;
    const std::string end = "/" + component + "/" + levels[size - 2] + "/command";
    wiring.dialect = DialectName::esphome;
    wiring.topic = command.substr(0, command.size() - end.size());
    wiring.object = levels[size - 2];
    wiring.component = component == "fan" ? EsphomeComponent::fan : EsphomeComponent::switch_;
    if (availability_of(config) != wiring.topic + "/status") return false;
    if (component != "fan" || either(config, "percentage_command_topic", "pct_cmd_t") == nullptr) return true;
    wiring.kind = OutputKind::level;
    const auto most = number_in(either(config, "speed_range_max", "spd_rng_max"));
    wiring.max_level = most && *most >= 1 && *most <= limits::highest_level ? static_cast<std::int32_t>(*most) : 100;
    return true;
}

/// Reads any other switch, with topics and payloads as announced.
bool read_generic(const std::string& command, const json& config, OutputConfig& wiring) {
    const auto field = field_of_template(text_at(config, "value_template", "val_tpl"));
    if (!field) return false;  // a template without a field
    wiring = OutputConfig{};
    wiring.dialect = DialectName::generic;
    wiring.lease = Duration{};
    wiring.command_topic = command;
    wiring.payload_on = payload_at(config, "payload_on", "pl_on", "ON");
    wiring.payload_off = payload_at(config, "payload_off", "pl_off", "OFF");
    wiring.state_topic = topic_at(config, "state_topic", "stat_t");
    wiring.state_field = wiring.state_topic.empty() ? "" : *field;
    wiring.state_on = payload_at(config, "state_on", "stat_on", wiring.payload_on.c_str());
    wiring.state_off = payload_at(config, "state_off", "stat_off", wiring.payload_off.c_str());
    wiring.availability_topic = availability_of(config);
    wiring.available = payload_at(config, "payload_available", "pl_avail", "online");
    return wiring.payload_on != wiring.payload_off && wiring.state_on != wiring.state_off;
}

/// Adds a temperature, or the watts that an ESPHome node publishes at `<node>/sensor/<object>/state`.
void add_sensor(const json& config, const std::string& name, Announced& announced) {
    const std::string topic = topic_at(config, "state_topic", "stat_t"), kind = text_at(config, "device_class", "dev_cla");
    const auto field = field_of_template(text_at(config, "value_template", "val_tpl"));
    if (topic.empty() || !field) return;
    const bool fahrenheit = text_at(config, "unit_of_measurement", "unit_of_meas").ends_with('F');
    if (kind == "temperature") announced.sensors.push_back({name, topic, *field, fahrenheit});
    const std::size_t end = topic.rfind("/sensor/");
    const bool of_node = end != std::string::npos && topic.ends_with("/state") && field->empty();
    if (kind == "power" && of_node) announced.powers.emplace_back(topic.substr(0, end), topic);
}

void add_component(const std::string& component, const json& config, const json& device, Announced& announced) {
    const std::string name = display_name(config, device);
    if (component == "sensor") return add_sensor(config, name, announced);
    const std::string command = topic_at(config, "command_topic", "cmd_t");
    if ((component != "switch" && component != "fan") || command.empty()) return;
    if (command.starts_with("voltd/")) return;  // voltd's own
    AnnouncedOutput output;
    output.name = name;
    if (!read_esphome(component, command, config, output.wiring) &&
        (component == "fan" || !read_generic(command, config, output.wiring)))
        return;
    output.device = output.wiring.dialect == DialectName::esphome ? output.wiring.topic : command;
    announced.outputs.push_back(std::move(output));
}

/// Adds the components of a device message. Shared keys are in its root, and each component overrides them.
void add_components(const json& root, const json& device, Announced& announced) {
    const json* components = either(root, "components", "cmps");
    if (components == nullptr || !components->is_object() || components->size() > most_components) {
        announced.unreadable = true;
        return;
    }
    json shared = root;
    shared.erase("components");
    shared.erase("cmps");
    for (const auto& [key, part] : components->items()) {
        if (!part.is_object()) continue;
        json whole = shared;
        whole.update(part);
        add_component(text_at(part, "platform", "p"), whole, device, announced);
    }
}

}  // namespace

std::optional<Announced> read_home_assistant(const Message& message, const std::string& prefix) {
    const std::string& topic = message.topic;
    if (!topic.starts_with(prefix + "/") || !topic.ends_with("/config")) return std::nullopt;
    const std::vector<std::string> levels = levels_of(topic.substr(prefix.size() + 1));
    if (levels.size() < 3 || levels.size() > 4) return std::nullopt;
    Announced announced;
    if (message.payload.empty()) return announced;
    const auto root = parse_object(message.payload);
    if (!root) return announced.unreadable = true, announced;
    const json none, *device = either(*root, "device", "dev");
    if (levels[0] == "device") add_components(*root, device == nullptr ? none : *device, announced);
    else add_component(levels[0], *root, device == nullptr ? none : *device, announced);
    return announced;
}

}  // namespace volt
