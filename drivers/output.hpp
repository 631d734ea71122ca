// Outputs: the orders to an output, and its reports. A dialect is a pure translation (text in, events out; order
// in, messages out); the hub (drivers/mqtt/outputs.hpp) gives it a broker, and turns events into an OutputReport.
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
    bool retained = false;  ///< of a received message; nothing is ever published retained towards an output
};

/// An order as a dialect sees it.
struct OutputOrder {
    bool on = false;
    std::int32_t level = 0;  ///< of a level output
    Duration lease{};        ///< 0: none; else the device switches off by itself after this time
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
    std::optional<Duration> lease_timer;    ///< length of the device's own timer as it reports it; 0: it has none armed
    std::optional<TimerTrap> timer_trap;    ///< by the device's settings
    bool alive = false;                     ///< the device itself sent something
    bool takes_lease = false;               ///< it supports a timer in ON: the next ON arms it
    std::optional<bool> gateway;            ///< the gateway between broker and device (Zigbee2MQTT) is online
    bool relayed = false;                   ///< sent by the gateway for the device: does not prove that the device is online
    bool answers_query = false;             ///< the state was queried, or came live (not retained)
    bool may_be_old = false;                ///< a status that can repeat the output from before an order (Shelly firmware 2.0)
    bool unasked = false;                   ///< sent periodically by the device: does not prove that it receives
    bool retained_command = false;          ///< the command topic has a retained message
    std::string unread;                     ///< why a message on its state's topic was no state, as a part of a sentence
    std::string problem;                    ///< the device's message about a rejected order or a trip; printable, short
};

/// What an output's device speaks; each is a Dialect.
enum class DialectName : std::uint8_t { tasmota, shelly_gen1, shelly_gen2, zigbee2mqtt, esphome, generic };

/// As voltd.yaml names it.
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

/// Who sets the length of the device's own timer.
enum class TimerSetBy : std::uint8_t {
    setup,  ///< voltd, before the first ON, and reads it back
    order,  ///< voltd, with each ON
    owner,  ///< its owner alone, in the device
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

/// As voltd.yaml and topics name it.
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
    std::string state_topic, state_field, state_on = "ON", state_off = "OFF";  ///< generic; the field: Zigbee2MQTT too
    std::string availability_topic, available = "online";                      ///< generic
    bool gateway = false;                  ///< generic: a gateway speaks for the device, perhaps from its cache
    std::string power_topic, power_field;  ///< generic; the field: Zigbee2MQTT too
    int power_unit_w = 1;                  ///< W in one unit of the number on `power_topic`: 1 | 1000
    std::string reply_to = "voltd/site";   ///< Shelly RPC answers to `<reply_to>/rpc`; not in the file: filled in
    std::int32_t rpc_number = 0;           ///< 0 .. 2^28-1, unlike any other output's; not in the file: filled in
    bool operator==(const OutputConfig&) const = default;
};

/// A gateway between broker and device may publish a cached state as if it were live.
inline bool has_gateway(const OutputConfig& output) {
    return output.dialect == DialectName::zigbee2mqtt || (output.dialect == DialectName::generic && output.gateway);
}

/// Topic of an ESPHome entity.
inline std::string entity_of(const OutputConfig& output) {
    return output.topic + "/" + (output.component ? name_of(*output.component) : "") + "/" + output.object;
}

/// Pure translation for one output. No I/O, no clock; stateless except for its configuration.
class Dialect {
public:
    virtual ~Dialect() = default;
    /// Topic filters to subscribe to, including command topics (to find retained commands).
    virtual std::vector<std::string> subscriptions() const = 0;
    /// Filters on all topics that the device obeys; it obeys a message retained there at each connect.
    virtual std::vector<std::string> command_filters() const = 0;
    /// Messages for an order, in the order of sending. Never retained.
    virtual std::vector<Message> order(const OutputOrder& order) const = 0;
    /// Messages that make the device report its state (and meter); empty: it cannot be queried.
    virtual std::vector<Message> query() const = 0;
    /// Messages that make a device which cannot be queried show that it is there (OutputEvent::alive); empty: it has none.
    virtual std::vector<Message> ping() const { return {}; }
    /// Where the broker may keep a message about the device's presence; empty: nowhere.
    virtual std::string availability_topic() const { return {}; }
    /// Topics with the retained state of a device that cannot be queried; updated only on change.
    virtual std::vector<std::string> retained_states() const { return {}; }
    /// Messages that set up and read back the device's own dead-man timer; empty: nothing to set up.
    virtual std::vector<Message> set_up_lease(Duration lease) const = 0;
    /// Messages that ask for the settings that can make the timer a danger (OutputEvent::timer_trap); empty: it has none. A timer is
    /// set up only after the answer, or once a question went unanswered.
    virtual std::vector<Message> ask_trap() const { return {}; }
    /// Messages that end the timer that voltd has set up.
    virtual std::vector<Message> clear_lease() const { return {}; }
    /// What a received message reports about this output; empty if it is for another one or unreadable.
    virtual std::vector<OutputEvent> understand(const Message& message) const = 0;
};

/// The dialect of a configuration; null if it does not serve the kind of the output.
std::unique_ptr<Dialect> make_dialect(const OutputConfig& config);

/// All outputs of the site over one broker connection. Called on the loop thread only; never blocks.
class Outputs {
public:
    virtual ~Outputs() = default;
    /// Sends now or not at all: false if the broker is offline. Indexed like the outputs of the configuration.
    virtual bool send(std::size_t output, const OutputOrder& order) = 0;
    virtual bool ask(std::size_t output) = 0;
    /// From now on the device's own timer is to have this length; one that voltd sets up is set up and read back again.
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
