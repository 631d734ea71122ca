#include "drivers/mqtt/shelly_gen2.hpp"

#include "tests/drivers/mqtt/dialect_rig.hpp"

using namespace volt;
using namespace volt::testing;

namespace shelly_gen2_test {

namespace {

OutputConfig relay(std::optional<int> channel = std::nullopt) {
    OutputConfig config;
    config.id = "miner";
    config.dialect = DialectName::shelly_gen2;
    config.topic = "shellyplus1pm-aabbccddeeff";
    config.channel = channel;
    config.reply_to = "voltd/shack";
    config.rpc_number = 5;  // ids 20 (status), 21 (off), 22 (on)
    return config;
}

const std::string prefix = "shellyplus1pm-aabbccddeeff/";
const std::string answers = "voltd/shack/rpc";
const std::string ask = prefix + R"(rpc {"id":20,"src":"voltd/shack","method":"Switch.GetStatus","params":{"id":0}})";

constexpr const char* running =
    R"({"id":0,"source":"MQTT","output":true,"timer_started_at":1767323045.12,"timer_duration":300.0,"apower":3247.1,"voltage":238.2,"freq":60.0,"current":13.78,"pf":0.99,"aenergy":{"total":12345.678,"by_minute":[54118.3,54120.1,54119.7],"minute_ts":1767323040},"temperature":{"tC":52.1,"tF":125.8}})";
constexpr const char* ended =
    R"({"id":0,"source":"timer","output":false,"apower":0.0,"voltage":239.9,"current":0.000,"aenergy":{"total":12345.7,"by_minute":[0,0,0],"minute_ts":1767323340},"temperature":{"tC":47.0,"tF":116.6}})";

std::string reply(int id, const std::string& rest) {
    return "{\"id\":" + std::to_string(id) + R"(,"src":"shellyplus1pm-aabbccddeeff","dst":"voltd/shack",)" + rest + "}";
}

}  // namespace

TEST_CASE("shelly-gen2: ON carries the timer, and a query follows") {
    const auto dialect = make_dialect(relay());
    CHECK(
        lines(dialect->order({.on = true, .lease = 300s})) ==
        std::vector<std::string>{
            prefix + R"(rpc {"id":22,"src":"voltd/shack","method":"Switch.Set","params":{"id":0,"on":true,"toggle_after":300}})",
            ask});
    CHECK(lines(dialect->order({.on = true})).at(0) ==
          prefix + R"(rpc {"id":22,"src":"voltd/shack","method":"Switch.Set","params":{"id":0,"on":true}})");
    CHECK(lines(dialect->order({.on = true, .lease = 30500ms})).at(0).find("\"toggle_after\":31}") != std::string::npos);
    // An OFF with a timer would switch on at its end.
    CHECK(lines(dialect->order({.on = false, .lease = 300s})) ==
          std::vector<std::string>{
              prefix + R"(rpc {"id":21,"src":"voltd/shack","method":"Switch.Set","params":{"id":0,"on":false}})", ask});
    CHECK(lines(dialect->query()) == std::vector<std::string>{ask, prefix + "command status_update"});
    CHECK(lines(make_dialect(relay(3))->order({.on = false})).at(0).find(R"("params":{"id":3,)") != std::string::npos);
    CHECK(dialect->set_up_lease(300s).empty());
}

TEST_CASE("shelly-gen2: reads the device's messages") {
    const std::string status = prefix + "status/switch:0", events = prefix + "events/rpc";
    check_vectors(
        relay(),
        {
            {status, running, "on 3247W 12346Wh timer=300000ms"},
            {status, ended, "off 0W 12346Wh"},
            {status, R"({"id":0,"output":true})", "on timer=0ms"},  // on, and no timer is running
            {status, R"({"id":0,"output":true,"timer_duration":0})", "on timer=0ms"},
            {status, R"({"id":0,"output":true,"timer_duration":1e300})", "on timer=0ms"},
            {status, R"({"id":0,"output":true,"timer_duration":"300"})", "on timer=300000ms"},
            {status, R"({"id":0,"output":false,"timer_duration":60})", "off problem:its own timer will switch it on"},
            {status, R"({"id":0,"output":"on"})", ""},
            {status, R"({"id":0,"output":null,"apower":"12.6"})", "13W"},
            {status, R"({"id":0,"output":false,"errors":["overtemp","overpower"]})", "off problem:overtemp, overpower"},
            {status, R"({"id":1,"output":true})", ""},
            {status, R"({"id":"0","output":true})", ""},
            {prefix + "status/switch:1", running, ""},
            {events,
             R"({"src":"x","dst":"y","method":"NotifyStatus","params":{"ts":1.0,"switch:0":{"id":0,"output":true,"source":"WS_in"}}})",
             "on"},  // a change report: no information about a timer
            {events, R"({"method":"NotifyStatus","params":{"switch:0":{"id":0,"timer_duration":300,"output":true}}})",
             "on timer=300000ms"},
            {events, R"({"method":"NotifyFullStatus","params":{"switch:0":{"id":0,"output":true}}})", "on timer=0ms"},
            {events, R"({"method":"NotifyStatus","params":{"switch:0":{"id":0,"apower":7}}})", "7W"},
            {events, R"({"method":"NotifyStatus","params":{"switch:1":{"id":1,"output":true}}})", ""},
            {events, R"({"method":"NotifyEvent","params":{"events":[{"component":"switch:0"}]}})", ""},
            {events, R"({"method":"NotifyStatus","params":[]})", ""},
            {prefix + "online", "true", "there"},
            {prefix + "online", "false", "away"},
            {prefix + "online", "", ""},
            {prefix + "error/switch:0", "bad\ncommand", "problem:bad?command"},
            {prefix + "status/sys", "{}", ""},
        });
}

TEST_CASE("shelly-gen2: an answer belongs to the output that queried") {
    check_vectors(relay(), {
                               {answers, reply(22, R"("result":{"was_on":false})"), "alive takes-lease"},
                               {answers, reply(21, R"("result":{"was_on":true})"), "alive takes-lease"},
                               {answers, reply(20, std::string(R"("result":)") + running),
                                "alive on 3247W 12346Wh timer=300000ms takes-lease"},
                               {answers, reply(20, std::string(R"("result":)") + ended), "alive off 0W 12346Wh takes-lease"},
                               {answers, reply(20, R"("result":{"id":3,"output":true})"), ""},
                               {answers, reply(20, R"("error":{"code":-105,"message":"Argument 'id', value 3 not found!"})"),
                                "alive problem:-105 Argument 'id', value 3 not found!"},
                               {answers, reply(20, R"("result":null)"), ""},
                               {answers, reply(23, R"("result":{"was_on":false})"), ""},
                               {answers, reply(18, R"("result":{"was_on":false})"), ""},
                               {answers, reply(26, R"("result":{"was_on":false})"), ""},
                               {answers, R"({"id":"22","result":{"was_on":false}})", ""},
                               {answers, R"({"id":22.0,"result":{"was_on":false}})", ""},
                               {answers, R"({"id":-1,"result":{}})", ""},
                               {answers, R"({"id":99999999999999999999,"result":{}})", ""},
                               {answers, R"({"result":{}})", ""},
                               {answers, "{\"id\":20,", ""},
                           });
}

TEST_CASE("shelly-gen2: finds a retained command of either form") {
    CHECK(heard(relay(), prefix + "command/switch:0", "on", true) == "retained-command");
    CHECK(heard(relay(), prefix + "command/switch:0", "on").empty());
    CHECK(heard(relay(), prefix + "command/switch:0", "", true).empty());
    CHECK(heard(relay(), prefix + "command/switch:1", "on", true).empty());
    struct Row {
        const char* frame;
        bool ours;
    };
    for (const Row& row : {Row{R"({"method":"Switch.Set","params":{"id":0,"on":true}})", true},
                           Row{R"({"method":"switch.toggle","params":{"id":0}})", true},
                           Row{R"({"method":"Switch.Set","params":{"id":1,"on":true}})", false},
                           Row{R"({"method":"Shelly.GetStatus"})", false}, Row{"half {", true}, Row{"", false}}) {
        CAPTURE(std::string(row.frame));
        CHECK((heard(relay(), prefix + "rpc", row.frame, true) == "retained-command") == row.ours);
        CHECK(heard(relay(), prefix + "rpc", row.frame).empty());
    }
}

}  // namespace shelly_gen2_test
