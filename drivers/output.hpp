// Outputs: orders to an output, and its reports. A dialect is a pure translation (text in, events out; order in, messages out);
// the hub (drivers/mqtt/outputs.hpp) connects it to a broker, and turns events into an OutputReport.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/decision.hpp"
#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

struct Message {
    std::string topic;
    std::string payload;
    bool retained = false;  ///< mark of a received message; voltd never publishes retained messages to an output
};

/// An order to a dialect.
struct OutputOrder {
    bool on = false;
    std::int32_t level = 0;  ///< level of a level output
    Duration lease{};        ///< 0 if none; otherwise the device switches off by itself after this time
};

inline OutputOrder order_of(const Command& command, const Policy& policy) {
    return {command.on, command.level, policy.outputs[static_cast<std::size_t>(command.output)].lease};
}

/// One report of a device about the output.
struct OutputEvent {
    std::optional<OutputState> state;
    std::optional<std::int32_t> level;
    std::optional<bool> available;
    std::optional<Watts> power;
    std::optional<std::int64_t> energy_wh;  ///< counter of the device's own meter, converted to Wh
    std::optional<Duration> lease_timer;    ///< length of the device's own timer as it reports it; 0 if none is armed
    std::optional<TimerTrap> timer_trap;    ///< from the device's settings
    std::int64_t trap_setting = 0;          ///< the setting itself, as the device reports it
    bool trap_may_be_new = false;           ///< a report that also follows a change
    bool off_by_timer = false;              ///< the device's own timer switched it off
    bool alive = false;                     ///< the device itself sent something
    bool takes_lease = false;               ///< it supports a timer in ON, which the next ON arms
    std::optional<bool> gateway;            ///< the gateway between broker and device (Zigbee2MQTT) is online
    bool relayed = false;                   ///< sent by the gateway for the device: does not prove that the device is online
    bool answers_query = false;             ///< the state was queried, or arrived live (not retained)
    bool may_be_old = false;                ///< a status that can repeat the output from before an order (Shelly firmware 2.0)
    bool unasked = false;                   ///< sent periodically by the device: does not prove that it receives
    bool retained_command = false;          ///< the command topic has a retained message
    std::string unread;                     ///< reason why a message on its state's topic is not a state, as a part of a sentence
    std::string problem;                    ///< the device's message about a rejected order or a trip; printable, short
    bool problem_stays = false;             ///< a status, which repeats `problem` until the device clears it
};

/// Protocol of an output's device. Each is a Dialect.
enum class DialectName : std::uint8_t { tasmota, shelly_gen1, shelly_gen2, zigbee2mqtt, esphome, generic };

/// Returns the name in voltd.yaml.
inline const char* name_of(DialectName name) {
    switch (name) {
        case DialectName::tasmota: return "tasmota";
        case DialectName::shelly_gen1: return "shelly-gen1";
        case DialectName::shelly_gen2: return "shelly-gen2";
        case DialectName::zigbee2mqtt: return "zigbee2mqtt";
        case DialectName::esphome: return "esphome";
        case DialectName::generic: return "generic";
    }
    return "?";
}

/// Party that sets the length of the device's own timer.
enum class TimerSetBy : std::uint8_t {
    setup,  ///< voltd, before the first ON, and reads it back
    order,  ///< voltd, with each ON
    owner,  ///< only its owner, in the device
};

inline TimerSetBy timer_set_by(DialectName name) {
    switch (name) {
        case DialectName::tasmota: return TimerSetBy::setup;
        case DialectName::shelly_gen2:
        case DialectName::zigbee2mqtt: return TimerSetBy::order;
        case DialectName::shelly_gen1:
        case DialectName::esphome:
        case DialectName::generic: return TimerSetBy::owner;
    }
    return TimerSetBy::owner;
}

/// Returns true if voltd sets, sends or reads the timer. A start then waits for it by default.
inline bool lease_is_required(DialectName name) { return name != DialectName::esphome && name != DialectName::generic; }
/// Returns true if the device reports its timer. Any other timer is known only after `voltctl outputs prove`.
inline bool shows_timer(DialectName name) { return name == DialectName::tasmota || name == DialectName::shelly_gen2; }

/// The type of an ESPHome entity.
enum class EsphomeComponent : std::uint8_t { switch_, fan, number };

/// Returns the name in voltd.yaml and topics.
inline const char* name_of(EsphomeComponent component) {
    switch (component) {
        case EsphomeComponent::switch_: return "switch";
        case EsphomeComponent::fan: return "fan";
        case EsphomeComponent::number: return "number";
    }
    return "?";
}

/// One output, as written in voltd.yaml.
struct OutputConfig {
    std::string id;
    OutputKind kind = OutputKind::relay;
    DialectName dialect = DialectName::tasmota;
    std::string topic;
    std::optional<int> channel;
    Duration lease = 300s;
    bool require_lease = false;
    SafeState safe_state = SafeState::off;
    OnExit on_exit = OnExit::keep;
    ExternalSwitch external_override = ExternalSwitch::adopt;
    bool meter = false;
    std::string full_topic = "%prefix%/%topic%/";              ///< Tasmota
    std::string state_word_off = "OFF", state_word_on = "ON";  ///< Tasmota, for reading
    std::string base_topic = "zigbee2mqtt";                    ///< Zigbee2MQTT
    std::optional<EsphomeComponent> component;                 ///< ESPHome
    std::string object;                                        ///< ESPHome
    std::int32_t max_level = 10;
    std::string command_topic, payload_on = "ON", payload_off = "OFF";         ///< generic
    std::string state_topic, state_field, state_on = "ON", state_off = "OFF";  ///< generic; the field is also for Zigbee2MQTT
    std::string availability_topic, available = "online";                      ///< generic
    bool gateway = false;                  ///< generic: a gateway reports for the device, perhaps from its cache
    std::string power_topic, power_field;  ///< generic; the field is also for Zigbee2MQTT
    int power_unit_w = 1;                  ///< W per unit of the number on `power_topic`: 1 | 1000
    std::string reply_to = "voltd/site";   ///< Shelly RPC answers to `<reply_to>/rpc`; not in the file, set by voltd
    std::int32_t rpc_number = 0;           ///< 0 .. 2^28-1, different for each output; not in the file, set by voltd
    bool operator==(const OutputConfig&) const = default;
};

/// Returns true if a gateway between broker and device may publish a cached state as if it were live.
inline bool has_gateway(const OutputConfig& output) {
    return output.dialect == DialectName::zigbee2mqtt || (output.dialect == DialectName::generic && output.gateway);
}

/// Returns the topic of an ESPHome entity.
inline std::string entity_of(const OutputConfig& output) {
    return output.topic + "/" + (output.component ? name_of(*output.component) : "") + "/" + output.object;
}

/// Pure translation for one output. No I/O, no clock; stateless except for its configuration.
class Dialect {
public:
    virtual ~Dialect() = default;
    /// Returns topic filters to subscribe to, including command topics (to find retained commands).
    virtual std::vector<std::string> subscriptions() const = 0;
    /// Returns filters on all topics that the device obeys. It obeys a retained message there at each connect.
    virtual std::vector<std::string> command_filters() const = 0;
    /// Returns the messages for an order, in sending order. Never retained.
    virtual std::vector<Message> order(const OutputOrder& order) const = 0;
    /// Returns messages that make the device report its state (and meter), or none if it cannot be queried.
    virtual std::vector<Message> query() const = 0;
    /// Returns messages that make a device which cannot be queried show a sign of life (OutputEvent::alive), or none.
    virtual std::vector<Message> ping() const { return {}; }
    /// Returns the topic on which the broker may retain a message about the device's presence, or an empty string if none.
    virtual std::string availability_topic() const { return {}; }
    /// Returns topics with the retained state of a device that cannot be queried. They are updated only on change.
    virtual std::vector<std::string> retained_states() const { return {}; }
    /// Returns messages that set up and read back the device's own dead-man timer, or none if there is nothing to set up.
    virtual std::vector<Message> set_up_lease(Duration lease) const = 0;
    /// Returns messages that query the settings which can make the timer a danger (OutputEvent::timer_trap), or none. voltd sets
    /// up a timer only after the answer, or once a query went unanswered.
    virtual std::vector<Message> ask_trap() const { return {}; }
    /// Returns messages that end the timer that voltd has set up.
    virtual std::vector<Message> clear_lease() const { return {}; }
    /// Returns the reports of a received message about this output, or none if it is for another one or unreadable.
    virtual std::vector<OutputEvent> understand(const Message& message) const = 0;
};

/// Returns the dialect of a configuration, or null if it does not support the kind of the output.
std::unique_ptr<Dialect> make_dialect(const OutputConfig& config);

/// All outputs of the site on one broker connection. For the loop thread only; never blocks.
class Outputs {
public:
    virtual ~Outputs() = default;
    /// Sends now or not at all. Returns false if the broker is offline. Indexed like the outputs of the configuration.
    virtual bool send(std::size_t output, const OutputOrder& order) = 0;
    virtual bool ask(std::size_t output) = 0;
    /// Sets the length of the device's own timer from now on. One that voltd sets up is set up and read back again.
    virtual void set_lease(std::size_t output, Duration lease) = 0;
    /// Sets `reports` to the newest report of each output, aligned with the configuration.
    virtual void read(std::vector<OutputReport>& reports) const = 0;
    std::vector<OutputReport> reports() const {
        std::vector<OutputReport> list;
        read(list);
        return list;
    }
    virtual bool link_up() const = 0;
    virtual Time link_up_since() const = 0;
};

}  // namespace volt
