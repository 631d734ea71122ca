// Announcements of devices on a broker: relays, fans and temperatures that voltd could use. Each kind of device has a pure reader
// that turns a message into an announcement. Nothing here switches anything.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/output.hpp"

namespace volt {

/// A relay or fan with its wiring as in voltd.yaml, without an id.
struct AnnouncedOutput {
    OutputConfig wiring;
    std::string name;      ///< name that its owner gave it, printable
    std::string device;    ///< device of the output: outputs of one device share it
    std::string note{};    ///< warning for its owner before use, or empty if none
    bool guessed = false;  ///< derived only from its messages: an announcement of the device itself is better
    std::string mac{};     ///< MAC in the topic of its announcement, or empty if not known
};

/// A temperature and its topic.
struct AnnouncedSensor {
    std::string name;
    std::string topic;
    std::string field;  ///< JSON field, or empty for the payload itself
    bool fahrenheit = false;
};

/// Content of one announcement.
struct Announced {
    std::vector<AnnouncedOutput> outputs;
    std::vector<AnnouncedSensor> sensors;
    std::vector<std::pair<std::string, std::string>> powers;  ///< an ESPHome node, and a topic with its watts
    std::vector<std::string> filters;                         ///< filters to subscribe to because of this message
    std::vector<Message> questions;                           ///< harmless queries that make the device report
    bool unreadable = false;                                  ///< its topic is for announcements, but its payload is not one
};

/// Limits the list of all devices that Zigbee2MQTT sends in one message. Any other announcement is at most 64 kB.
inline constexpr std::size_t most_list_bytes = 1024 * 1024;

/// Returns the topic filters on which these devices announce themselves; `#` is never one of them.
std::vector<std::string> announcement_filters(const std::string& home_assistant_prefix);

// Readers return empty for topics of other devices.

/// Tasmota's discovery messages of one device. Its sensors may come before or after its configuration.
struct TasmotaDevice {
    std::string config, sensors;  ///< payloads, empty until received
};
/// Returns the part of `tasmota/discovery/<mac>/…` that identifies the device, and true for its configuration. Empty for other
/// topics.
std::optional<std::pair<std::string, bool>> tasmota_discovery_topic(const std::string& topic);
Announced read_tasmota_device(const TasmotaDevice& device);
/// Read `tele/<topic>/LWT`, and the answer to an empty POWER0, for a device with discovery switched off.
std::optional<Announced> read_tasmota_will(const Message& message);
std::optional<Announced> read_tasmota_powers(const Message& message);

/// Reads `shellies/…`, and `<prefix>/online`, `status/switch:N`, `events/rpc` of Gen2 and later.
std::optional<Announced> read_shelly(const Message& message);

/// Reads `<base>/bridge/devices`.
std::optional<Announced> read_zigbee2mqtt(const Message& message);

/// Reads `PREFIX/<component>/[<node>/]<object>/config` and `PREFIX/device/…/config`: ESPHome, and others as generic outputs.
std::optional<Announced> read_home_assistant(const Message& message, const std::string& prefix);

/// Reads a temperature in any other message, by the name of its field or topic: its device announces nothing.
std::optional<Announced> read_temperature(const Message& message);

/// Returns the identity of the relay or fan: equal for two wirings of one relay.
std::string identity_of(const OutputConfig& wiring);

/// Returns the levels of a topic.
std::vector<std::string> levels_of(const std::string& topic);
/// Returns true for a topic that a subscription may name and a file may hold: no wildcard, no control or invisible character, not
/// too long.
bool is_plain_topic(const std::string& topic);

}  // namespace volt
