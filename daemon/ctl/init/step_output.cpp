// Step: the output of one load: chosen from the list, typed, or none.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "daemon/config/config_tables.hpp"
#include "daemon/ctl/init/conversation.hpp"

namespace volt::ctl::init {

namespace {

constexpr int usual_lease_s = 300;

/// Returns only what differs from a default output, in the words of voltd.yaml.
Json wiring_json(const OutputConfig& wiring, const std::string& id) {
    const OutputConfig fresh;
    Json json{{"id", id}};
    if (wiring.kind == OutputKind::level) json["kind"] = "level";
    json["dialect"] = name_of(wiring.dialect);
    const auto add = [&](const char* key, const std::string& value, const std::string& usual) {
        if (value != usual) json[key] = value;
    };
    add("topic", wiring.topic, "");
    if (wiring.channel) json["channel"] = *wiring.channel;
    if (wiring.meter && wiring.power_topic.empty()) json["meter"] = true;
    add("full_topic", wiring.full_topic, fresh.full_topic);
    if (wiring.state_word_off != fresh.state_word_off || wiring.state_word_on != fresh.state_word_on)
        json["state_words"] = {wiring.state_word_off, wiring.state_word_on};
    if (wiring.dialect == DialectName::zigbee2mqtt) add("base_topic", wiring.base_topic, fresh.base_topic);
    if (wiring.component) json["component"] = name_of(*wiring.component);
    add("object", wiring.object, "");
    if (wiring.kind == OutputKind::level) json["max_level"] = wiring.max_level;
    add("command_topic", wiring.command_topic, "");
    if (wiring.dialect == DialectName::generic && wiring.kind == OutputKind::relay) {
        json["payload_on"] = wiring.payload_on;
        json["payload_off"] = wiring.payload_off;
    }
    add("state_topic", wiring.state_topic, "");
    add("state_field", wiring.state_field, "");
    add("state_on", wiring.state_on, fresh.state_on);
    add("state_off", wiring.state_off, fresh.state_off);
    add("availability_topic", wiring.availability_topic, "");
    add("available", wiring.available, fresh.available);
    add("power_topic", wiring.power_topic, "");
    add("power_field", wiring.power_field, "");
    return json;
}

/// Explains what the owner must set in a device whose timer voltd cannot set.
std::string timer_hint(DialectName dialect) {
    switch (dialect) {
        case DialectName::shelly_gen1: return "set its Auto off timer to that in the device's own page";
        case DialectName::esphome: return "add a timer to the node's file that switches off when no ON arrives for that long";
        case DialectName::generic: return "the device itself must switch off when no ON arrives for that long";
        default: return "";
    }
}

/// Asks for the timer of a miner's or heater's relay, which switches off by itself while voltd is silent: voltd or the owner sets
/// it.
void ask_lease(Conversation& c, const LoadQuestion& load, const OutputConfig& wiring, Json& json) {
    if (load.fan) {
        if (wiring.kind == OutputKind::relay) json["lease_s"] = 0;
        else json["safe_state"] = "auto";
        return;
    }
    const std::string hint = timer_hint(wiring.dialect);
    if (hint.empty()) return;
    Question question{load.key + ".lease_s",
                      "Lease timer (dead-man timer): seconds until it switches off by itself when voltd stops (0: none)",
                      wiring.dialect == DialectName::generic ? "0" : std::to_string(usual_lease_s)};
    question.help = "Its lease timer: " + hint + ".";
    question.wrong = [](const std::string& answer) {
        int seconds = -1;
        const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), seconds);
        const bool whole = error == std::errc{} && end == answer.data() + answer.size();
        return whole && (seconds == 0 || (seconds >= shortest_lease_s && seconds <= longest_lease_s))
                   ? std::string()
                   : fmt::format("0, or {} to {}", shortest_lease_s, longest_lease_s);
    };
    const std::string answer = c.talk.ask(question);
    json["lease_s"] = std::atoi(answer.c_str());
    if (answer != "0") c.talk.print("  " + hint);
}

std::string ask_text(Conversation& c, const std::string& key, const std::string& text, bool optional = false,
                     const std::string& help = {}) {
    Question question{key, text};
    question.optional = optional;
    question.help = help;
    return c.talk.ask(question);
}

/// Explains where a device's owner finds the name for `topic`.
std::string topic_help(DialectName dialect) {
    switch (dialect) {
        case DialectName::tasmota: return "Configuration, Configure MQTT, Topic: cmnd/TOPIC/POWER switches it.";
        case DialectName::shelly_gen1: return "Its id, such as shelly1-AABBCC: shellies/ID/relay/0/command switches it.";
        case DialectName::shelly_gen2: return "Settings, MQTT, MQTT prefix: PREFIX/rpc switches it.";
        case DialectName::zigbee2mqtt: return "Its friendly name: zigbee2mqtt/NAME/set switches it.";
        case DialectName::esphome: return "The node's topic_prefix, by default its name: NODE/switch/OBJECT/command switches it.";
        case DialectName::generic: return "";
    }
    return "";
}

/// Asks for an output that did not announce itself.
OutputConfig ask_wiring(Conversation& c, const LoadQuestion& load) {
    std::vector<std::string> dialects;
    for (const DialectRule& it : dialect_rules()) dialects.emplace_back(name_of(it.dialect));
    const std::size_t chosen =
        c.talk.ask_one(load.key + ".dialect", "Its dialect", dialects, dialects, 0,
                       "How the device speaks MQTT: the firmware of the relay. generic: any other, by its topics and payloads.");
    OutputConfig wiring;
    wiring.dialect = dialect_rules()[chosen].dialect;
    if (load.fan && dialect_rules()[chosen].levels &&
        c.talk.ask_yes(load.key + ".level", "Does it have speed levels, not only on and off?", true)) {
        wiring.kind = OutputKind::level;
        wiring.max_level =
            c.talk.ask_number(load.key + ".max_level", "Its highest level", wiring.max_level, 1, limits::highest_level);
    }
    if (wiring.dialect == DialectName::generic) {
        wiring.command_topic = ask_text(c, load.key + ".command_topic", "Topic for commands");
        if (wiring.kind == OutputKind::relay)
            wiring.payload_on = ask_text(c, load.key + ".payload_on", "Payload that switches on");
        if (wiring.kind == OutputKind::relay)
            wiring.payload_off = ask_text(c, load.key + ".payload_off", "Payload that switches off");
        wiring.state_topic = ask_text(c, load.key + ".state_topic", "Topic of its state (Enter: none)", true);
        return wiring;
    }
    wiring.topic = ask_text(c, load.key + ".topic", "Its name or prefix in that dialect", false, topic_help(wiring.dialect));
    if (wiring.dialect == DialectName::esphome) {
        wiring.component = load.fan ? EsphomeComponent::fan : EsphomeComponent::switch_;
        wiring.object =
            ask_text(c, load.key + ".object", "Object id of the entity", false,
                     "The entity's name in the node's YAML, in lower case with _ for blanks: NODE/switch/OBJECT/command.");
        return wiring;
    }
    const std::string channel =
        ask_text(c, load.key + ".channel", "Channel, if the device has several relays (Enter: one)", true);
    if (!channel.empty()) wiring.channel = std::atoi(channel.c_str());
    return wiring;
}

/// Returns the reason this output cannot serve that load, or an empty string if it can.
std::string unfit(const Conversation& c, const LoadQuestion& load, const OutputConfig& wiring) {
    if (!load.fan && wiring.kind == OutputKind::level) return "that is a fan with levels; this needs a relay";
    const auto used = c.used.find(identity_of(wiring));
    return used == c.used.end() ? "" : "that one is " + used->second + " already";
}

}  // namespace

std::optional<ChosenOutput> ask_output(Conversation& c, const LoadQuestion& load) {
    const std::vector<SeenOutput> seen = c.announcements.outputs();
    const auto index_of = [&seen](const std::string& answer) -> std::optional<std::size_t> {
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
        const bool whole = error == std::errc{} && end == answer.data() + answer.size();
        return whole && number >= 1 && number <= seen.size() ? std::optional(number - 1) : std::nullopt;
    };
    Question question{load.key, load.text + ": a number from the list (? shows it), t to type it, none", "none"};
    question.help = "One of these, by its number; each relay switches one load. t: it is not among them.";
    for (const std::string& line : output_lines(seen)) question.help += "\n  " + line;
    question.wrong = [&](const std::string& answer) -> std::string {
        if (answer == "none" || answer == "t") return "";
        const auto index = index_of(answer);
        return index ? unfit(c, load, seen[*index].announced.wiring) : "a number from the list, t, or none";
    };
    const std::string answer = c.talk.ask(question);
    if (answer == "none") return std::nullopt;
    const auto index = index_of(answer);
    ChosenOutput chosen{load.id, index ? seen[*index].announced.wiring : ask_wiring(c, load),
                        index ? seen[*index].power : std::nullopt};
    if (const std::string wrong = unfit(c, load, chosen.wiring); !wrong.empty()) {
        c.talk.print("  " + wrong);
        throw GoBack{};
    }
    const bool measures = chosen.wiring.dialect != DialectName::generic && chosen.wiring.dialect != DialectName::esphome;
    if (chosen.power && measures) chosen.wiring.meter = true;  // its watts were received, announced or not
    Json json = wiring_json(chosen.wiring, chosen.id);
    ask_lease(c, load, chosen.wiring, json);
    c.answers["outputs"].push_back(json);
    c.used[identity_of(chosen.wiring)] = load.id;
    return chosen;
}

}  // namespace volt::ctl::init
