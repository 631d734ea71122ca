#include "drivers/mqtt/announce/announced.hpp"

#include "drivers/hidden.hpp"
#include "drivers/mqtt/bus.hpp"
#include "drivers/mqtt/payload.hpp"

namespace volt {

std::vector<std::string> announcement_filters(const std::string& home_assistant_prefix) {
    std::vector<std::string> filters = {"tasmota/discovery/+/config", "tasmota/discovery/+/sensors", "tele/+/LWT",
                                        "shellies/announce",          "shellies/+/relay/+",          "homeassistant/status"};
    for (const std::string prefix : {"+/", "+/+/", "+/+/+/"}) {
        filters.push_back(prefix + "online");
        filters.push_back(prefix + "status/+");
        filters.push_back(prefix + "events/rpc");
    }
    for (const std::string base : {"+/", "+/+/"}) filters.push_back(base + "bridge/devices");
    for (const char* heard : {"+/+", "+/+/+"}) filters.emplace_back(heard);  // temperatures that nothing announces
    filters.push_back(home_assistant_prefix + "/+/+/config");
    filters.push_back(home_assistant_prefix + "/+/+/+/config");
    return filters;
}

std::string identity_of(const OutputConfig& wiring) {
    std::string identity = std::string(name_of(wiring.dialect)) + " ";
    switch (wiring.dialect) {
        case DialectName::tasmota: return identity + wiring.topic + " " + std::to_string(wiring.channel.value_or(1));
        case DialectName::shelly_gen1:
        case DialectName::shelly_gen2: return identity + wiring.topic + " " + std::to_string(wiring.channel.value_or(0));
        case DialectName::zigbee2mqtt:
            return identity + wiring.base_topic + "/" + wiring.topic + " " + std::to_string(wiring.channel.value_or(0)) +
                   wiring.state_field;
        case DialectName::esphome: return identity + entity_of(wiring);
        case DialectName::generic: return identity + wiring.command_topic;
    }
    return identity;
}

std::vector<std::string> levels_of(const std::string& topic) {
    std::vector<std::string> levels;
    for (std::size_t from = 0; from <= topic.size();) {
        const std::size_t slash = std::min(topic.find('/', from), topic.size());
        levels.push_back(topic.substr(from, slash - from));
        from = slash + 1;
    }
    return levels;
}

bool is_plain_topic(const std::string& topic) {
    return !topic.empty() && topic.size() <= most_topic_bytes && topic.find_first_of("+#") == std::string::npos &&
           is_utf8(topic) && !has_hidden(topic);
}

}  // namespace volt
