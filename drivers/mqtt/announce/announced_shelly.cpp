#include <charconv>

#include "drivers/mqtt/announce/announced.hpp"
#include "drivers/mqtt/payload.hpp"

namespace volt {
namespace {

using nlohmann::json;

constexpr int most_relays = 8;
constexpr std::string_view switch_prefix = "switch:";

std::string text_of(const json& object, const char* key) {
    const json* value = member(object, key);
    return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<int> channel_in(std::string_view digits) {
    int channel = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), channel);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    return whole && channel >= 0 && channel < most_relays ? std::optional(channel) : std::nullopt;
}

AnnouncedOutput output_of(DialectName dialect, const std::string& device, int channel) {
    AnnouncedOutput output;
    output.wiring.dialect = dialect;
    output.wiring.topic = output.device = device;
    if (channel > 0) output.wiring.channel = channel;
    output.name = printable(channel > 0 ? device + " " + std::to_string(channel) : device);
    return output;
}

/// Reads `shellies/<id>/relay/<i>`. A sibling topic `power` shows that the relay has a meter.
std::optional<Announced> read_relay(const std::vector<std::string>& levels) {
    if (levels.size() < 4 || levels[2] != "relay") return std::nullopt;
    Announced announced;
    const auto channel = channel_in(levels[3]);
    if (!channel || !is_plain_topic(levels[1])) return announced;
    AnnouncedOutput output = output_of(DialectName::shelly_gen1, levels[1], *channel);
    output.wiring.meter = levels.size() == 5 && levels[4] == "power";
    if (levels.size() == 4 || output.wiring.meter) announced.outputs.push_back(std::move(output));
    announced.filters = {"shellies/" + levels[1] + "/relay/+/power"};
    return announced;
}

/// Reads an announcement: Gen1 has `model`, Gen2 and later `gen`.
Announced read_announce(const std::string& payload) {
    Announced announced;
    const auto object = parse_object(payload);
    const std::string id = object ? text_of(*object, "id") : "";
    if (!is_plain_topic(id)) return announced.unreadable = true, announced;
    if (member(*object, "gen") != nullptr) {
        announced.filters = {id + "/status/+"};
        announced.questions = {{id + "/command", "status_update", false}};
        return announced;
    }
    announced.filters = {"shellies/" + id + "/relay/+", "shellies/" + id + "/relay/+/power"};
    announced.questions = {{"shellies/" + id + "/command", "update", false}};
    const std::string model = text_of(*object, "model");
    const bool relays = model.starts_with("SHSW") || model.starts_with("SHPLG");
    const int count = !relays ? 0 : model.starts_with("SHSW-2") ? 2 : 1;
    for (int channel = 0; channel < count; ++channel)
        announced.outputs.push_back(output_of(DialectName::shelly_gen1, id, channel));
    return announced;
}

/// Adds a switch from `{"output":true,"apower":…}`, as a status or inside a notification.
void add_switch(const std::string& prefix, std::string_view name, const json& status, Announced& announced) {
    const auto channel = name.starts_with(switch_prefix) ? channel_in(name.substr(switch_prefix.size())) : std::nullopt;
    const json* on = member(status, "output");
    if (!channel || on == nullptr || !on->is_boolean()) return;
    AnnouncedOutput output = output_of(DialectName::shelly_gen2, prefix, *channel);
    output.wiring.meter = member(status, "apower") != nullptr;
    announced.outputs.push_back(std::move(output));
}

std::string prefix_before(const std::string& topic, const std::string& end) {
    return topic.size() > end.size() && topic.ends_with(end) ? topic.substr(0, topic.size() - end.size()) : "";
}

std::optional<Announced> read_gen2(const Message& message) {
    Announced announced;
    if (const std::string prefix = prefix_before(message.topic, "/online"); !prefix.empty()) {
        if (message.payload != "true" || prefix.starts_with("shellies/")) return std::nullopt;
        announced.questions = {{prefix + "/command", "status_update", false}};
        return announced;
    }
    const std::string rpc = prefix_before(message.topic, "/events/rpc");
    const std::size_t status = message.topic.rfind("/status/");
    const bool of_switch =
        status != std::string::npos && message.topic.compare(status + 8, switch_prefix.size(), switch_prefix) == 0;
    if (rpc.empty() && !of_switch) return std::nullopt;
    const auto object = parse_object(message.payload);
    if (!object) return announced.unreadable = true, announced;
    if (of_switch) {
        add_switch(message.topic.substr(0, status), message.topic.substr(status + 8), *object, announced);
        return announced;
    }
    if (const json* params = member(*object, "params"); params != nullptr && params->is_object())
        for (const auto& [name, part] : params->items()) add_switch(rpc, name, part, announced);
    for (AnnouncedOutput& output : announced.outputs)
        output.note = "status updates over MQTT are off: switch them on in the device's MQTT settings";
    return announced;
}

}  // namespace

std::optional<Announced> read_shelly(const Message& message) {
    if (message.topic == "shellies/announce") return read_announce(message.payload);
    const std::vector<std::string> levels = levels_of(message.topic);
    if (levels[0] == "shellies" && levels.size() > 2 && levels[2] == "relay") return read_relay(levels);
    return read_gen2(message);
}

}  // namespace volt
