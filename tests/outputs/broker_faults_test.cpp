// The broker dies, hangs, forgets, or denies: delays, reports, and that the current order is sent once.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rules/names.hpp"
#include "tests/outputs/loop_rig.hpp"

using namespace volt;
using namespace volt::testing;
using nlohmann::json;

namespace {

std::string text_of_alarm(const LoopRig& rig, const std::string& code, const std::string& subject = "") {
    for (const SystemAlarm& alarm : rig.io->alarms())
        if (name_of(alarm.code) == code && (subject.empty() || alarm.subject == subject)) return alarm.text;
    return {};
}

bool names(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("after a broker loses its state only the current order is sent") {
    LoopRig rig;
    REQUIRE(rig.until_ready());
    REQUIRE(rig.until_relay(true));
    REQUIRE(rig.until([&] { return rig.orders().size() == 1; }));
    rig.broker.kill();
    REQUIRE(rig.until([&] { return !rig.io->outputs().link_up(); }));
    rig.voltage = 4480_cV;  // to be shed, and nothing is reachable
    rig.for_a_while(3s);    // longer than an order may take: an earlier ON would be noticed as late
    rig.broker.start();
    REQUIRE(rig.wire.wait_until_connected(2));
    REQUIRE(rig.until_relay(false));
    rig.for_a_while(1500ms);
    CHECK(rig.relay.switchings() == 2);
    const auto orders = rig.orders();
    CHECK(std::count(orders.begin(), orders.end(), "ON") == 1);
    // The state topics exist again, though the broker has forgotten them.
    CHECK(rig.until([&] {
        MqttListener late(rig.broker.port(), "voltd/shack/status");
        return late.wait_for("voltd/shack/status", "online");
    }));
}

TEST_CASE("a hung broker is down in time, and the current order follows") {
    LoopRig rig;
    REQUIRE(rig.until_ready());
    REQUIRE(rig.until_relay(true));
    rig.for_a_while(300ms);
    rig.broker.hang();
    const Time hung = monotonic_now();
    REQUIRE(rig.until([&] { return !rig.io->outputs().link_up(); }));
    const Duration noticed = monotonic_now() - hung;
    // 2 s, and margin for a slow machine; without the echo only the keepalive would notice it, after 15 s or more
    CHECK(noticed < short_times().echo_every + short_times().echo_overdue + 6s);
    CHECK_FALSE(text_of_alarm(rig, "broker_hung").empty());
    const std::size_t given = rig.ordered.size();
    rig.voltage = 4480_cV;
    rig.for_a_while(2500ms);
    CHECK(rig.ordered.size() == given);  // voltd orders nothing while the broker is away
    rig.broker.go_on();
    REQUIRE(rig.until_relay(false));
    CHECK(rig.until([&] { return rig.orders().back() == "OFF"; }));
    rig.for_a_while(1s);
    CHECK(rig.relay.switchings() == 2);
    CHECK(rig.orders().back() == "OFF");
    rig.late = noticed + 5s;
}

TEST_CASE("control begins when the broker comes, without old orders") {
    RigOptions options;
    options.start = false;
    LoopRig rig(options);
    CHECK(rig.io->alarms().empty());  // nothing was tried yet, nothing has failed
    rig.for_a_while(1s);
    CHECK(rig.ordered.empty());
    CHECK(rig.until([&] { return names(text_of_alarm(rig, "source_failing"), "cannot be reached"); }));
    CHECK(rig.io->alarms().front().remedy == "See whether it runs: systemctl status mosquitto");
    CHECK(rig.ordered.empty());
    rig.broker.start();
    REQUIRE(rig.until_relay(true));
}

TEST_CASE("a denied publish raises an alarm, and the load is not on") {
    RigOptions options;
    options.broker = "acl_file DIR/acl\n";
    options.prepare = [](Mosquitto& broker) {
        // There are no user names here: the relay's and voltd's clients differ only by their ids, so the topic is denied to all.
        write_file(broker.dir() + "/acl", "topic readwrite #\ntopic deny cmnd/miner1/POWER\n");
    };
    LoopRig rig(options);
    REQUIRE(rig.until([&] { return rig.io->outputs().link_up(); }));
    REQUIRE(rig.until([&] { return !text_of_alarm(rig, "topic_denied").empty(); }));
    CHECK(names(text_of_alarm(rig, "topic_denied"), "cmnd/miner1/POWER"));
    rig.for_a_while(1s);
    CHECK_FALSE(rig.relay.relay_on());
    CHECK(rig.until([&] { return rig.has_alarm("topic_denied"); }));
}

TEST_CASE("a denied read reports a silent device with possible topics" * doctest::skip(!takes_long())) {
    RigOptions options;
    options.broker = "allow_anonymous true\npassword_file DIR/passwords\nacl_file DIR/acl\n";
    TempDir dir;
    write_file(dir / "password", "secret\n");
    options.mqtt = ", username: voltd, password_file: " + (dir / "password");
    options.prepare = [](Mosquitto& broker) {
        broker.add_user("voltd", "secret");
        write_file(broker.dir() + "/acl",
                   "topic readwrite #\nuser voltd\ntopic readwrite voltd/#\ntopic readwrite cmnd/#\n"
                   "topic read tele/#\n");  // all but stat/#, which has the answers
    };
    LoopRig rig(options);
    REQUIRE(rig.until([&] { return rig.report().available; }));  // by its retained LWT, which is not an answer
    const Time up = monotonic_now();
    const auto text = [&rig] {
        const auto alarms = rig.payloads("alarm/output_not_following/relay");
        return alarms.empty() || alarms.back().empty() ? "" : json::parse(alarms.back()).value("text", "");
    };
    REQUIRE(rig.until([&] { return names(text(), "access list blocks stat/miner1/+"); }));
    CHECK(monotonic_now() - up > 50s);
    for (const std::string& order : rig.orders()) CHECK(order == "OFF");  // an unknown output is not switched on
}

TEST_CASE("a publish denied under MQTT 3.1.1 is unconfirmed" * doctest::skip(!takes_long())) {
    RigOptions options;
    options.broker = "acl_file DIR/acl\n";
    options.mqtt = ", version: 3";
    options.prepare = [](Mosquitto& broker) { write_file(broker.dir() + "/acl", "topic readwrite #\ntopic deny cmnd/#\n"); };
    LoopRig rig(options);
    REQUIRE(rig.until([&] { return rig.io->outputs().link_up(); }));
    CHECK(rig.until([&] { return rig.has_alarm("no_lease/relay"); }));
    CHECK(rig.until([&] { return rig.has_alarm("output_not_following/relay"); }));
    CHECK(text_of_alarm(rig, "topic_denied").empty());
    CHECK_FALSE(rig.relay.relay_on());
    CHECK(rig.orders().empty());
}

TEST_CASE("a wrong password raises an alarm, and the file is reread") {
    TempDir dir;
    write_file(dir / "password", "wrong\n");
    RigOptions options;
    options.broker = "allow_anonymous false\npassword_file DIR/passwords\n";
    options.mqtt = ", username: voltd, password_file: " + (dir / "password");
    options.prepare = [](Mosquitto& broker) { broker.add_user("voltd", "secret"); };
    LoopRig rig(options);
    rig.listens = false;
    REQUIRE(rig.until([&] { return names(text_of_alarm(rig, "broker_auth"), "rejects the user name or password"); }));
    CHECK(rig.until([&] { return rig.has_alarm("broker_auth"); }));
    write_file(dir / "password", "secret\n");
    CHECK(rig.until([&] { return rig.io->outputs().link_up(); }));
    CHECK(rig.until([&] { return !rig.has_alarm("broker_auth"); }));
}

TEST_CASE("a second client with voltd's id raises an alarm") {
    LoopRig rig;
    REQUIRE(rig.until([&] { return rig.io->outputs().link_up(); }));
    const PeerOptions twin{.id = "voltd-shack", .user = {}, .password = {}, .will_topic = {}, .will_payload = {}};
    std::vector<std::unique_ptr<MqttPeer>> twins;
    std::string text;
    REQUIRE(rig.until([&] {
        if (rig.io->outputs().link_up()) twins.push_back(std::make_unique<MqttPeer>(rig.broker.port(), twin));
        if (text.empty()) text = text_of_alarm(rig, "client_id_in_use");  // it disappears with the next connection
        return rig.has_alarm("client_id_in_use") && !text.empty();
    }));
    CHECK(names(text, "client id"));
}

TEST_CASE("reports a retained command, and clears voltd's own") {
    LoopRig rig;
    REQUIRE(rig.wire.wait_until_connected());
    rig.stranger_orders("OFF", true);
    rig.stranger_orders("OFF", true, "cmnd/tasmotas/POWER");
    publish_once(rig.broker.port(), "voltd/shack/mode/set", "off", true);
    REQUIRE(rig.until([&] { return rig.io->outputs().link_up(); }));
    CHECK(rig.until([&] { return rig.has_alarm("retained_command/relay") && rig.has_alarm("retained_command/voltd"); }));
    // One alarm names all of them.
    CHECK(rig.until([&] {
        const std::string text = text_of_alarm(rig, "retained_command", "relay");
        return names(text, "cmnd/miner1/POWER") && names(text, "cmnd/tasmotas/POWER");
    }));
    CHECK(rig.store.modes.empty());
    REQUIRE(rig.until([&] { return rig.payloads("mode/set") == std::vector<std::string>{"off", ""}; }));
    rig.stranger_orders("", true);
    rig.stranger_orders("", true, "cmnd/tasmotas/POWER");
    MqttListener late(rig.broker.port(), "voltd/shack/mode/set");
    REQUIRE(late.wait_until_connected());
    std::this_thread::sleep_for(std::chrono::milliseconds{150});
    CHECK(late.payloads("voltd/shack/mode/set").empty());
}
