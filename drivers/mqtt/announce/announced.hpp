// What devices announce about themselves on a broker: relays, fans and temperatures that voltd could use. Each kind of device has a
// pure reader: a message in, what it announces out. Nothing here switches anything.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

/// A relay or fan with its wiring as voltd.yaml would have it; the id is left empty.
struct AnnouncedOutput {
    OutputConfig wiring;
    std::string name;      ///< as its owner called it, printable
    std::string device;    ///< the device behind it: outputs of one device share it
    std::string note{};    ///< what its owner must know before use; empty: nothing
    bool guessed = false;  ///< from its messages alone: an announcement of the device itself knows better
};

/// A temperature with its topic.
struct AnnouncedSensor {
    std::string name;
    std::string topic;
    std::string field;  ///< JSON field; empty: the payload itself
};

/// What one message announces.
struct Announced {
    std::vector<AnnouncedOutput> outputs;
    std::vector<AnnouncedSensor> sensors;
    std::vector<std::pair<std::string, std::string>> powers;  ///< an ESPHome node, and a topic with watts of it
    std::vector<std::string> filters;                         ///< to subscribe to, because of this message
    std::vector<Message> questions;                           ///< harmless queries that make the device report itself
    bool unreadable = false;                                  ///< its topic is one of announcements, its payload is none
};

/// Zigbee2MQTT lists all its devices in one message; any other announcement is at most 64 kB.
inline constexpr std::size_t most_list_bytes = 1024 * 1024;

/// Topic filters on which these devices announce themselves; `#` is never one of them.
std::vector<std::string> announcement_filters(const std::string& home_assistant_prefix);

// Readers; empty: the topic is not one of theirs.

/// Tasmota's discovery messages of one device; its sensors may come before or after its configuration.
struct TasmotaDevice {
    std::string config, sensors;  ///< payloads; empty: not received yet
};
/// The part of `tasmota/discovery/<mac>/…` that identifies the device, and whether it is the configuration; empty for other topics.
std::optional<std::pair<std::string, bool>> tasmota_discovery_topic(const std::string& topic);
Announced read_tasmota_device(const TasmotaDevice& device);
/// `tele/<topic>/LWT`, and the answer to an empty POWER0, of a device whose discovery is switched off.
std::optional<Announced> read_tasmota_will(const Message& message);
std::optional<Announced> read_tasmota_powers(const Message& message);

/// `shellies/…`, and `<prefix>/online`, `status/switch:N`, `events/rpc` of Gen2 and later.
std::optional<Announced> read_shelly(const Message& message);

/// `<base>/bridge/devices`.
std::optional<Announced> read_zigbee2mqtt(const Message& message);

/// `PREFIX/<component>/[<node>/]<object>/config` and `PREFIX/device/…/config`: ESPHome, and others as generic outputs.
std::optional<Announced> read_home_assistant(const Message& message, const std::string& prefix);

/// The relay or fan that a wiring means: equal for two wirings of one relay.
std::string identity_of(const OutputConfig& wiring);

/// The levels of a topic.
std::vector<std::string> levels_of(const std::string& topic);
/// A topic that a subscription may name and a file may hold: no wildcard, no control or invisible character, not too long.
bool is_plain_topic(const std::string& topic);

}  // namespace volt
