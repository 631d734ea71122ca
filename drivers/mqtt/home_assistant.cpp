#include "drivers/mqtt/home_assistant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "drivers/mqtt/payload.hpp"
#include "drivers/text.hpp"
#include "rules/names.hpp"

namespace volt {

namespace {

using Object = nlohmann::ordered_json;
using Options = std::vector<std::string>;

constexpr int expire_s = 180;  ///< three times the repeat of a state topic
constexpr std::size_t uuid_digits = 32;
constexpr const char* part_mark = "_c_";  ///< precedes the key of a component with its own message
constexpr std::size_t most_gone = 64;     ///< components that one message removes

/// Home Assistant's description of a number; null if it has none.
struct Measure {
    const char* device_class;
    const char* unit;
    const char* state_class = "measurement";
    int digits = 0;  ///< 0 for Home Assistant's own choice
};

constexpr Measure volts{"voltage", "V", "measurement", 2}, amps{"current", "A", "measurement", 1}, watts{"power", "W"},
    celsius{"temperature", "°C", "measurement", 1}, percent{"battery", "%"}, level{nullptr, nullptr},
    energy{"energy", "kWh", "total_increasing", 2}, starts{nullptr, nullptr, "total_increasing"},
    seconds{"duration", "s", "total_increasing"};

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/// Replaces all characters except [a-zA-Z0-9_-], as topic levels and identities require.
std::string plain(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return !is_plain(c); }, '_');
    return text;
}

std::string digits_of(const std::string& uuid) {
    std::string digits;
    for (const char c : uuid)
        if (is_plain(c) && c != '-' && c != '_') digits += c;
    return digits;
}

/// Replaces all characters except [a-z0-9_], as entity ids require.
std::string entity_part(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        else if (!is_plain(c) || c == '-') c = '_';
    }
    return text;
}

template <class Enum>
Options options_of() {
    const auto names = names_of<Enum>();
    return {names.begin(), names.end()};
}

Options heat_options() {
    Options names = options_of<HeatSource>();
    std::replace(names.begin(), names.end(), std::string(name_of(HeatSource::none)), std::string("off"));
    return names;
}

Options switch_options() { return {name_of(OverrideKind::automatic), name_of(OverrideKind::on), name_of(OverrideKind::off)}; }

Options fan_options(std::int32_t levels) {
    Options options = switch_options();
    for (std::int32_t i = 0; i <= levels; ++i) options.push_back(std::to_string(i));
    return options;
}

std::string id_of(const std::string& site, const char* kind = "", const std::string& uuid = {}) {
    return "voltd_" + plain(site) + kind + digits_of(uuid);
}

/// Returns a template for ON or OFF. `condition` is an expression of the template language.
std::string on_if(const char* condition) { return fmt::format("{{{{ 'ON' if {} else 'OFF' }}}}", condition); }

/// Builds the message of one device. A component reads the device's own topic unless it names another.
class DeviceMessage {
public:
    /// Starts a message. `own` is the topic below the root that most components read.
    DeviceMessage(const HaHome& home, std::string id, const std::string& entity, const std::string& name, const char* model,
                  std::string own)
        : root_("voltd/" + home.site + "/"), own_(std::move(own)), id_(std::move(id)), entity_(entity_part(entity)) {
        Object device{
            {"identifiers", {id_}}, {"name", name}, {"manufacturer", "voltd"}, {"model", model}, {"sw_version", home.version}};
        if (!home.page.empty()) device["configuration_url"] = home.page;
        if (id_ != id_of(home.site)) device["via_device"] = id_of(home.site);
        message_ = {{"device", std::move(device)},
                    {"origin", {{"name", "voltd"}, {"sw_version", home.version}}},
                    {"availability_topic", root_ + "status"},
                    {"state_topic", root_ + own_}};
    }

    /// Adds a number that becomes unavailable after some time without a message.
    Object& number(const char* key, const char* name, const char* field, const Measure& measure, const char* topic = nullptr) {
        Object& it = add("sensor", key, name, value_of(field), topic);
        if (measure.device_class != nullptr) it["device_class"] = measure.device_class;
        if (measure.unit != nullptr) it["unit_of_measurement"] = measure.unit;
        it["state_class"] = measure.state_class;
        if (measure.digits > 0) it["suggested_display_precision"] = measure.digits;
        it["expire_after"] = expire_s;
        return it;
    }
    Object& word(const char* key, const char* name, const char* field, Options options, const char* topic = nullptr) {
        Object& it = add("sensor", key, name, value_of(field), topic);
        it["device_class"] = "enum";
        it["options"] = std::move(options);
        return it;
    }
    Object& fact(const char* key, const char* name, const char* field, const char* topic) {
        return add("sensor", key, name, value_of(field), topic);
    }
    /// Adds a sentence: its beginning as the state, which holds 255 characters, and all of it as an attribute.
    void text(const char* key, const char* name, const char* topic = nullptr) {
        Object& it = add("sensor", key, name, "{{ value_json.text[:250] }}", topic);
        it["json_attributes_topic"] = root_ + (topic == nullptr ? own_ : topic);
        it["json_attributes_template"] = "{{ {'text': value_json.text} | tojson }}";
    }
    /// Adds a flag. `value` gives ON, OFF, or None for unknown.
    Object& flag(const char* key, const char* name, std::string value, const char* device_class, const char* topic = nullptr) {
        Object& it = add("binary_sensor", key, name, std::move(value), topic);
        if (device_class != nullptr) it["device_class"] = device_class;
        return it;
    }
    void choice(const char* key, const char* name, const char* field, const std::string& command, Options options,
                const char* topic = nullptr) {
        Object& it = add("select", key, name, value_of(field), topic);
        it["command_topic"] = root_ + command;
        it["options"] = std::move(options);
    }

    HaMessage take(const std::string& prefix) { return {prefix + "/device/" + id_ + "/config", json_text(message_)}; }

private:
    static std::string value_of(const char* field) { return fmt::format("{{{{ value_json.{} }}}}", field); }

    Object& add(const char* platform, const char* key, const char* name, std::string value, const char* topic) {
        Object& it = message_["components"][key];
        it = {{"platform", platform},
              {"unique_id", id_ + "_" + key},
              {"default_entity_id", fmt::format("{}.{}_{}", platform, entity_, key)},
              {"name", name},
              {"value_template", std::move(value)}};
        if (topic != nullptr) it["state_topic"] = root_ + topic;
        return it;
    }

    std::string root_, own_, id_, entity_;
    Object message_;
};

void diagnostic(Object& component) { component["entity_category"] = "diagnostic"; }

void add_battery(DeviceMessage& it) {
    it.number("battery_voltage", "Battery voltage", "voltage_v", volts);
    it.number("battery_current", "Battery current", "current_a", amps);
    it.number("battery_power", "Battery power", "power_w", watts);
    it.number("battery_temperature", "Battery temperature", "temperature_c", celsius);
    it.number("battery_soc", "State of charge", "soc_pct", percent);
    it.word("stage", "Stage", "stage", options_of<Stage>());
    diagnostic(it.fact("voltage_source", "Voltage source", "source", "battery"));
}

void add_power(DeviceMessage& it) {
    it.number("pv_power", "Solar power", "pv_w", watts, "power");
    it.number("load_power", "Load power", "load_w", watts, "power");
    it.number("grid_power", "Grid power", "grid_w", watts, "power");
    it.number("excess_power", "Excess power", "excess_w", watts, "power");
    it.number("available_power", "Available power", "available_w", watts, "power");
}

void add_site(DeviceMessage& it, bool commands) {
    it.text("alarm_text", "Alarm", "alarms");
    it.flag("alarm", "Any alarm", on_if("value_json.critical + value_json.warning > 0"), "problem", "alarms");
    it.flag("alarm_critical", "Critical alarm", on_if("value_json.critical > 0"), "safety", "alarms");
    it.flag("charging_allowed", "Charging allowed", on_if("value_json.order == 'allowed'"), nullptr, "charge");
    if (commands) it.choice("mode", "Mode", "mode", "mode/set", options_of<SiteMode>(), "site");
    diagnostic(it.flag("degraded", "On a fallback source", on_if("value_json.degraded"), "problem", "site"));
    diagnostic(it.word("commands", "Commands", "commands", {"live", "shadow"}, "site"));
    diagnostic(it.flag("clock_trusted", "Clock trusted", on_if("value_json.clock_trusted"), nullptr, "site"));
    diagnostic(it.fact("version", "Version", "version", "site"));
    Object& started = it.fact("started", "Started", "started", "site");
    started["device_class"] = "timestamp";
    diagnostic(started);
}

HaMessage site_message(const HaHome& home, const HomeAssistantConfig& config) {
    DeviceMessage it(home, id_of(home.site), home.site, "voltd " + home.site, "Site", "battery");
    add_battery(it);
    add_power(it);
    add_site(it, config.commands);
    return it.take(config.prefix);
}

HaMessage miner_message(const HaHome& home, const HaMiner& miner, const HomeAssistantConfig& config) {
    const std::string topic = "miner/" + miner.slug;
    DeviceMessage it(home, id_of(home.site, "_m_", miner.uuid), home.site + "_" + miner.slug, miner.name, "Miner", topic);
    it.word("state", "State", "state", options_of<LoadState>());
    it.word("reason", "Reason", "reason", options_of<Reason>());
    it.text("text", "Why");
    // Unknown is not off.
    it.flag("running", "Running", "{{ {'on': 'ON', 'stopping': 'ON', 'off': 'OFF'}.get(value_json.state) }}", "running");
    it.number("power", "Power", "power_w", watts);
    it.number("energy", "Energy", "energy_wh / 1000", energy)["value_template"] =
        "{{ value_json.energy_wh / 1000 if value_json.energy_wh is number else None }}";
    it.number("starts_today", "Starts today", "starts_today", starts);
    it.number("runtime_today", "Runtime today", "runtime_today_s", seconds);
    if (config.commands) it.choice("override", "Override", "override", topic + "/set", switch_options());
    return it.take(config.prefix);
}

HaMessage zone_message(const HaHome& home, const HaZone& zone, const HomeAssistantConfig& config) {
    const std::string topic = "zone/" + zone.slug;
    DeviceMessage it(home, id_of(home.site, "_z_", zone.uuid), home.site + "_" + zone.slug, zone.name, "Zone", topic);
    it.number("temperature", "Temperature", "temperature_c", celsius);
    it.text("text", "Why");
    if (zone.fan_levels > 0) {
        it.number("fan_level", "Fan level", "fan_level", level);
        it.number("fan_wanted", "Fan level wanted", "fan_wanted", level);
        if (config.commands)
            it.choice("fan_override", "Fan override", "fan_override", topic + "/fan/set", fan_options(zone.fan_levels));
    }
    if (zone.heated) {
        it.word("heat", "Heat", "heat", heat_options());
        if (config.commands) it.choice("heat_override", "Heat override", "heat_override", topic + "/heat/set", switch_options());
    }
    return it.take(config.prefix);
}

/// Returns true for a platform that voltd uses, or used: the message on the broker may be another program's.
bool is_platform(const Object& name) { return name == "sensor" || name == "binary_sensor" || name == "select"; }

/// Returns the components of a device message by key, or an empty object for any other message.
Object components_of(const std::string& payload) {
    const Object message = Object::parse(payload, nullptr, false);
    if (!message.is_object() || !message.contains("components") || !message["components"].is_object()) return Object::object();
    return message["components"];
}

}  // namespace

std::vector<HaMessage> ha_messages(const HaHome& home, const HaLoads& loads, const HomeAssistantConfig& config) {
    std::vector<HaMessage> messages{site_message(home, config)};
    for (const HaMiner& miner : loads.miners) messages.push_back(miner_message(home, miner, config));
    for (const HaZone& zone : loads.zones) messages.push_back(zone_message(home, zone, config));
    return messages;
}

std::vector<HaMessage> ha_parts(const HaMessage& device) {
    std::vector<HaMessage> parts;
    const std::string tail = "/config", head = device.topic.substr(0, device.topic.size() - tail.size());
    Object message = Object::parse(device.payload, nullptr, false);
    if (!message.is_object()) return parts;
    const Object components = components_of(device.payload);
    for (const auto& [key, component] : components.items()) {
        message["components"] = {{key, component}};
        parts.push_back({head + part_mark + key + tail, json_text(message)});
    }
    return parts;
}

bool is_ha_topic_of(const std::string& topic, const std::string& prefix, const std::string& site) {
    const std::string head = prefix + "/device/" + id_of(site), tail = "/config";
    if (topic.size() < head.size() + tail.size() || !topic.starts_with(head) || !topic.ends_with(tail)) return false;
    std::string id = topic.substr(head.size(), topic.size() - head.size() - tail.size());
    if (const std::size_t mark = id.find(part_mark); mark != std::string::npos) {
        const std::string key = id.substr(mark + std::string_view(part_mark).size());
        if (key.empty() || key != plain(key)) return false;
        id.erase(mark);
    }
    if (id.empty()) return true;
    if (!id.starts_with("_m_") && !id.starts_with("_z_")) return false;
    id.erase(0, 3);
    return id.size() == uuid_digits && id == digits_of(id);
}

std::string ha_removal(const std::string& held, const std::string& wanted) {
    const Object before = components_of(held);
    Object reduced = Object::parse(wanted, nullptr, false);
    if (!reduced.is_object()) return {};
    std::size_t gone = 0;
    for (const auto& [key, component] : before.items()) {
        if (gone == most_gone || reduced["components"].contains(key) || key != plain(key)) continue;
        if (!component.is_object() || component.size() < 2 || !is_platform(component.value("platform", Object()))) continue;
        reduced["components"][key] = {{"platform", component["platform"]}};
        ++gone;
    }
    return gone > 0 ? json_text(reduced) : std::string();
}

}  // namespace volt
