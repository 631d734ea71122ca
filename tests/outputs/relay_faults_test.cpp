// A relay that is deaf, late, stuck, away, or wakes up on: the messages on the wire, and the reports to the owner.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/outputs/loop_rig.hpp"

using namespace volt;
using namespace volt::testing;
using nlohmann::json;

namespace {

json newest(const LoopRig& rig, const std::string& suffix) {
    const auto all = rig.payloads(suffix);
    return all.empty() || all.back().empty() ? json::object() : json::parse(all.back());
}

bool told(const LoopRig& rig, const std::string& reason, const std::string& what = "output") {
    for (const std::string& text : rig.payloads("event")) {
        const json event = json::parse(text);
        if (event.value("what", "") == what && event.value("reason", "") == reason) return true;
    }
    return false;
}

std::vector<PeerMessage> on_power(const LoopRig& rig) {
    std::vector<PeerMessage> all;
    for (const PeerMessage& message : rig.wire.received())
        if (message.topic == "cmnd/miner1/POWER") all.push_back(message);
    return all;
}

}  // namespace

TEST_CASE("an ON is sent once, confirmed, and shown in the topic") {
    LoopRig rig;
    rig.relay.set_watts(3247);  // its answer to a query: the topic is not repeated for a few watts
    REQUIRE(rig.until_ready());
    REQUIRE(rig.until_relay(true));
    REQUIRE(rig.until([&] { return newest(rig, "output/relay").value("reported", "") == "on"; }));
    rig.for_a_while(1s);
    CHECK(rig.orders() == std::vector<std::string>{"ON"});  // before the first renewal
    REQUIRE(rig.until([&] {
        publish_once(rig.broker.port(), "tele/miner1/SENSOR", R"({"ENERGY":{"Power":3247}})");
        return newest(rig, "output/relay").value("measured_w", json()) == 3247;
    }));
    const json output = newest(rig, "output/relay");
    CHECK(output.at("commanded") == "on");
    CHECK(output.at("lease") == "armed");
    CHECK(output.at("lease_left_s").is_number());
    CHECK(output.at("confirmed_ms").is_number());
    CHECK(rig.relay.switchings() == 1);
}

TEST_CASE("queries a deaf relay before each retry with growing gaps") {
    RigOptions options;
    options.confirm_s = 1;  // half of it is the time for the query: longer than a slow machine's pause
    LoopRig rig(options);
    rig.command("off");
    REQUIRE(rig.until_ready());
    rig.for_a_while(1200ms);  // queries at the start, and an ON from before the command
    REQUIRE(rig.until_relay(false));
    const std::size_t before = on_power(rig).size();
    const std::size_t given = rig.ordered.size();
    rig.relay.set_deaf(true);
    rig.command("on");
    const auto since = [&] {
        auto all = on_power(rig);
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(before));
        return all;
    };
    const auto tries = [&] {
        const auto all = since();
        return std::count_if(all.begin(), all.end(), [](const PeerMessage& m) { return m.payload == "ON"; });
    };
    REQUIRE(rig.until([&] { return tries() >= 4; }));
    bool asked = true;
    for (const PeerMessage& message : since()) {
        if (message.payload != "ON") {
            asked = asked || message.payload.empty();
            continue;
        }
        CHECK(asked);  // between two tries there is a query
        asked = false;
    }
    Duration gap = 1s;  // by the loop's own clock, on which nothing comes too early
    for (std::size_t i = given + 1; i < rig.ordered.size(); ++i, gap *= 2) {
        CHECK(rig.ordered[i].word == "ON");
        CHECK(rig.ordered[i].at - rig.ordered[i - 1].at >= gap);
    }
    rig.relay.set_deaf(false);
    CHECK(rig.until_relay(true));
}

TEST_CASE("late answers cause one switching without flapping") {
    LoopRig rig;
    REQUIRE(rig.until_ready());
    rig.relay.set_answer_delay(std::chrono::milliseconds{700});
    REQUIRE(rig.until_relay(true));
    REQUIRE(rig.until([&] { return newest(rig, "output/relay").value("reported", "") == "on"; }));
    rig.command("off");
    REQUIRE(rig.until_relay(false));
    REQUIRE(rig.until([&] { return newest(rig, "output/relay").value("reported", "") == "off"; }));
    rig.for_a_while(1500ms);
    CHECK(rig.relay.switchings() == 2);
}

TEST_CASE("duplicates, reordered answers and garbage switch nothing") {
    LoopRig rig;
    REQUIRE(rig.until_ready());
    REQUIRE(rig.until_relay(true));
    REQUIRE(rig.until([&] { return newest(rig, "output/relay").value("reported", "") == "on"; }));
    const auto before = rig.orders();
    MqttPeer peer(rig.broker.port(), {.id = "stranger", .user = {}, .password = {}, .will_topic = {}, .will_payload = {}});
    for (int i = 0; i < 20; ++i) peer.publish("stat/miner1/POWER", "ON");
    for (const std::string topic : {"stat/miner1/POWER", "stat/miner1/RESULT", "tele/miner1/SENSOR", "tele/miner1/LWT",
                                    "voltd/shack/echo", "voltd/shack/miner/miner/set"}) {
        peer.publish(topic, std::string(300'000, '{'));
        peer.publish(topic, "\xff\xfe garbage");
        peer.publish(topic, R"({"POWER":["OFF"],"ENERGY":{"Power":"much"}})");
    }
    rig.for_a_while(1s);
    CHECK(rig.orders() == before);
    CHECK(newest(rig, "output/relay").at("reported") == "on");
    // An old OFF that arrives after the ON: the command remains in force, and the relay is not switched off by it.
    peer.publish("stat/miner1/POWER", "OFF");
    rig.for_a_while(1s);
    CHECK(rig.relay.relay_on());
    CHECK(rig.relay.switchings() == 1);
    for (const std::string& order : rig.orders()) CHECK(order == "ON");
}

TEST_CASE("the last of many commands by topic wins") {
    LoopRig rig;
    REQUIRE(rig.until_ready());
    REQUIRE(rig.until_relay(true));
    MqttPeer peer(rig.broker.port(), {.id = "stranger", .user = {}, .password = {}, .will_topic = {}, .will_payload = {}});
    for (int i = 0; i < 500; ++i) peer.publish("voltd/shack/miner/miner/set", i % 2 == 0 ? "on" : "off");
    peer.publish("flood/over", "");
    REQUIRE(rig.until([&] { return rig.wire.payloads("flood/over").size() == 1; }));
    REQUIRE(rig.until_relay(false));
    rig.for_a_while(500ms);
    CHECK_FALSE(rig.relay.relay_on());
    CHECK(rig.orders().size() < 12);
    CHECK(rig.until([&] { return !rig.payloads("miner/miner/result").empty(); }));
}

TEST_CASE("switches off a relay at once when its network returns") {
    LoopRig rig;
    REQUIRE(rig.until_ready());
    REQUIRE(rig.until_relay(true));
    REQUIRE(rig.until([&] { return newest(rig, "output/relay").value("reported", "") == "on"; }));
    rig.relay.lose_network();
    REQUIRE(rig.until([&] { return newest(rig, "output/relay").value("available", true) == false; }));
    rig.voltage = 4480_cV;
    REQUIRE(rig.until([&] { return rig.ordered.back().word == "OFF"; }));
    CHECK(rig.relay.relay_on());  // nothing can reach it
    CHECK(rig.until([&] { return newest(rig, "miner/miner").value("state", "") == "unknown"; }));
    rig.relay.come_back();
    REQUIRE(rig.until_relay(false));
    rig.for_a_while(1s);
    CHECK_FALSE(rig.relay.relay_on());
}

TEST_CASE("switches off a relay that restarts into ON, with an alarm") {
    LoopRig rig;
    rig.command("off");
    REQUIRE(rig.until_ready());
    rig.for_a_while(500ms);  // an ON from before the command
    REQUIRE(rig.until_relay(false));
    const int before = rig.relay.switchings();
    rig.relay.set_power_on(true);
    rig.relay.reboot();
    REQUIRE(rig.until([&] { return told(rig, "restarted_on"); }));  // it may be on for less than a tick
    REQUIRE(rig.until_relay(false));
    CHECK(rig.relay.switchings() == before + 1);
    CHECK(rig.until([&] { return rig.has_alarm("power_on_state/relay"); }));
}

TEST_CASE("reverses and never adopts a retained ON at reboot") {
    LoopRig rig;
    rig.voltage = 4900_cV;  // too low to start, enough to keep an external ON
    REQUIRE(rig.until_ready());
    rig.relay.lose_network();
    REQUIRE(rig.until([&] { return !rig.report().available; }));
    rig.stranger_orders("ON", true);
    rig.relay.set_slow_start(std::chrono::milliseconds{500});
    rig.relay.reboot();  // comes up off, reports it in time for a tick, and receives the retained ON
    rig.relay.come_back();
    REQUIRE(rig.until([&] { return told(rig, "restarted_on"); }));  // it may be on for less than a tick
    REQUIRE(rig.until_relay(false));
    CHECK(rig.relay.switchings() == 2);
    CHECK(rig.until([&] { return rig.has_alarm("power_on_state/relay") && rig.has_alarm("retained_command/relay"); }));
    rig.for_a_while(1s);
    CHECK_FALSE(rig.relay.relay_on());
    CHECK(newest(rig, "miner/miner").at("override") == "auto");
    CHECK(rig.until([&] { return rig.orders().back() == "OFF"; }));
    rig.stranger_orders("", true);
}

TEST_CASE("a relay that restarts into OFF is a stop") {
    LoopRig rig;
    REQUIRE(rig.until_ready());
    REQUIRE(rig.until_relay(true));
    REQUIRE(rig.until([&] { return newest(rig, "output/relay").value("reported", "") == "on"; }));
    rig.relay.reboot();
    CHECK(rig.until([&] { return told(rig, "restarted_off"); }));
}

TEST_CASE("a relay without a timer never starts with require_lease") {
    RigOptions options;
    options.output = ", require_lease: true";
    LoopRig rig(options);
    rig.relay.set_no_pulse_time(true);
    REQUIRE(rig.until([&] { return rig.report().available && rig.report().state_received; }));
    rig.for_a_while(2s);
    CHECK(rig.until([&] { return newest(rig, "output/relay").value("lease", "") == "unverified"; }));
    CHECK(rig.until([&] { return rig.has_alarm("no_lease/relay"); }));
    CHECK(rig.until([&] { return newest(rig, "miner/miner").value("reason", "") == "lease"; }));
    for (const std::string& order : rig.orders()) CHECK(order == "OFF");
}

TEST_CASE("reports an external switch, and adopts or reverses it" * doctest::skip(!takes_long())) {
    for (const bool adopt : {true, false}) {
        CAPTURE(adopt);
        RigOptions options;
        options.output = adopt ? "" : ", external_override: reassert";
        LoopRig rig(options);
        REQUIRE(rig.until_ready());
        REQUIRE(rig.until_relay(true));
        rig.for_a_while(62s);
        rig.relay.press_button();
        REQUIRE(rig.until([&] { return told(rig, "foreign_hand"); }));
        rig.for_a_while(2s);
        CHECK(rig.relay.relay_on() == !adopt);
        if (adopt) CHECK(rig.until([&] { return newest(rig, "miner/miner").value("override", "") == "off"; }));
    }
}

TEST_CASE("a welded contact reports off against its meter" * doctest::skip(!takes_long())) {
    LoopRig rig;
    REQUIRE(rig.until_ready());
    REQUIRE(rig.until_relay(true));
    rig.relay.set_stuck(true);
    rig.command("off");
    REQUIRE(rig.until([&] { return newest(rig, "output/relay").value("reported", "") == "off"; }));
    const auto measure = [&] {
        publish_once(rig.broker.port(), "tele/miner1/SENSOR", R"({"ENERGY":{"Power":3247}})");
        return rig.has_alarm("output_stuck_on/relay");
    };
    CHECK(rig.until(measure, 75s));
    CHECK(rig.until([&] { return told(rig, "output_stuck_on"); }));
}
