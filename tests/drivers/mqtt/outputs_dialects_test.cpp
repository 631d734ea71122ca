// Requirements of dialects other than Tasmota for MqttOutputs: gateways, separate levels, timers in ON.
#include "drivers/mqtt/outputs.hpp"

#include <doctest/doctest.h>

#include "rules/names.hpp"
#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

OutputConfig output(const std::string& dialect, const std::string& kind = "relay") {
    OutputConfig config;
    config.id = "one";
    config.dialect = parse<DialectName>(dialect).value();
    config.kind = parse<OutputKind>(kind).value();
    config.topic = "dev";
    config.component = EsphomeComponent::fan;
    config.object = "o";
    config.meter = true;
    config.reply_to = "voltd/shack";
    if (kind == "level") config.lease = Duration{};
    return config;
}

struct Rig {
    explicit Rig(const OutputConfig& config) : outputs({config}, bus) {
        bus.come(1s);
        turn(1s);
    }
    void turn(Time time) {
        now = time;
        outputs.turn(now);
    }
    void receive(const std::string& topic, const std::string& payload, bool retained = false) {
        outputs.receive(received(topic, payload, now, retained));
    }
    OutputReport report() const { return outputs.reports().at(0); }

    MemoryBus bus;
    MqttOutputs outputs;
    Time now{};
};

std::string status(const std::string& rest) { return R"({"id":0,"result":{"id":0,)" + rest + "}}"; }

}  // namespace

TEST_CASE("zigbee2mqtt: available while gateway and device are both online") {
    Rig rig(output("zigbee2mqtt"));
    rig.receive("zigbee2mqtt/dev/availability", R"({"state":"offline"})", true);
    rig.receive("zigbee2mqtt/bridge/state", R"({"state":"online"})", true);
    CHECK_FALSE(rig.report().available);
    rig.receive("zigbee2mqtt/dev", R"({"state":"ON"})");  // the gateway's cache is no sign of life
    CHECK_FALSE(rig.report().available);
    rig.turn(5s);
    rig.receive("zigbee2mqtt/dev/availability", R"({"state":"online"})");
    CHECK(rig.report().available);
    CHECK(rig.report().available_since == 5s);
    rig.receive("zigbee2mqtt/bridge/state", R"({"state":"offline"})");
    CHECK_FALSE(rig.report().available);
    rig.turn(7s);
    rig.turn(9s);
    rig.bus.sent.clear();
    rig.receive("zigbee2mqtt/bridge/state", R"({"state":"online"})");  // its first states may be old: the device is queried
    CHECK(rig.report().available);
    CHECK(rig.report().available_since == 9s);
    CHECK(rig.bus.payloads("zigbee2mqtt/dev/get").size() == 1);
    CHECK(rig.report().lease == Lease::unverified);
}

TEST_CASE("zigbee2mqtt: a reported device is online without availability topic") {
    Rig rig(output("zigbee2mqtt"));
    CHECK_FALSE(rig.report().available);
    rig.receive("zigbee2mqtt/dev", R"({"state":"OFF","power":3})");
    CHECK(rig.report().available);
    CHECK(rig.report().state == OutputState::unknown);
    rig.turn(12s);
    rig.receive("zigbee2mqtt/dev", R"({"state":"OFF","power":3})");
    rig.turn(23s);
    rig.receive("zigbee2mqtt/dev", R"({"state":"OFF","power":3})");
    CHECK(rig.report().state == OutputState::off);
    CHECK(rig.report().power.value == Watts{3});
}

TEST_CASE("a gateway's cached state is a hint until two answers agree") {
    Rig rig(output("zigbee2mqtt"));
    const auto says = [&](const char* word) { rig.receive("zigbee2mqtt/dev", std::string(R"({"state":")") + word + "\"}"); };
    rig.receive("zigbee2mqtt/bridge/state", R"({"state":"online"})", true);
    says("ON");  // from its cache, before any device was queried
    CHECK(rig.report().state == OutputState::unknown);
    rig.turn(3s);
    says("ON");
    CHECK(rig.report().hint);
    CHECK_FALSE(rig.report().state_received);
    says("OFF");  // the device itself
    CHECK(rig.report().state == OutputState::unknown);
    rig.turn(14s);
    says("OFF");
    says("OFF");  // a second message answers no second query
    CHECK(rig.report().state == OutputState::unknown);
    rig.turn(25s);
    says("OFF");
    CHECK(rig.report().state == OutputState::off);
    CHECK_FALSE(rig.report().hint);
    CHECK(rig.report().state_at == 25s);
    // From now on each message counts, until the gateway restarts.
    says("ON");
    CHECK(rig.report().state == OutputState::on);
    rig.receive("zigbee2mqtt/bridge/state", R"({"state":"offline"})");
    rig.receive("zigbee2mqtt/bridge/state", R"({"state":"online"})");
    says("ON");
    CHECK(rig.report().state == OutputState::unknown);
    CHECK(rig.report().hint);
}

TEST_CASE("two unanswered queries make a gateway's state a hint again") {
    Rig rig(output("zigbee2mqtt"));
    const auto says = [&](const char* word) { rig.receive("zigbee2mqtt/dev", std::string(R"({"state":")") + word + "\"}"); };
    rig.receive("zigbee2mqtt/bridge/state", R"({"state":"online"})", true);
    for (const Time at : {3s, 14s, 25s}) {
        rig.turn(at);
        says("ON");
    }
    REQUIRE(rig.report().state == OutputState::on);
    for (const Time at : {100s, 110s}) {
        rig.turn(at);
        REQUIRE(rig.outputs.ask(0));
        CHECK(rig.report().state == OutputState::on);
    }
    rig.turn(130s);
    REQUIRE(rig.outputs.ask(0));  // the third, with two unanswered
    CHECK(rig.report().state == OutputState::unknown);
    says("ON");  // from its cache
    CHECK(rig.report().state == OutputState::unknown);
    CHECK(rig.report().hint);
}

TEST_CASE("queries a gateway every ten seconds until its answers agree") {
    Rig rig(output("zigbee2mqtt"));
    rig.receive("zigbee2mqtt/bridge/state", R"({"state":"online"})", true);
    rig.turn(3s);
    rig.bus.sent.clear();
    for (Time at = 4s; at <= 34s; at += 1s) rig.turn(at);
    CHECK(rig.bus.payloads("zigbee2mqtt/dev/get").size() == 3);
}

TEST_CASE("a generic gateway output needs two messages ten seconds apart") {
    OutputConfig config = output("generic");
    config.state_topic = "dev/state";
    config.command_topic = "dev/set";
    config.gateway = true;
    Rig rig(config);
    rig.receive("dev/state", "ON");
    rig.receive("dev/state", "ON");
    CHECK(rig.report().state == OutputState::unknown);
    rig.turn(12s);
    rig.receive("dev/state", "OFF");
    CHECK(rig.report().state == OutputState::unknown);
    rig.turn(23s);
    rig.receive("dev/state", "OFF");
    CHECK(rig.report().state == OutputState::off);
}

TEST_CASE("esphome: accepts level and state separately, in any order") {
    Rig rig(output("esphome", "level"));
    const std::string base = "dev/fan/o/";
    CHECK_FALSE(rig.report().can_be_asked);
    rig.receive(base + "speed_level/state", "7", true);
    rig.receive(base + "state", "ON", true);
    CHECK(rig.report().hint);
    CHECK(rig.report().level == 7);
    rig.receive("dev/status", "online", true);
    CHECK(rig.report().available);
    rig.turn(3s);
    rig.receive(base + "state", "OFF");
    rig.receive(base + "speed_level/state", "4");
    CHECK(rig.report().state == OutputState::off);
    CHECK(rig.report().level == 0);
    rig.turn(5s);
    rig.receive(base + "state", "ON");
    CHECK(rig.report().level == 4);
    rig.turn(6s);
    rig.receive(base + "speed_level/state", "9");
    CHECK(rig.report().level == 9);
    CHECK(rig.report().state_at == 6s);
    rig.turn(20s);
    rig.receive(base + "speed_level/state", "2", true);  // a hint after live messages is ignored
    CHECK(rig.report().level == 9);
}

TEST_CASE("shelly-gen2: counts as armed once it answers RPC") {
    Rig rig(output("shelly-gen2"));
    CHECK(rig.report().lease == Lease::unverified);
    rig.receive("dev/online", "true");
    CHECK(rig.report().available);
    CHECK(rig.report().lease == Lease::unverified);
    rig.receive("voltd/shack/rpc", status(R"("output":false)"));
    CHECK(rig.report().state == OutputState::off);
    CHECK(rig.report().lease == Lease::armed);
    REQUIRE(rig.outputs.send(0, {.on = true, .lease = 300s}));
    rig.receive("voltd/shack/rpc", status(R"("output":true,"timer_duration":300)"));
    CHECK(rig.report().lease == Lease::armed);
    CHECK(rig.report().lease_left == 300s);
    rig.receive("dev/events/rpc", R"({"method":"NotifyStatus","params":{"switch:0":{"id":0,"output":true}}})");
    CHECK(rig.report().lease == Lease::armed);  // a change report without a timer does not mean that none is running
    rig.receive("dev/online", "false");
    CHECK_FALSE(rig.report().available);
    CHECK(rig.report().lease == Lease::unverified);
}

TEST_CASE("shelly-gen2: an ON without voltd's timer disarms the lease") {
    Rig rig(output("shelly-gen2"));
    rig.receive("voltd/shack/rpc", status(R"("output":false)"));
    REQUIRE(rig.outputs.send(0, {.on = true, .lease = 300s}));
    rig.receive("dev/status/switch:0", R"({"id":0,"output":true})");
    CHECK(rig.report().lease == Lease::none);
    REQUIRE(rig.outputs.send(0, {.on = false}));
    rig.receive("voltd/shack/rpc", status(R"("output":false)"));
    CHECK(rig.report().lease != Lease::armed);
    rig.turn(40s);
    rig.receive("dev/status/switch:0", R"({"id":0,"output":true,"timer_duration":300})");
    CHECK(rig.report().lease == Lease::armed);
}

TEST_CASE("shelly-gen2: reports an external ON without a timer") {
    Rig rig(output("shelly-gen2"));
    rig.receive("voltd/shack/rpc", status(R"("output":false)"));
    rig.receive("dev/status/switch:0", R"({"id":0,"output":true,"timer_duration":60})");
    CHECK(rig.report().lease == Lease::unverified);
    rig.receive("voltd/shack/rpc", status(R"("output":false)"));
    CHECK(rig.report().lease == Lease::armed);
}

TEST_CASE("shelly-gen1: an answer is a sign of life") {
    Rig rig(output("shelly-gen1"));
    rig.turn(4s);
    rig.bus.sent.clear();
    rig.receive("shellies/announce", R"({"id":"dev"})");
    CHECK(rig.report().available);
    const auto asked = rig.bus.sent.size();
    for (int i = 5; i < 15; ++i) {
        rig.turn(std::chrono::seconds{i});
        rig.receive("shellies/announce", R"({"id":"dev"})");
    }
    CHECK(rig.bus.sent.size() <= asked + 2);  // once more, because the state has not come
    CHECK(rig.report().lease == Lease::unverified);
}

TEST_CASE("reports a device's refusal once, and again on recurrence") {
    Rig rig(output("shelly-gen2"));
    const std::string error = R"({"id":0,"error":{"code":-105,"message":"no such switch"}})";
    const std::vector<OutputProblem> told = {{0, "-105 no such switch"}};
    rig.receive("voltd/shack/rpc", error);
    rig.receive("voltd/shack/rpc", error);
    CHECK(rig.outputs.take_problems() == told);
    CHECK(rig.outputs.take_problems().empty());
    rig.receive("dev/events/rpc", R"({"method":"NotifyStatus","params":{"switch:0":{"id":0,"apower":7}}})");
    rig.receive("voltd/shack/rpc", error);
    CHECK(rig.outputs.take_problems().empty());
    rig.receive("voltd/shack/rpc", status(R"("output":false)"));
    rig.receive("voltd/shack/rpc", error);
    CHECK(rig.outputs.take_problems() == told);
    for (int i = 0; i < 100; ++i) rig.receive("dev/error/switch:0", "trouble " + std::to_string(i));
    CHECK(rig.outputs.take_problems().size() == MqttOutputs::most_problems);
}

TEST_CASE("esphome: reads the state of a switch back from the broker") {
    auto config = output("esphome");
    config.component = EsphomeComponent::switch_;
    Rig rig(config);
    const std::string state = "dev/switch/o/state";
    rig.receive("dev/status", "online", true);
    CHECK(rig.bus.payloads("esphome/ping/dev").size() == 1);
    const int subscribed = rig.bus.subscribed;
    rig.turn(2s);
    CHECK(rig.bus.subscribed == subscribed + 1);  // its command topic
    rig.receive(state, "ON", true);               // from a node that may be offline
    CHECK_FALSE(rig.report().state_received);
    CHECK(rig.report().hint);
    rig.receive("esphome/discover/dev", "{}", true);  // an old answer
    rig.turn(2s);
    CHECK(rig.bus.subscribed == subscribed + 1);
    rig.receive("esphome/discover/dev", "{}");
    rig.turn(2s);
    CHECK(rig.bus.subscribed == subscribed + 2);  // now its state counts
    rig.receive(state, "ON", true);
    CHECK(rig.report().state_received);
    CHECK(rig.report().state_at == 2s);
    rig.turn(10s);
    rig.receive(state, "OFF", true);  // not requested
    CHECK(rig.report().state == OutputState::on);
    REQUIRE(rig.outputs.send(0, {.on = true}));
    rig.turn(10500ms);
    CHECK(rig.bus.subscribed == subscribed + 2);  // time to act first
    rig.turn(11s);
    CHECK(rig.bus.subscribed == subscribed + 3);
    rig.receive(state, "ON", true);
    CHECK(rig.report().state_at == 11s);
    rig.receive("dev/status", "offline");
    rig.receive(state, "OFF", true);  // from an offline node it is only a hint
    CHECK(rig.report().state == OutputState::on);
}

TEST_CASE("shelly-gen1: only an answer proves that it receives") {
    Rig rig(output("shelly-gen1"));
    rig.turn(2s);
    rig.receive("shellies/dev/relay/0", "off");
    rig.receive("shellies/dev/info", R"({"relays":[{"ison":false}]})");
    CHECK(rig.report().state == OutputState::off);
    CHECK(rig.report().state_at == 2s);
    CHECK(rig.report().answered_at == Time{});
    rig.turn(3s);
    rig.receive("shellies/announce", R"({"id":"dev"})");
    CHECK(rig.report().answered_at == 3s);
}

TEST_CASE("only two answers disprove a retained offline message") {
    const std::string away = "zigbee2mqtt/dev/availability";
    const auto says = [](Rig& rig, const char* word) {
        rig.receive("zigbee2mqtt/dev", std::string(R"({"state":")") + word + "\"}");
    };
    const auto gone = [&](Rig& rig, bool kept) {
        rig.receive(away, R"({"state":"offline"})", kept);
        rig.receive("zigbee2mqtt/bridge/state", R"({"state":"online"})", true);
    };
    Rig rig(output("zigbee2mqtt"));
    gone(rig, true);
    CHECK(rig.report().kept_offline);
    says(rig, "ON");  // a cached one, and the answer to the first query
    says(rig, "ON");
    CHECK_FALSE(rig.report().available);
    for (Time at = 2s; at <= 30s; at += 1s) rig.turn(at);  // once it has sent a message it is queried again
    CHECK(rig.bus.payloads("zigbee2mqtt/dev/get").size() >= 2);
    says(rig, "ON");
    CHECK(rig.report().available);
    CHECK_FALSE(rig.report().kept_offline);
    CHECK(rig.report().state == OutputState::on);
    Rig live(output("zigbee2mqtt"));
    gone(live, false);
    CHECK_FALSE(live.report().kept_offline);
    for (Time at = 2s; at <= 60s; at += 1s) {
        live.turn(at);
        says(live, "ON");
    }
    CHECK_FALSE(live.report().available);
    CHECK(live.outputs.availability_topic(0) == away);
}

TEST_CASE("a generic gateway's cached state brings back no offline device") {
    OutputConfig config = output("generic");
    config.command_topic = "dev/set";
    config.state_topic = "dev/state";
    config.availability_topic = "dev/online";
    config.gateway = true;
    for (const bool kept : {true, false}) {
        Rig rig(config);
        rig.receive("dev/online", "offline", kept);
        for (const Time at : {2s, 5s}) {
            rig.turn(at);
            rig.receive("dev/state", "ON");
        }
        CHECK_FALSE(rig.report().available);
        rig.turn(13s);
        rig.receive("dev/state", "ON");
        CHECK(rig.report().available == kept);
    }
}

TEST_CASE("distinguishes watts in a separate message from watts with a state") {
    OutputConfig config = output("shelly-gen1");
    config.meter = true;
    Rig gen1(config);
    gen1.receive("shellies/dev/relay/0", "on");
    gen1.receive("shellies/dev/relay/0/power", "1620.00");
    CHECK(gen1.report().power_alone);
    CHECK(gen1.report().changed_at == gen1.report().state_at);
    const Time changed = gen1.report().changed_at;
    gen1.turn(9s);
    gen1.receive("shellies/dev/relay/0", "on");
    CHECK(gen1.report().changed_at == changed);
    CHECK(gen1.report().state_at == 9s);
    config = output("tasmota");
    config.meter = true;
    Rig tasmota(config);
    tasmota.receive("stat/dev/RESULT", R"({"POWER":"ON","ENERGY":{"Power":1620}})");
    CHECK_FALSE(tasmota.report().power_alone);
}

TEST_CASE("a repeated fault is reported once until it is cleared") {
    Rig rig(output("zigbee2mqtt"));
    const auto says = [&](Time at, const char* fault) {
        rig.turn(at);
        rig.receive("zigbee2mqtt/dev", std::string(R"({"state":"OFF","fault":")") + fault + "\"}");
    };
    says(10s, "clear");
    says(20s, "over power threshold");
    says(90s, "over power threshold");
    CHECK(rig.report().protection == OwnProtection::power);
    CHECK(rig.report().protection_at == 20s);
    says(100s, "clear");
    says(110s, "over power threshold");
    CHECK(rig.report().protection_at == 110s);
}

TEST_CASE("an old fault explains no later OFF, a new one does") {
    Rig rig(output("zigbee2mqtt"));
    const auto says = [&](Time at, const char* rest) {
        rig.turn(at);
        rig.receive("zigbee2mqtt/dev", std::string(R"({"state":)") + rest + "}");
    };
    says(10s, R"("ON","last_event":"over_voltage")");
    CHECK(rig.report().protection == OwnProtection::none);  // it may be of last week
    CHECK(rig.outputs.take_problems().size() == 1);
    REQUIRE(rig.outputs.send(0, {.on = true, .lease = 300s}));
    for (const Time at : {21s, 32s, 43s}) says(at, R"("ON","last_event":"over_voltage")");
    REQUIRE(rig.report().state == OutputState::on);
    says(50s, R"("OFF","last_event":"over_voltage")");
    CHECK(rig.report().protection == OwnProtection::none);
    CHECK(rig.outputs.take_problems().empty());
    says(60s, R"("ON","last_event":"over_voltage")");
    says(70s, R"("OFF","fault":"over current threshold","last_event":"over_voltage")");
    CHECK(rig.report().protection == OwnProtection::current);
    CHECK(rig.report().protection_at == 70s);
    says(80s, R"("ON","fault":"clear","last_event":"over_voltage")");
    says(90s, R"("OFF","fault":"clear","last_event":"over_voltage")");
    CHECK(rig.report().protection_at == 70s);
}

TEST_CASE("shelly-gen1: reads the end of its timer from info, also later") {
    Rig rig(output("shelly-gen1"));
    const auto info = [&](bool on, const std::string& source) {
        rig.receive("shellies/dev/info", std::string(R"({"relays":[{"ison":)") + (on ? "true" : "false") +
                                             R"(,"overpower":false,"source":")" + source + R"("}]})");
    };
    const auto plain = [&](Time at, const char* word) {
        rig.turn(at);
        rig.receive("shellies/dev/relay/0", word);
    };
    plain(10s, "on");
    info(true, "mqtt");
    plain(20s, "off");
    CHECK_FALSE(rig.report().timer_off_at);
    rig.turn(22s);
    info(false, "timer");
    CHECK(rig.report().timer_off_at == 22s);
    plain(50s, "off");
    info(false, "timer");
    CHECK(rig.report().timer_off_at == 22s);
    plain(60s, "on");
    info(true, "http");
    plain(70s, "off");
    info(false, "http");
    CHECK(rig.report().timer_off_at == 22s);
    CHECK(rig.report().changed_at == 70s);
    plain(90s, "on");
    info(true, "timer");
    CHECK(rig.report().protection == OwnProtection::auto_on);
    plain(120s, "on");
    info(true, "timer");
    CHECK(rig.report().protection_at == 90s);
}

TEST_CASE("shelly-gen1: a second trip is news, an old flag is not") {
    Rig rig(output("shelly-gen1"));
    const auto plain = [&](Time at, const char* word) {
        rig.turn(at);
        rig.receive("shellies/dev/relay/0", word);
    };
    plain(10s, "on");
    plain(20s, "overpower");
    CHECK(rig.report().protection_at == 20s);
    rig.turn(40s);
    rig.receive("shellies/dev/info", R"({"relays":[{"ison":false,"overpower":true}]})");
    CHECK(rig.report().protection_at == 20s);
    plain(700s, "on");
    plain(705s, "overpower");
    CHECK(rig.report().protection_at == 705s);
    CHECK(rig.outputs.take_problems().size() == 2);
}

TEST_CASE("shelly-gen2: reads an OFF by its own timer") {
    for (const std::string topic : {"dev/status/switch:0", "dev/events/rpc"}) {
        Rig rig(output("shelly-gen2"));
        rig.receive("voltd/shack/rpc", status(R"("output":true,"source":"MQTT","timer_duration":300)"));
        rig.turn(310s);
        const std::string off = R"({"id":0,"output":false,"source":"timer"})";
        const bool event = topic == "dev/events/rpc";
        rig.receive(topic, event ? R"({"method":"NotifyStatus","params":{"switch:0":)" + off + "}}" : off);
        CHECK(rig.report().timer_off_at == 310s);
        CHECK(rig.report().protection == OwnProtection::none);
        CHECK(rig.outputs.take_problems().empty());
    }
}
