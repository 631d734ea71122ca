// Requirements for every dialect, for any input.
#include <algorithm>

#include "drivers/mqtt/bus.hpp"
#include "rules/names.hpp"
#include "tests/drivers/mqtt/dialect_rig.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

OutputConfig config_of(const std::string& dialect, const std::string& kind, const std::string& component = "") {
    OutputConfig config;
    config.id = dialect;
    config.dialect = parse<DialectName>(dialect).value();
    config.kind = parse<OutputKind>(kind).value();
    config.topic = "dev";
    config.component = parse<EsphomeComponent>(component);
    config.object = "o";
    config.meter = true;
    config.command_topic = "dev/set";
    config.state_topic = "dev/state";
    config.availability_topic = "dev/online";
    config.power_topic = "dev/power";
    if (dialect == "generic" && kind == "relay") config.state_field = config.power_field = "a.0.b";
    if (dialect == "zigbee2mqtt") config.channel = 1;
    return config;
}

std::vector<OutputConfig> all_dialects() {
    return {
        config_of("tasmota", "relay"),           config_of("shelly-gen1", "relay"),       config_of("shelly-gen2", "relay"),
        config_of("zigbee2mqtt", "relay"),       config_of("esphome", "relay", "switch"), config_of("esphome", "level", "fan"),
        config_of("esphome", "level", "number"), config_of("generic", "relay"),           config_of("generic", "level")};
}

/// Returns some topics that match a filter.
std::vector<std::string> topics_of(const std::string& filter) {
    if (filter.ends_with("/#")) return {filter.substr(0, filter.size() - 2), filter.substr(0, filter.size() - 1) + "state"};
    if (!filter.ends_with("/+")) return {filter};
    const std::string stem = filter.substr(0, filter.size() - 1);
    std::vector<std::string> topics;
    for (const char* last : {"POWER", "POWER1", "RESULT", "STATUS8", "PULSETIME", "power", "energy", "command", ""})
        topics.push_back(stem + last);
    return topics;
}

std::string nested(int depth, const std::string& open, const std::string& close) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += open;
    text += "1";
    for (int i = 0; i < depth; ++i) text += close;
    return text;
}

/// Returns payloads without a state, a power or a timer.
std::vector<std::string> rubbish() {
    std::vector<std::string> payloads = {"",
                                         " ",
                                         "{",
                                         "}",
                                         "[",
                                         "[]",
                                         "{}",
                                         "null",
                                         "true-ish",
                                         "\"",
                                         "{\"",
                                         "NaN",
                                         "nan",
                                         "inf",
                                         "-inf",
                                         "1e400",
                                         "-1e400",
                                         "0x10",
                                         "1,5",
                                         "1 W",
                                         "--1",
                                         "+-1",
                                         "\xff\xfe",
                                         "\xc3(",
                                         std::string("\0", 1),
                                         std::string("ON\0", 3),
                                         "ONN",
                                         "O",
                                         "offf",
                                         R"({"POWER":)",
                                         R"({"POWER":{}})",
                                         R"({"POWER":[]})",
                                         R"({"POWER":null})",
                                         R"({"POWER1":["ON"]})",
                                         R"({"ENERGY":[1]})",
                                         R"({"ENERGY":{"Power":[]}})",
                                         R"({"ENERGY":{"Power":{}}})",
                                         R"({"ENERGY":{"Power":"NaN"}})",
                                         R"({"ENERGY":{"Power":"1e400"}})",
                                         R"({"ENERGY":{"Power":1e400}})",
                                         R"({"ENERGY":{"Power":NaN}})",
                                         R"({"ENERGY":{"Power":1e300}})",
                                         R"({"ENERGY":{"Power":-1e300}})",
                                         R"({"ENERGY":{"Power":null,"Total":-3}})",
                                         R"({"StatusSNS":"x"})",
                                         R"({"StatusSTS":[]})",
                                         R"({"PulseTime1":{}})",
                                         R"({"PulseTime1":{"Set":1e300}})",
                                         R"({"PulseTime":{"Set":[]}})",
                                         R"({"PulseTime1":-5})",
                                         R"({"PulseTime1":" "})",
                                         R"({"output":1})",
                                         R"({"output":"true"})",
                                         R"({"apower":[3]})",
                                         R"({"apower":"1e999"})",
                                         R"({"aenergy":3})",
                                         R"({"aenergy":{"total":-1}})",
                                         R"({"id":{},"output":true})",
                                         R"({"id":1e300,"output":true})",
                                         R"({"errors":[[[1]]]})",
                                         R"({"method":"NotifyStatus"})",
                                         R"({"method":[],"params":{"switch:0":{"output":true}}})",
                                         R"({"id":0})",
                                         R"({"id":0,"result":7})",
                                         R"({"relays":{}})",
                                         R"({"relays":[]})",
                                         R"({"relays":[7],"meters":["x"]})",
                                         R"({"relays":[{"ison":"true"}]})",
                                         R"({"state":[]})",
                                         R"({"state_l1":{},"power_l1":[1]})",
                                         R"({"state_l1":1})",
                                         R"({"a":[]})",
                                         R"({"a":[{"b":{}}]})",
                                         R"({"a":{"0":{"b":[]}}})",
                                         nested(1000, "[", "]"),
                                         nested(1000, "{\"a\":", "}"),
                                         nested(30000, "[", ""),
                                         R"({"a":)" + std::string(60000, '[')};
    payloads.push_back(std::string(most_payload_bytes + 1, '7'));
    payloads.push_back("{\"POWER\":\"ON\",\"output\":true,\"state_l1\":\"ON\",\"x\":\"" + std::string(most_payload_bytes, 'x') +
                       "\"}");
    return payloads;
}

/// Matches like a broker: `+` is a level, `#` the rest.
bool covers(const std::string& filter, const std::string& topic) {
    std::size_t f = 0, t = 0;
    while (f < filter.size()) {
        if (filter[f] == '#') return true;
        if (filter.compare(f, 2, "/#") == 0 && t == topic.size()) return true;
        if (filter[f] == '+') {
            t = std::min(topic.find('/', t), topic.size());
            ++f;
        } else if (t >= topic.size() || filter[f++] != topic[t++]) {
            return false;
        }
    }
    return t == topic.size();
}

}  // namespace

TEST_CASE("every dialect: invalid messages report nothing") {
    const auto payloads = rubbish();
    for (const OutputConfig& config : all_dialects()) {
        const auto dialect = make_dialect(config);
        for (const std::string& filter : dialect->subscriptions()) {
            for (const std::string& topic : topics_of(filter)) {
                for (const std::string& payload : payloads) {
                    for (const OutputEvent& event : dialect->understand({topic, payload, false})) {
                        CAPTURE(config.dialect);
                        CAPTURE(topic);
                        CAPTURE(payload.substr(0, 100));
                        CHECK_MESSAGE(!(event.state || event.level || event.power || event.energy_wh || event.lease_timer),
                                      text_of(event));
                        CHECK(event.available != true);
                        CHECK_FALSE(event.gateway.has_value());
                        CHECK_FALSE(event.retained_command);
                        CHECK_FALSE(event.takes_lease);
                        CHECK(event.problem.size() <= 80);
                    }
                }
            }
        }
    }
}

TEST_CASE("every dialect: checks every obeyed topic for retained commands") {
    for (const OutputConfig& config : all_dialects()) {
        CAPTURE(config.dialect);
        const auto dialect = make_dialect(config);
        const auto filters = dialect->command_filters();
        int standing = 0;
        for (const Message& message : dialect->order({.on = true, .level = 3, .lease = 300s})) {
            if (dialect->understand({message.topic, message.payload, true}).empty()) continue;  // a query
            const auto covers_it = [&](const std::string& filter) { return covers(filter, message.topic); };
            CHECK_MESSAGE(std::any_of(filters.begin(), filters.end(), covers_it), message.topic);
            ++standing;
        }
        CHECK(standing > 0);
        for (const std::string& filter : filters)
            for (const std::string& topic : dialect->retained_states()) CHECK_MESSAGE(!covers(filter, topic), topic);
    }
}

TEST_CASE("every dialect: a repeated message reports the same") {
    const std::vector<std::pair<OutputConfig, Vector>> samples = {
        {config_of("tasmota", "relay"), {"stat/dev/RESULT", R"({"POWER":"ON"})", "on"}},
        {config_of("tasmota", "relay"), {"tele/dev/SENSOR", R"({"ENERGY":{"Power":"3247","Total":[1.5]}})", "3247W 1500Wh"}},
        {config_of("shelly-gen2", "relay"), {"dev/status/switch:0", R"({"id":0,"output":false,"apower":0})", "off 0W"}},
        {config_of("zigbee2mqtt", "relay"), {"zigbee2mqtt/dev", R"({"state_l1":"OFF","power_l1":"3.6"})", "off 4W"}},
        {config_of("generic", "relay"), {"dev/state", R"({"a":[{"b":"ON"}]})", "on"}},
        {config_of("generic", "relay"), {"dev/power", R"({"a":[{"b":"3247.6"},{"b":1}]})", "3248W"}}};
    for (const auto& sample : samples) {
        const auto& row = sample.second;
        CAPTURE(row.payload);
        const auto dialect = make_dialect(sample.first);
        for (int i = 0; i < 2; ++i) CHECK(text_of(dialect->understand({row.topic, row.payload, false}).at(0)) == row.meaning);
        for (std::size_t length = 0; length < row.payload.size(); ++length)
            for (const OutputEvent& event : dialect->understand({row.topic, row.payload.substr(0, length), false}))
                CHECK(text_of(event).empty());
    }
}

TEST_CASE("every dialect: an order is absolute and never retained") {
    for (const OutputConfig& config : all_dialects()) {
        CAPTURE(config.dialect);
        const auto dialect = make_dialect(config);
        for (const bool on : {true, false}) {
            const auto messages = dialect->order({.on = on, .level = 3, .lease = 300s});
            REQUIRE_FALSE(messages.empty());
            CHECK(lines(messages) == lines(dialect->order({.on = on, .level = 3, .lease = 300s})));
            for (const Message& message : messages) {
                CHECK(message.topic.find("dev") != std::string::npos);
                CHECK(message.payload.find("oggle\"") == std::string::npos);
                CHECK_FALSE(message.payload.empty());
            }
        }
        CHECK(lines(dialect->order({.on = true, .level = 3})) != lines(dialect->order({.on = false})));
    }
}

TEST_CASE("returns no dialect for an unsupported kind of output") {
    for (const char* dialect : {"tasmota", "shelly-gen1", "shelly-gen2", "zigbee2mqtt"})
        CHECK(make_dialect(config_of(dialect, "level")) == nullptr);
}
