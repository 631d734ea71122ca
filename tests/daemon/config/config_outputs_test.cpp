#include <doctest/doctest.h>

#include <set>

#include "tests/daemon/config/texts.hpp"

using namespace volt;
using namespace volt::test;

namespace config_outputs_test {

namespace {

/// Parses one output per line, from line 5 on.
ParsedConfig outputs(const std::vector<std::string>& lines, const std::string& more = "") {
    std::string text = "outputs:\n";
    for (const std::string& line : lines) text += "  - {" + line + "}\n";
    return parse_more(text + more);
}

void good(const std::vector<std::string>& lines, const std::string& more = "") {
    const auto parsed = outputs(lines, more);
    CAPTURE(said(parsed.problems));
    CHECK(parsed.config);
}

void bad(const std::vector<std::string>& lines, const std::string& finding, const std::string& more = "") {
    const auto parsed = outputs(lines, more);
    CAPTURE(lines.back());
    CAPTURE(said(parsed.problems));
    CHECK(parsed.problems.size() == 1);
    CHECK(says(parsed.problems, finding));
}

const std::string generic = "dialect: generic, command_topic: c, payload_on: a, payload_off: b";

}  // namespace

TEST_CASE("uses separate defaults for relays and levels") {
    const auto parsed = outputs({"id: a, topic: t", "id: b, kind: level, dialect: generic, command_topic: c, state_topic: s"});
    REQUIRE(parsed.config);
    const OutputConfig& relay = parsed.config->outputs[0];
    CHECK(relay.kind == OutputKind::relay);
    CHECK(relay.dialect == DialectName::tasmota);
    CHECK_FALSE(relay.channel);
    CHECK(relay.lease == 300s);
    CHECK(relay.require_lease);
    CHECK(relay.safe_state == SafeState::off);
    CHECK(relay.on_exit == OnExit::keep);
    CHECK(relay.external_override == ExternalSwitch::adopt);
    CHECK_FALSE(relay.meter);
    CHECK(relay.full_topic == "%prefix%/%topic%/");
    CHECK(relay.state_word_off == "OFF");
    CHECK(relay.state_word_on == "ON");
    const OutputConfig& level = parsed.config->outputs[1];
    CHECK(level.lease == 0s);
    CHECK_FALSE(level.require_lease);
    CHECK(level.safe_state == SafeState::automatic);
    CHECK(level.max_level == 10);
}

TEST_CASE("requires each dialect's keys and rejects those of others") {
    bad({"id: a"}, "f.yaml:5:5: outputs[0].topic: missing; dialect tasmota needs it");
    bad({"id: a, topic: t, command_topic: c"}, "f.yaml:5:23: outputs[0].command_topic: not for dialect tasmota");
    bad({"id: a, topic: t, component: fan"}, "outputs[0].component: not for dialect tasmota");
    bad({"id: a, dialect: generic, payload_on: a, payload_off: b"},
        "outputs[0].command_topic: missing; dialect generic needs it");
    bad({"id: a, dialect: generic, command_topic: c, payload_off: b"}, "outputs[0].payload_on: missing");
    bad({"id: a, topic: t, " + generic}, "outputs[0].topic: not for dialect generic");
    bad({"id: a, channel: 1, " + generic}, "outputs[0].channel: not for dialect generic");
    bad({"id: a, topic: t, channel: 0"}, "outputs[0].channel: POWER0 switches every relay of the device");
    bad({"id: a, topic: t, kind: level"}, "outputs[0].dialect: tasmota supports relays only");
    bad({"id: a, topic: t, max_level: 3"}, "outputs[0].max_level: a relay has no levels");
    bad({"id: a, topic: t, dialect: tasmoto"},
        "unknown value \"tasmoto\"; expected one of: tasmota, shelly-gen1, shelly-gen2, "
        "zigbee2mqtt, esphome, generic (nearest: tasmota)");
    good({"id: a, topic: t, channel: 1, full_topic: \"%topic%/%prefix%/\", state_words: [OFF, ON]"});
    good({"id: a, " + generic});
}

TEST_CASE("checks the keys of shelly, zigbee2mqtt and esphome") {
    good({"id: a, dialect: shelly-gen1, topic: shelly1pm-AABBCC, channel: 0, meter: true"});
    good({"id: a, dialect: shelly-gen2, topic: shed/plug, channel: 3, require_lease: true"});
    good({"id: a, dialect: zigbee2mqtt, topic: shed/plug, channel: 2, base_topic: z2m, power_field: power_left, meter: true"});
    good({"id: a, dialect: zigbee2mqtt, topic: plug, state_field: state_left"});
    good(
        {"id: a, dialect: esphome, topic: node, component: switch, object: o, power_topic: node/sensor/p/state, power_unit: kW, "
         "meter: true"});
    good({"id: a, dialect: esphome, topic: node, component: fan, object: o"});
    good({"id: a, kind: level, dialect: esphome, topic: node, component: fan, object: o, max_level: 8"});
    good({"id: a, kind: level, dialect: esphome, topic: node, component: number, object: o"});
    bad({"id: a, kind: level, dialect: esphome, topic: node, component: switch, object: o"},
        "outputs[0].component: a switch has no levels; expected fan or number, or kind: relay");
    bad({"id: a, dialect: esphome, topic: node, component: number, object: o"},
        "outputs[0].component: a number is a level; expected kind: level");
    bad({"id: a, dialect: esphome, topic: node, component: swich, object: o"},
        "unknown value \"swich\"; expected one of: switch, fan, number (nearest: switch)");
    bad({"id: a, dialect: esphome, topic: node, component: fan, object: o/p"}, "outputs[0].object");
    bad({"id: a, dialect: shelly-gen1, topic: t, state_field: s"}, "outputs[0].state_field: not for dialect shelly-gen1");
    bad({"id: a, dialect: shelly-gen2, topic: t, power_topic: s"}, "outputs[0].power_topic: not for dialect shelly-gen2");
    bad({"id: a, dialect: shelly-gen2"}, "outputs[0].topic: missing; dialect shelly-gen2 needs it");
    bad({"id: a, dialect: zigbee2mqtt, topic: t, channel: 0"}, "outputs[0].channel: endpoints count from 1");
    bad({"id: a, topic: t, base_topic: z2m"}, "outputs[0].base_topic: not for dialect tasmota");
    bad({"id: a, dialect: zigbee2mqtt, topic: t, base_topic: z2m/#"}, "outputs[0].base_topic");
    for (const std::string dialect : {"shelly-gen1", "shelly-gen2", "zigbee2mqtt"})
        bad({"id: a, kind: level, topic: t, dialect: " + dialect}, "outputs[0].dialect: " + dialect + " supports relays only");
    bad({"id: a, dialect: shelly_gen2, topic: t"}, "(nearest: shelly-gen2)");
    bad({"id: a, dialect: zigbee, topic: t"}, "unknown value");
    const auto parsed = outputs({"id: a, dialect: esphome, topic: t, channel: 1"});
    CHECK(says(parsed.problems, "outputs[0].component: missing; dialect esphome needs it"));
    CHECK(says(parsed.problems, "outputs[0].object: missing"));
    CHECK(says(parsed.problems, "outputs[0].channel: not for dialect esphome"));
}

TEST_CASE("gives each Shelly RPC output its own number") {
    std::vector<std::string> lines;
    for (int i = 0; i < 128; ++i)
        lines.push_back("id: s" + std::to_string(i) + ", dialect: shelly-gen2, topic: t" + std::to_string(i));
    const auto parsed = outputs(lines);
    REQUIRE(parsed.config);
    std::set<std::int32_t> numbers;
    for (const OutputConfig& output : parsed.config->outputs) {
        CHECK(output.reply_to == "voltd/shack");
        CHECK(output.rpc_number >= 0);
        CHECK(output.rpc_number < (1 << 28));
        numbers.insert(output.rpc_number);
    }
    CHECK(numbers.size() == 128);
    const auto other = outputs({"id: x, topic: x", lines[7]});
    REQUIRE(other.config);
    CHECK(other.config->outputs[1].rpc_number == parsed.config->outputs[7].rpc_number);
    lines.push_back("id: s128, topic: t128");
    CHECK_FALSE(outputs(lines).config);
}

TEST_CASE("checks the forms of an output's texts") {
    for (const char* part : {"id: A", "id: \"\"", "topic: t/#", "topic: \"a\\tb\"", "full_topic: \"%prefix%/\"",
                             "full_topic: \"%prefix%/%topic%/#\"", "state_words: [OFF]", "state_words: [ON, ON]", "kind: dimmer",
                             "safe_state: keep", "on_exit: on", "external_override: ignore", "meter: on", "require_lease: 1"}) {
        const std::string text(part);
        std::string line = text;
        if (text.find("id:") != 0) line += ", id: a";
        if (text.find("topic:") != 0) line += ", topic: t";
        const auto parsed = outputs({line});
        CAPTURE(part);
        CAPTURE(said(parsed.problems));
        CHECK_FALSE(parsed.config);
        CHECK(parsed.problems.size() == 1);
    }
    bad({"id: a, dialect: generic, command_topic: c, payload_on: 1, payload_off: \"0\""},
        "outputs[0].payload_on: \"1\" without quotes is a number, not text; write \"1\" in quotes");
    bad({"id: a, dialect: generic, command_topic: c, payload_on: \"1\", payload_off: OFF"},
        "\"OFF\" without quotes is a boolean");
}

TEST_CASE("rejects two outputs on one relay") {
    bad({"id: a, topic: t", "id: b, topic: t"}, "f.yaml:6:13: outputs[1].topic: the same relay as output a");
    bad({"id: a, topic: t, channel: 2", "id: b, topic: t, channel: 2"}, "the same relay as output a");
    bad({"id: a, topic: t", "id: b, topic: t, channel: 1"}, "the same relay as output a");
    bad({"id: a, topic: t, channel: 1", "id: b, topic: t"}, "the same relay as output a");
    bad({"id: a, " + generic, "id: b, " + generic}, "outputs[1].command_topic: the same relay as output a");
    bad({"id: a, topic: t, channel: 1", "id: b, dialect: generic, command_topic: cmnd/t/POWER, payload_on: a, payload_off: b"},
        "the same relay as output a");
    bad({"id: a, dialect: shelly-gen1, topic: t", "id: b, dialect: shelly-gen1, topic: t, channel: 0"},
        "the same relay as output a");
    bad({"id: a, dialect: shelly-gen2, topic: t", "id: b, dialect: shelly-gen2, topic: t, channel: 0"},
        "the same relay as output a");
    bad({"id: a, dialect: zigbee2mqtt, topic: t, channel: 1", "id: b, dialect: zigbee2mqtt, topic: t, state_field: state_l1"},
        "the same relay as output a");
    bad({"id: a, dialect: zigbee2mqtt, topic: t",
         "id: b, dialect: generic, command_topic: zigbee2mqtt/t/set, payload_on: a, payload_off: b"},
        "the same relay as output a");
    good({"id: a, dialect: zigbee2mqtt, topic: t, channel: 1", "id: b, dialect: zigbee2mqtt, topic: t, channel: 2",
          "id: c, dialect: zigbee2mqtt, topic: t, base_topic: z2m, channel: 1", "id: d, dialect: shelly-gen2, topic: t",
          "id: e, dialect: shelly-gen1, topic: t"});
    bad({"id: a, topic: t", "id: b, topic: t, full_topic: \"x/%topic%/%prefix%/\""}, "the same relay as output a");
    good({"id: a, topic: t, channel: 1", "id: b, topic: t, channel: 2", "id: c, topic: T"});
    bad({"id: a, topic: t", "id: a, topic: u"}, "f.yaml:6:6: outputs[1].id: \"a\" is already used on line 5");
    // Each is reported, even with another problem of the same output.
    const auto both = outputs({"id: a, topic: t", "id: b, topic: t, lease_s: 10"});
    CHECK(says(both.problems, "the same relay"));
    CHECK(says(both.problems, "lease_s: 10 is out of range"));
}

TEST_CASE("rejects contradictory safe states and leases") {
    bad({"id: a, topic: t, safe_state: auto"}, "outputs[0].safe_state: auto is for fans (kind: level); expected off");
    bad({"id: a, topic: t, safe_state: on, lease_s: 60"},
        "a lease timer of 60 s switches it off, but safe_state is on; expected lease_s: 0");
    bad({"id: a, topic: t, safe_state: on"}, "a lease timer of 300 s (the default) switches it off");
    good({"id: a, topic: t, safe_state: on, lease_s: 0"});
    good({"id: a, kind: level, dialect: generic, command_topic: c, safe_state: on"});
    bad({"id: a, topic: t, require_lease: true, lease_s: 0"}, "outputs[0].require_lease: true, but lease_s is 0");
    bad({"id: a, kind: level, dialect: generic, command_topic: c, require_lease: true"}, "true, but lease_s is 0");
    good({"id: a, topic: t, require_lease: true"});
}

TEST_CASE("keeps the charge output on by default, without a lease") {
    const auto parsed = outputs({"id: a, topic: t"}, "charge_output: a\n");
    REQUIRE(parsed.config);
    CHECK(parsed.config->outputs[0].safe_state == SafeState::on);
    CHECK(parsed.config->outputs[0].lease == 0s);
    CHECK(parsed.config->outputs[0].on_exit == OnExit::keep);
    good({"id: a, topic: t, safe_state: on, lease_s: 0, on_exit: keep"}, "charge_output: a\n");
    bad({"id: a, topic: t, safe_state: off"}, "outputs[0].safe_state: this is the charge_output", "charge_output: a\n");
    bad({"id: a, topic: t, lease_s: 300"}, "outputs[0].lease_s: this is the charge_output; use lease_s: 0", "charge_output: a\n");
    bad({"id: a, topic: t, on_exit: off"}, "outputs[0].on_exit: this is the charge_output", "charge_output: a\n");
    bad({"id: a, kind: level, dialect: generic, command_topic: c"}, "outputs[0].kind: the charge output is on or off",
        "charge_output: a\n");
    bad({"id: a, topic: t"}, "f.yaml:6:1: charge_output: \"b\" is not an output; expected one of: a", "charge_output: b\n");
}

TEST_CASE("warns about a generic output that reports nothing") {
    const auto parsed = outputs({"id: a, " + generic});
    CHECK(says(parsed.warnings, "f.yaml:5:31: outputs[0].state_topic: omitted: voltd cannot confirm"));
    CHECK_FALSE(says(outputs({"id: a, state_topic: s, require_lease: false, " + generic}).warnings, "outputs"));
}

TEST_CASE("warns about a meter without a topic and a hidden timer") {
    CHECK(says(outputs({"id: a, state_topic: s, meter: true, " + generic}).warnings,
               "outputs[0].meter: true, but there is no power_topic"));
    CHECK_FALSE(says(outputs({"id: a, topic: t, meter: true"}).warnings, "meter"));
    const std::string esphome = "id: a, dialect: esphome, topic: node, component: switch, object: o, require_lease: true";
    CHECK(says(outputs({esphome}).warnings, "outputs[0].require_lease: esphome does not report its lease timer"));
    CHECK(says(outputs({esphome}).warnings, "sudo voltctl outputs prove a"));
    CHECK_FALSE(says(outputs({"id: a, topic: t, require_lease: true"}).warnings, "require_lease"));
    CHECK_FALSE(says(outputs({"id: a, dialect: shelly-gen2, topic: t, require_lease: true"}).warnings, "require_lease"));
}

TEST_CASE("requires a lease if voltd sets, sends or reads the timer") {
    const auto required = [](const std::string& item) {
        const auto parsed = outputs({item});
        REQUIRE(parsed.config);
        return parsed.config->outputs[0].require_lease;
    };
    for (const char* dialect : {"tasmota", "shelly-gen1", "shelly-gen2", "zigbee2mqtt"}) {
        CAPTURE(std::string(dialect));
        const std::string item = std::string("id: a, topic: t, dialect: ") + dialect;
        CHECK(required(item));
        CHECK_FALSE(required(item + ", lease_s: 0"));
        CHECK_FALSE(required(item + ", require_lease: false"));
    }
    const std::string esphome = "id: a, dialect: esphome, topic: node, component: switch, object: o";
    for (const std::string& item : {esphome, "id: a, state_topic: s, " + generic}) {
        CAPTURE(item);
        CHECK_FALSE(required(item));
        CHECK(says(outputs({item}).warnings, "outputs[0].require_lease: omitted, and voltd cannot set or read"));
        CHECK_FALSE(says(outputs({item + ", require_lease: false"}).warnings, "require_lease"));
    }
    const auto levels = outputs({"id: b, kind: level, dialect: generic, command_topic: c, state_topic: s"});
    CHECK_FALSE(says(levels.warnings, "require_lease"));
    CHECK_FALSE(
        says(outputs({"id: a, dialect: zigbee2mqtt, topic: t"}).warnings, "require_lease"));  // no_lease explains how to prove it
}

TEST_CASE("rejects payloads that turn OFF into ON, with the line") {
    bad({"id: a, dialect: generic, command_topic: c, payload_on: x, payload_off: X"},
        ":5:64: outputs[0].payload_off: payload_on and payload_off are the same");
    bad({"id: a, dialect: generic, command_topic: c, payload_on: \"OFF\", payload_off: \"off\""}, "OFF would be ON");
    bad({generic + ", id: a, state_topic: s, state_on: x, state_off: x"}, "state_on and state_off are the same");
    bad({generic + ", id: a, state_topic: s, state_on: \"OFF\""}, "outputs[0].state_on: state_on and state_off are the same");
    bad({"id: a, topic: t, state_words: [ON, OFF]"}, ":5:23: outputs[0].state_words: the values are swapped");
    bad({"id: a, topic: t, state_words: [\"1\", \"0\"]"}, "swapped");
    bad({"id: a, topic: t, state_words: [x, X]"}, "the values are the same");
    good({"id: a, topic: t, state_words: [AUS, AN]"});
    good({generic + ", id: a, state_topic: s, state_on: \"1\", state_off: \"0\""});
}

TEST_CASE("accepts an inverted contact with a warning") {
    const auto parsed =
        outputs({"id: a, dialect: generic, command_topic: c, payload_on: \"0\", payload_off: \"1\", state_topic: s, "
                 "state_on: \"off\", state_off: \"on\""});
    CHECK(parsed.config);
    CHECK(says(parsed.warnings, "outputs[0].payload_on: \"0\" switches on"));
    CHECK(says(parsed.warnings, "outputs[0].state_on: \"off\" is read as on"));
}

TEST_CASE("rejects a payload that toggles or means the opposite") {
    const std::string a = "id: a, dialect: generic, state_topic: s, command_topic: ";
    bad({a + "c, payload_on: \"ON\", payload_off: Toggle"},
        "f.yaml:5:83: outputs[0].payload_off: \"Toggle\" toggles: OFF could switch on; expected a payload that only switches "
        "off");
    bad({a + "c, payload_on: TOGGLE, payload_off: \"OFF\""},
        "outputs[0].payload_on: \"TOGGLE\" toggles: ON could switch off; expected a payload that only switches on");
    bad({a + "c, payload_on: x, payload_off: '{\"state\":\"toggle\"}'"}, "outputs[0].payload_off");
    bad({a + "cmnd/t/POWER, payload_on: \"1\", payload_off: \"2\""}, "outputs[0].payload_off: \"2\" toggles");
    bad({a + "t/cmnd/power2, payload_on: \"2\", payload_off: \"0\""}, "outputs[0].payload_on: \"2\" toggles");
    good({a + "c, payload_on: \"1\", payload_off: \"2\""});

    for (const char* word : {"1", "on", "True"})
        bad({a + "c, payload_on: x, payload_off: \"" + word + "\""},
            std::string("outputs[0].payload_off: \"") + word +
                "\" means on: OFF would switch on; expected the payload that "
                "switches off (wired inverted: payload_on that means off)");
    for (const char* word : {"0", "off", "False"})
        bad({a + "c, payload_on: \"" + word + "\", payload_off: x"},
            std::string("outputs[0].payload_on: \"") + word +
                "\" means off: ON would switch off; expected the payload that "
                "switches on (wired inverted: payload_off that means on)");
    bad({a + "c, payload_on: \"ON\", payload_off: \"1\""}, "outputs[0].payload_off: \"1\" means on");
    good({a + "c, payload_on: \"false\", payload_off: \"ON\""});
    bad({a + "c, payload_on: 0, payload_off: \"1\""}, "without quotes");  // one finding at a time
    bad({a + "cmnd/t/Power0, payload_on: x, payload_off: z"},
        "outputs[0].command_topic: POWER0 switches every relay of the device; expected POWER1 to POWER32");
}

TEST_CASE("rejects an output that its own or another's orders would confirm") {
    const std::string a = "id: a, dialect: generic, payload_on: x, payload_off: z, command_topic: a, ";
    const std::string b = "id: b, dialect: generic, payload_on: x, payload_off: z, command_topic: b, ";
    const auto own = outputs({a + "state_topic: a"});
    CHECK(own.config);
    CHECK(says(own.warnings,
               "outputs[0].state_topic: the same as command_topic: voltd receives its own orders, so nothing "
               "confirms that the device obeys; use the device's own state topic, or omit it"));
    CHECK_FALSE(says(outputs({a + "state_topic: s"}).warnings, "its own orders"));

    bad({a + "state_topic: s", b + "state_topic: s"},
        "outputs[1].state_topic: also the state_topic of output a: each would be confirmed by the other; use each device's own "
        "state "
        "topic, or a state_field of each");
    bad({a + "state_topic: s, state_field: f", b + "state_topic: s, state_field: f"}, "outputs[1].state_topic");
    const std::string fan = "id: b, kind: level, dialect: generic, command_topic: b, ";
    bad({a + "state_topic: s, state_on: p, state_off: q", fan + "state_topic: s"}, "outputs[1].state_topic");
    good({a + "state_topic: s, state_field: f", b + "state_topic: s, state_field: g"});
    // Several devices on one topic, as from a radio bridge.
    good({a + "state_topic: s, state_on: a1, state_off: a0", b + "state_topic: s, state_on: b1, state_off: b0"});
    bad({a + "state_topic: s, state_on: a1, state_off: a0", b + "state_topic: s, state_on: b1, state_off: a1"},
        "outputs[1].state_topic");
}

TEST_CASE("recognizes one device under two spellings of its command topic") {
    const auto generic_at = [](const char* id, const std::string& topic) {
        return std::string("id: ") + id + ", dialect: generic, payload_on: x, payload_off: z, command_topic: " + topic;
    };
    const std::string same = "outputs[1].command_topic: the same relay as output a";
    bad({"id: a, topic: t", generic_at("b", "cmnd/t/power")}, same);
    bad({"id: a, topic: t, channel: 2", generic_at("b", "cmnd/t/Power2")}, same);
    bad({generic_at("a", "cmnd/t/POWER"), generic_at("b", "cmnd/t/Power1")}, same);
    bad({generic_at("a", "shed/heater/set"), generic_at("b", "shed/heater/Set")}, same);
    bad({"id: a, dialect: zigbee2mqtt, topic: t", generic_at("b", "zigbee2mqtt/t/set/state")}, same);
    bad({"id: a, dialect: zigbee2mqtt, topic: t, channel: 2", generic_at("b", "zigbee2mqtt/t/set/state_l2")}, same);
    bad({generic_at("a", "zigbee2mqtt/t/set"), generic_at("b", "zigbee2mqtt/t/set/state")}, same);
    good({generic_at("a", "shed/A/set"), generic_at("b", "shed/a/set"), "id: c, topic: t", "id: d, topic: T",
          generic_at("e", "cmnd/t/POWER2"), generic_at("f", "zigbee2mqtt/t/set/state_l1"),
          generic_at("g", "zigbee2mqtt/t/set/state_l2"), generic_at("h", "x"), generic_at("i", "X")});
}

TEST_CASE("rejects a group topic, which switches every device") {
    bad({"id: a, topic: tasmotas"}, "outputs[0].topic: \"tasmotas\" is a group topic");
    bad({"id: a, topic: sonoffs"}, "group topic");
    bad({"id: a, dialect: shelly-gen2, topic: shellies"}, "group topic");
    for (const char* topic : {"cmnd/tasmotas/POWER", "cmnd/sonoffs/POWER1", "shellies/command"})
        bad({std::string("id: a, dialect: generic, payload_on: a, payload_off: b, command_topic: \"") + topic + "\""},
            "outputs[0].command_topic");
    good({"id: a, topic: tasmotas1"});
}

TEST_CASE("warns about a topic with outer slashes or extra levels") {
    const auto warned = [](const std::string& line) { return said(outputs({line}).warnings); };
    CHECK(warned("id: a, topic: /miner2/").find("outputs[0].topic: \"/miner2/\" begins or ends with a slash") !=
          std::string::npos);
    CHECK(warned("id: a, topic: tele/miner2").find("\"miner2\", its middle part") != std::string::npos);
    CHECK(warned("id: a, topic: cmnd/miner2/POWER").find("\"miner2\"") != std::string::npos);
    CHECK(warned("id: a, dialect: shelly-gen1, topic: shellies/shelly1pm-AABBCC").find("\"shelly1pm-AABBCC\"") !=
          std::string::npos);
    CHECK(warned("id: a, dialect: zigbee2mqtt, topic: zigbee2mqtt/plug/set").find("\"plug\"") != std::string::npos);
    CHECK(warned("id: a, dialect: esphome, component: switch, object: plug, topic: node/status").find("\"node\"") !=
          std::string::npos);
    for (const char* fine : {"id: a, topic: shed/miner2", "id: a, dialect: shelly-gen2, topic: shed/plug",
                             "id: a, dialect: zigbee2mqtt, topic: left plug"})
        CHECK_MESSAGE(warned(fine).find("outputs[0]") == std::string::npos, warned(fine));
    const auto sensors = parse_more("sensors: [{id: a, topic: /a/b}]\nweather: {topic: w/}");
    CHECK(says(sensors.warnings, "sensors[0].topic: \"/a/b\" begins or ends"));
    CHECK(says(sensors.warnings, "weather.topic: \"w/\" begins or ends"));
}

}  // namespace config_outputs_test
