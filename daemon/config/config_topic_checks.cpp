// Checks of topics: rejects those that reach every device, and warns about those that look like another part of a topic.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "daemon/config/config_checks.hpp"

namespace volt {

namespace {

/// Topics that many devices subscribe to: Tasmota's default GroupTopic (`sonoffs` before version 7), and all Shellys.
constexpr std::array tasmota_groups = {"tasmotas", "sonoffs"};
constexpr std::array group_commands = {"cmnd/tasmotas/", "cmnd/sonoffs/", "shellies/command"};

constexpr const char* one_device = "the topic of one device";

bool is_group(const OutputConfig& output) {
    if (output.dialect == DialectName::tasmota) return std::ranges::find(tasmota_groups, output.topic) != tasmota_groups.end();
    if (output.dialect == DialectName::shelly_gen1 || output.dialect == DialectName::shelly_gen2)
        return output.topic == "shellies";
    return false;
}

bool is_group_command(const std::string& topic) {
    return std::ranges::any_of(group_commands, [&](const char* group) { return topic.starts_with(group); }) ||
           topic == "cmnd/tasmotas" || topic == "cmnd/sonoffs";
}

/// Prefix and suffix that the dialect adds to `topic`.
struct Around {
    DialectName dialect{};
    std::array<std::string_view, 3> heads, tails;
};
constexpr std::array<Around, 5> around = {{
    {DialectName::tasmota, {"cmnd/", "stat/", "tele/"}, {"/POWER", "/RESULT", "/LWT"}},
    {DialectName::shelly_gen1, {"shellies/"}, {"/relay/0", "/relay/0/command", "/online"}},
    {DialectName::shelly_gen2, {}, {"/rpc", "/online", "/command/switch:0"}},
    {DialectName::zigbee2mqtt, {"zigbee2mqtt/"}, {"/set", "/get", "/availability"}},
    {DialectName::esphome, {}, {"/command", "/state", "/status"}},
}};

/// Returns the part of a complete topic that belongs in `topic`, or an empty string if it seems correct.
std::string middle_of(const OutputConfig& output) {
    std::string_view topic = output.topic;
    const auto row = std::ranges::find(around, output.dialect, &Around::dialect);
    if (row == around.end()) return {};
    for (const std::string_view head : row->heads)
        if (!head.empty() && topic.starts_with(head)) topic.remove_prefix(head.size());
    for (const std::string_view tail : row->tails)
        if (!tail.empty() && topic.ends_with(tail)) topic.remove_suffix(tail.size());
    return topic.size() == output.topic.size() || topic.empty() ? "" : std::string(topic);
}

std::string without_slashes(std::string_view topic) {
    const std::size_t first = topic.find_first_not_of('/');
    return first == std::string_view::npos ? "" : std::string(topic.substr(first, topic.find_last_not_of('/') - first + 1));
}

void check_slashes(const std::string& topic, const std::string& path, Report& report) {
    if (!report.given(path) || !report.sound(path)) return;
    if (const std::string inner = without_slashes(topic); inner != topic)
        report.warn(report.place_of(path), path, shown(topic) + " begins or ends with a slash, which makes it another topic",
                    shown(inner));
}

void check_output_topics(const OutputConfig& output, const std::string& path, Report& report) {
    const std::string topic = path + ".topic", command = path + ".command_topic";
    const auto refuse = [&](const std::string& key, const std::string& value) {
        report.refuse(report.place_of(key), key, shown(value) + " is a group topic: it switches every device", one_device);
    };
    if (report.given(topic) && is_group(output)) refuse(topic, output.topic);
    if (report.given(command) && is_group_command(output.command_topic)) refuse(command, output.command_topic);
    else if (report.given(command) && tasmota_power(output.command_topic) == "power0")
        report.refuse(report.place_of(command), command, "POWER0 switches every relay of the device", "POWER1 to POWER32");
    if (const std::string middle = middle_of(output); report.sound(topic) && !middle.empty())
        report.warn(report.place_of(topic), topic, shown(output.topic) + " looks like a whole topic",
                    shown(middle) + ", its middle part");
    for (const auto& [key, value] : {std::pair{"topic", &output.topic},
                                     {"command_topic", &output.command_topic},
                                     {"base_topic", &output.base_topic},
                                     {"state_topic", &output.state_topic},
                                     {"availability_topic", &output.availability_topic},
                                     {"power_topic", &output.power_topic}})
        check_slashes(*value, path + "." + key, report);
}

}  // namespace

std::string tasmota_power(const std::string& topic) {
    const std::size_t last = topic.rfind('/');
    if (last == std::string::npos || ("/" + topic).find("/cmnd/") == std::string::npos) return {};
    std::string command = topic.substr(last + 1);
    for (char& c : command) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    constexpr std::string_view power = "power";
    const bool number =
        command.size() <= power.size() + 2 && command.find_first_not_of("0123456789", power.size()) == std::string::npos;
    return command.starts_with(power) && number ? command : std::string();
}

void check_topics(const Config& config, Report& report) {
    for (std::size_t i = 0; i < config.outputs.size(); ++i)
        check_output_topics(config.outputs[i], item_path("outputs", i), report);
    for (std::size_t i = 0; i < config.sensors.size(); ++i)
        check_slashes(config.sensors[i].topic, item_path("sensors", i) + ".topic", report);
    if (config.weather) check_slashes(config.weather->topic, "weather.topic", report);
}

}  // namespace volt
