#include "drivers/mqtt/shelly_gen1.hpp"

#include "tests/drivers/mqtt/dialect_rig.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

OutputConfig relay(std::optional<int> channel = std::nullopt) {
    OutputConfig config;
    config.id = "heater";
    config.dialect = DialectName::shelly_gen1;
    config.topic = "shelly1pm-AABBCC";
    config.channel = channel;
    return config;
}

const std::string base = "shellies/shelly1pm-AABBCC/";

}  // namespace

TEST_CASE("shelly-gen1: sends orders without a timer") {
    const auto dialect = make_dialect(relay()), second = make_dialect(relay(1));
    CHECK(lines(dialect->order({.on = true, .lease = 300s})) == std::vector<std::string>{base + "relay/0/command on"});
    CHECK(lines(second->order({.on = false})) == std::vector<std::string>{base + "relay/1/command off"});
    CHECK(lines(dialect->query()) == std::vector<std::string>{base + "command update", base + "command announce"});
    CHECK(dialect->set_up_lease(300s).empty());
}

TEST_CASE("shelly-gen1: reads the device's messages") {
    check_vectors(
        relay(),
        {
            {base + "relay/0", "on", "on"},
            {base + "relay/0", "off", "off"},
            {base + "relay/0", "overpower", "off problem:overpower"},
            {base + "relay/0", "maybe", ""},
            {base + "relay/0", "", ""},
            {base + "relay/1", "on", ""},
            {base + "relay/0/power", "3247.12", "3247W"},
            {base + "relay/0/power", "0.00", "0W"},
            {base + "relay/0/power", "nan", ""},
            {base + "relay/0/power", "1e400", ""},
            {base + "relay/0/power", "", ""},
            {base + "relay/0/energy", "194827", "3247Wh"},  // watt-minutes
            {base + "relay/0/energy", "-5", ""},
            {base + "relay/power", "52.5", "53W"},  // models that omit the index
            {base + "relay/energy", "600", "10Wh"},
            {base + "overtemperature", "1", "problem:overtemperature"},
            {base + "overtemperature", "0", ""},
            {base + "relay/1/power", "52.5", ""},
            {base + "online", "true", "there"},
            {base + "online", "false", "away"},
            {base + "online", "maybe", ""},
            {base + "info", R"({"mqtt":{"connected":true}})", "alive"},
            {base + "info", R"({"relays":[{"ison":true,"overpower":false}],"meters":[{"power":12.4,"total":120}]})",
             "alive on 12W 2Wh"},
            {base + "info", R"({"relays":[{"ison":false,"overpower":true}],"meters":[]})", "alive off problem:overpower"},
            {base + "info", "[]", ""},
            {"shellies/announce",
             R"({"id":"shelly1pm-AABBCC","model":"SHSW-PM","mac":"AABBCCDDEEFF","ip":"192.168.1.20","new_fw":false,"fw_ver":"20230913-112234/v1.14.0"})",
             "alive"},
            {base + "announce", R"({"id":"shelly1pm-AABBCC"})", "alive"},
            {"shellies/announce", R"({"id":"shelly1pm-DDEEFF"})", ""},
            {"shellies/announce", R"({"id":7})", ""},
            {"shellies/shelly1pm-AABBCCD/relay/0", "on", ""},
        });
    check_vectors(relay(1), {{base + "relay/1", "on", "on"},
                             {base + "relay/power", "5", ""},
                             {base + "info", R"({"relays":[{"ison":true},{"ison":false}]})", "alive off"}});
}

TEST_CASE("shelly-gen1: finds a retained command") {
    CHECK(heard(relay(), base + "relay/0/command", "on", true) == "retained-command");
    CHECK(heard(relay(), base + "relay/0/command", "on").empty());
    CHECK(heard(relay(), base + "relay/0/command", "", true).empty());
    CHECK(heard(relay(), base + "relay/1/command", "on", true).empty());
}
