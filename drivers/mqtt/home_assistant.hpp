// Discovery messages of Home Assistant: a device for the site, and one for each miner and zone. Pure: plain data in, text out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drivers/mqtt/broker_config.hpp"

namespace volt {

/// Data that does not change while voltd runs.
struct HaHome {
    std::string site;     ///< second level of every topic
    std::string version;  ///< version of voltd
    std::string page;     ///< URL of voltd's page in the local network, or empty if none
};

struct HaMiner {
    std::string uuid, slug, name;
};

struct HaZone {
    std::string uuid, slug, name;
    std::int32_t fan_levels = 0;  ///< 0 without a fan
    bool heated = false;
};

struct HaLoads {
    std::vector<HaMiner> miners;
    std::vector<HaZone> zones;
};

/// One retained message.
struct HaMessage {
    std::string topic, payload;
};

/// Returns all messages of a site, its own device first. Identities come from the site's name and the rows' UUIDs; a rename
/// changes topics and names.
std::vector<HaMessage> ha_messages(const HaHome& home, const HaLoads& loads, const HomeAssistantConfig& config);
/// Splits a device into messages of one component each, for a broker that accepts no larger ones.
std::vector<HaMessage> ha_parts(const HaMessage& device);
/// Returns true if a voltd of this site publishes on `topic`.
bool is_ha_topic_of(const std::string& topic, const std::string& prefix, const std::string& site);
/// Returns the message to send between `held` and `wanted`, or an empty string if no component is removed. Home Assistant forgets
/// a component only after a message that reduces it to its platform.
std::string ha_removal(const std::string& held, const std::string& wanted);

}  // namespace volt
