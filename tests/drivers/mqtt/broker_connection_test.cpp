#include "drivers/mqtt/broker_connection.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>

#include "tests/drivers/mqtt/broker_site.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

bool contains(const std::vector<std::string>& list, const std::string& text) {
    return std::find(list.begin(), list.end(), text) != list.end();
}

/// By default the broker drops messages of QoS 0 for a client that is a thousand behind.
const std::string without_bound = "max_queued_messages 0\n";

constexpr PublishAs command{.retained = false, .command = true};

}  // namespace

TEST_CASE("connects with either version, publishes online, and receives") {
    for (const int version : {5, 3}) {
        CAPTURE(version);
        Mosquitto broker;
        MqttListener listener(broker.port());
        REQUIRE(listener.wait_until_connected());
        BrokerSite site(broker_config(broker.port(), version));
        CHECK_FALSE(site.link.up());
        site.link.subscribe({"room/+"});
        REQUIRE(site.until_heard());
        CHECK(listener.wait_for("voltd/shack/status", "online"));
        CHECK(site.link.health().fault == LinkFault::none);
        publish_once(broker.port(), "room/a", "21.5");
        CHECK(site.until([&] { return site.messages.size() == 1; }));
        CHECK(site.messages.at(0).topic == "room/a");
        CHECK(site.messages.at(0).at <= monotonic_now());
        CHECK(site.until([&] { return site.link.health().source.ever_succeeded; }));
        CHECK(site.link.health().denied.empty());
        CHECK(site.link.health().connects == 1);
        CHECK(site.link.health().fault == LinkFault::none);
        site.link.stop();
        CHECK(listener.wait_for("voltd/shack/status", "offline"));
        CHECK_FALSE(site.link.publish("x", "y", {}));
    }
}

TEST_CASE("sends packets with correct version, will, QoS and expiry") {
    Mosquitto broker;
    // For each message: topic, QoS, retained, seconds to its expiry.
    Process sub({"mosquitto_sub", "-p", std::to_string(broker.port()), "-V", "5", "-q", "1", "-t", "#", "-F", "%t %q %r %E.",
                 "--retain-as-published", "-i", "watcher"});
    REQUIRE(eventually([&] { return broker.log().find("Sending SUBACK to watcher") != std::string::npos; }));
    BrokerSite site(broker_config(broker.port(), 5));
    REQUIRE(site.until_up());
    REQUIRE(site.link.publish("cmnd/miner1/POWER", "ON", command));
    REQUIRE(site.link.publish("voltd/shack/site", "{}", {.retained = true}));
    const auto logged = [&](const std::string& text) {
        return eventually([&] { return broker.log().find(text) != std::string::npos; });
    };
    CHECK(logged("as voltd-shack (p5, c1, k10)"));
    CHECK(sub.wait_for("cmnd/miner1/POWER 1 0 5."));
    CHECK(sub.wait_for("voltd/shack/site 0 1 ."));
    CHECK(logged("Will message specified (7 bytes) (r1, q1)"));
    BrokerSite older([&] {
        auto config = broker_config(broker.port(), 3);
        config.client_id = "older";
        return config;
    }());
    REQUIRE(older.until_up());
    REQUIRE(older.link.publish("cmnd/miner1/POWER", "OFF", command));
    CHECK(logged("as older (p2, c1, k10)"));
    CHECK(logged("from older (d0, q0, r0, m0, 'cmnd/miner1/POWER'"));
}

TEST_CASE("starts without a broker, and connects once it is up") {
    Mosquitto broker;
    broker.kill();
    BrokerSite site(broker_config(broker.port()));
    CHECK(site.until([&] { return site.link.health().source.failures >= 2; }));
    CHECK(site.link.health().fault == LinkFault::unreachable);
    CHECK_FALSE(site.link.up());
    CHECK_FALSE(site.link.publish("a", "b", {}));
    broker.start();
    CHECK(site.until_up());
}

TEST_CASE("notices a killed broker at once and sends nothing late") {
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    BrokerSite site(broker_config(broker.port()));
    site.link.subscribe({"room/+"});
    REQUIRE(site.until_up());
    const Time first = site.link.up_since();
    broker.kill();
    // No turn yet: the connection still counts as up, and a message accepted now must not be delivered later either.
    for (int i = 0; i < 20; ++i) site.link.publish("cmnd/miner1/POWER", "ON", command);
    REQUIRE(site.until([&] { return site.link.health().losses == 1; }));
    CHECK_FALSE(site.link.up());
    CHECK_FALSE(site.link.publish("cmnd/miner1/POWER", "ON", command));
    broker.start();
    REQUIRE(listener.wait_until_connected(2));
    REQUIRE(site.until_up());
    CHECK(site.link.up_since() > first);
    CHECK(site.link.publish("cmnd/miner1/POWER", "OFF", command));
    CHECK(listener.wait_for("cmnd/miner1/POWER", "OFF"));
    CHECK(listener.payloads("cmnd/miner1/POWER") == std::vector<std::string>{"OFF"});
    REQUIRE(site.until_heard());
    publish_once(broker.port(), "room/a", "1");
    CHECK(site.until([&] { return site.messages.size() == 1; }));
}

TEST_CASE("reports a hung broker, and unreachable once it refuses") {
    Mosquitto broker;
    LinkTimes times = quick_times();
    times.connect = 1s;
    times.echo_every = 300ms;
    times.echo_overdue = 1s;
    times.echo_dead = 2s;
    BrokerSite site(broker_config(broker.port()), {}, {}, times);
    REQUIRE(site.until([&] { return site.link.health().source.successes > 0; }));
    broker.hang();
    REQUIRE(site.until([&] { return site.link.health().fault == LinkFault::hung; }));
    for (std::uint64_t failures = 1; failures <= 3; ++failures) {  // given up, then two new connections
        REQUIRE(site.until([&] { return site.link.health().source.failures >= failures; }));
        CHECK(site.link.health().fault == LinkFault::hung);
    }
    broker.kill();
    CHECK(site.until([&] { return site.link.health().fault == LinkFault::unreachable; }));
    broker.start();
    CHECK(site.until_up());
}

TEST_CASE("a hung broker is down within 10 s, and commands are refused") {
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    BrokerSite site(broker_config(broker.port()));
    REQUIRE(site.until_up());
    REQUIRE(site.until([&] { return site.link.health().source.successes > 0; }));
    broker.hang();
    const Time hung = monotonic_now();
    REQUIRE(site.until([&] { return !site.link.up(); }));
    CHECK(monotonic_now() - hung < 10s);
    CHECK(site.link.health().fault == LinkFault::hung);
    CHECK_FALSE(site.link.publish("cmnd/miner1/POWER", "ON", command));

    SUBCASE("after it was given up: by a new connection") {
        REQUIRE(site.until([&] { return site.link.health().losses == 1; }));
        CHECK(monotonic_now() - hung < 15s);
        broker.go_on();
        REQUIRE(site.until_up());
        CHECK(site.link.health().connects == 2);
    }
    SUBCASE("killed while hung: queued messages are never sent") {
        broker.kill();
        broker.start();
        REQUIRE(listener.wait_until_connected(2));
        REQUIRE(site.until_up());
        CHECK(site.link.publish("cmnd/miner1/POWER", "OFF", command));
        CHECK(listener.wait_for("cmnd/miner1/POWER", "OFF"));
        CHECK(listener.payloads("cmnd/miner1/POWER") == std::vector<std::string>{"OFF"});
    }
    CHECK(site.link.publish("cmnd/miner1/POWER", "OFF", command));
}

TEST_CASE("a hung broker that recovers early keeps its connection") {
    Mosquitto broker;
    LinkTimes times = quick_times();
    times.keepalive = times.echo_dead = 60s;  // never closed in this test, even on a slow machine
    BrokerSite site(broker_config(broker.port()), {}, {}, times);
    REQUIRE(site.until([&] { return site.link.health().source.successes > 0; }));
    const std::uint64_t connects = site.link.health().connects;
    broker.hang();
    const Time hung = monotonic_now();
    REQUIRE(site.until([&] { return !site.link.up(); }));
    CHECK(site.link.health().fault == LinkFault::hung);
    CHECK_FALSE(site.link.publish("cmnd/miner1/POWER", "ON", command));
    broker.go_on();
    REQUIRE(site.until_up());
    CHECK(site.link.up_since() > hung);
    CHECK(site.link.health().connects == connects);
    CHECK(site.link.publish("cmnd/miner1/POWER", "OFF", command));
}

TEST_CASE("a stuck broker leaves room for commands") {
    Mosquitto broker;
    LinkTimes times = quick_times();
    times.keepalive = times.echo_overdue = times.echo_dead = 300s;  // it counts as up
    BrokerSite site(broker_config(broker.port()), {}, {}, times);
    REQUIRE(site.until_up());
    broker.hang();
    const std::string big(most_payload_bytes, 'x');
    bool taken = true;
    for (int i = 0; taken && i < 2 * BrokerConnection::most_in_flight; ++i)
        taken = site.link.publish("voltd/shack/site", big, {.retained = true});
    CHECK_FALSE(taken);
    CHECK(site.link.health().refused > 0);
    CHECK(site.link.up());
    CHECK(site.link.publish("cmnd/miner1/POWER", "OFF", command));
}

TEST_CASE("commands to a hung broker are not sent to the next one") {
    for (const int version : {5, 3}) {
        CAPTURE(version);
        Mosquitto broker;
        MqttListener listener(broker.port());
        REQUIRE(listener.wait_until_connected());
        BrokerSite site(broker_config(broker.port(), version));
        REQUIRE(site.until_up());
        REQUIRE(site.until([&] { return site.link.health().source.successes > 0; }));
        broker.hang();
        for (int i = 0; i < 50; ++i) REQUIRE(site.link.publish("cmnd/miner1/POWER", "ON", command));
        REQUIRE(site.until([&] { return site.link.health().losses == 1; }));
        broker.kill();
        broker.start();
        REQUIRE(listener.wait_until_connected(2));
        REQUIRE(site.until_up());
        CHECK(site.link.publish("cmnd/miner1/POWER", "OFF", command));
        CHECK(listener.wait_for("cmnd/miner1/POWER", "OFF"));
        site.for_a_while(1500ms);
        CHECK(listener.payloads("cmnd/miner1/POWER") == std::vector<std::string>{"OFF"});
    }
}

TEST_CASE("bounds a flood of big and garbage messages") {
    Mosquitto broker(without_bound);
    BrokerSite site(broker_config(broker.port()));
    site.link.subscribe({"room/#"});
    REQUIRE(site.until_up());
    REQUIRE(site.until([&] { return site.link.health().source.successes > 0; }));
    MqttPeer peer(broker.port(), {.id = "peer", .user = {}, .password = {}, .will_topic = {}, .will_payload = {}});
    peer.publish("room/big", std::string(most_payload_bytes + 1, 'x'));
    peer.publish("room/garbage", std::string("\xff\x00{[", 4));
    peer.publish("room/fits", std::string(most_payload_bytes, 'x'));
    REQUIRE(site.until([&] { return site.messages.size() == 2; }));
    CHECK(site.messages.at(0).payload.size() == 4);
    CHECK(site.link.health().dropped == 1);
    for (std::size_t i = 0; i < Inbox::most_messages + 1000; ++i) peer.publish("room/flood", "1");
    CHECK(site.until([&] { return site.messages.size() + site.link.health().dropped >= Inbox::most_messages + 1003; }));
}

TEST_CASE("bounds a flood while the loop is busy") {
    Mosquitto broker(without_bound);
    std::atomic<std::size_t> wakes{0};
    BrokerConnection link(
        broker_config(broker.port()), "voltd/shack", [&] { ++wakes; }, quick_times());
    link.subscribe({"voltd/shack/room/set"});
    REQUIRE(eventually([&] {
        link.turn(monotonic_now());
        return link.health().source.successes > 0;
    }));
    MqttPeer peer(broker.port(), {.id = "peer", .user = {}, .password = {}, .will_topic = {}, .will_payload = {}});
    constexpr std::size_t sent = Inbox::most_messages + 1000;
    wakes = 0;
    for (std::size_t i = 0; i < sent; ++i) peer.publish("voltd/shack/room/set", "1");
    REQUIRE(eventually([&] { return wakes >= sent; }));  // no turn until all have arrived
    link.turn(monotonic_now());
    CHECK(link.take().size() <= Inbox::most_messages);
    CHECK(link.health().dropped >= sent - Inbox::most_messages);
    CHECK(eventually([&] {
        link.turn(monotonic_now());
        return link.up();
    }));
}

TEST_CASE("reports a wrong password, and rereads the file") {
    Mosquitto broker("allow_anonymous false\npassword_file DIR/passwords\n");
    broker.kill();
    broker.add_user("voltd", "secret");
    broker.start();
    TempDir dir;
    for (const int version : {5, 3}) {
        CAPTURE(version);
        auto config = broker_config(broker.port(), version);
        config.username = "voltd";
        config.password_file = dir / "password";
        write_file(dir / "password", "wrong\n");
        BrokerSite site(config);
        site.until([&] { return site.link.health().fault == LinkFault::auth; });
        INFO(site.link.health().source.last_error);
        REQUIRE(site.link.health().fault == LinkFault::auth);
        CHECK_FALSE(site.link.up());
        write_file(dir / "password", "secret\n");
        CHECK(site.until_up());
    }
    auto config = broker_config(broker.port());
    config.username = "voltd";
    config.password_file = dir / "missing";
    BrokerSite site(config);
    REQUIRE(site.until([&] { return site.link.health().fault == LinkFault::auth; }));
    CHECK(site.link.health().source.last_error.find("missing") != std::string::npos);
}

TEST_CASE("names denied topics without reporting a hung broker") {
    for (const int version : {5, 3}) {
        CAPTURE(version);
        Mosquitto broker("allow_anonymous false\npassword_file DIR/passwords\nacl_file DIR/acl\n");
        broker.kill();
        broker.add_user("voltd", "secret");
        write_file(broker.dir() + "/acl", "user voltd\ntopic readwrite voltd/#\ntopic deny voltd/shack/echo\n");
        broker.start();
        TempDir dir;
        write_file(dir / "password", "secret");
        auto config = broker_config(broker.port(), version);
        config.username = "voltd";
        config.password_file = dir / "password";
        LinkTimes times = quick_times();
        times.echo_every = 200ms;
        BrokerSite site(config, {}, {}, times);
        REQUIRE(site.until([&] { return contains(site.link.health().denied, "voltd/shack/echo"); }));
        CHECK(site.link.health().fault == LinkFault::topic_denied);
        CHECK(site.link.up());
        if (version == 5) {
            REQUIRE(site.link.publish("cmnd/miner1/POWER", "ON", command));
            CHECK(site.until([&] { return contains(site.link.health().denied, "cmnd/miner1/POWER"); }));
        }
    }
}

TEST_CASE("reports a second client with its id, and waits") {
    for (const int version : {5, 3}) {
        CAPTURE(version);
        Mosquitto broker;
        BrokerSite site(broker_config(broker.port(), version));
        const PeerOptions twin{.id = "voltd-shack", .user = {}, .password = {}, .will_topic = {}, .will_payload = {}};
        std::vector<std::unique_ptr<MqttPeer>> twins;
        REQUIRE(site.until([&] {
            if (site.link.up()) twins.push_back(std::make_unique<MqttPeer>(broker.port(), twin));
            return site.link.health().fault == LinkFault::client_id_in_use;
        }));
        CHECK(site.link.health().losses <= 3);
    }
}

TEST_CASE("stop is bounded, even while connecting to a silent host") {
    auto config = broker_config(1883);
    config.host = "192.0.2.1";  // a documentation address: no host answers
    for (const bool stops : {true, false}) {
        auto site = std::make_unique<BrokerSite>(config);
        site->for_a_while(50ms);
        const Time before = monotonic_now();
        if (stops) site->link.stop();
        site.reset();
        CHECK(monotonic_now() - before < 2s);
    }
    Mosquitto broker;
    BrokerSite hung(broker_config(broker.port()));
    REQUIRE(hung.until_up());
    broker.hang();
    const Time before = monotonic_now();
    hung.link.stop();
    CHECK(monotonic_now() - before < 2s);
}

TEST_CASE("child of the next test" * doctest::skip()) {
    const char* port = std::getenv("VOLT_TEST_BROKER_PORT");
    REQUIRE(port != nullptr);
    BrokerSite site(broker_config(std::atoi(port)));
    site.until([] { return false; }, 60s);
}

TEST_CASE("the broker publishes the last will of a killed daemon") {
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    Process child({"/proc/self/exe", "--no-skip", "--test-case=child of the next test"},
                  {"VOLT_TEST_BROKER_PORT=" + std::to_string(broker.port())});
    REQUIRE(listener.wait_for("voltd/shack/status", "online"));
    child.signal(SIGKILL);
    CHECK(listener.wait_for("voltd/shack/status", "offline"));
    MqttListener late(broker.port(), "voltd/shack/status");
    CHECK(late.wait_for("voltd/shack/status", "offline"));
    CHECK(late.received().at(0).retained);
}

TEST_CASE("survives a wake that throws, and wakes for each command") {
    Mosquitto broker;
    std::atomic<int> wakes{0};
    BrokerConnection link(
        broker_config(broker.port()), "voltd/shack",
        [&] {
            ++wakes;
            throw 1;
        },
        quick_times());
    link.subscribe({"voltd/shack/room/set"});
    REQUIRE(eventually([&] {
        link.turn(monotonic_now());
        return link.up();
    }));
    REQUIRE(eventually([&] {
        link.turn(monotonic_now());
        return link.health().source.successes > 0;
    }));
    const int before = wakes;
    publish_once(broker.port(), "voltd/shack/room/set", "1");
    std::vector<Received> heard;
    CHECK(eventually([&] {
        link.turn(monotonic_now());
        for (Received& message : link.take()) heard.push_back(std::move(message));
        return !heard.empty();
    }));
    CHECK(wakes > before);
    CHECK(heard.size() == 1);
}

TEST_CASE("TLS checks the broker's CA, name and dates") {
    TempDir dir;
    const auto openssl = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "openssl");
        Process tool(words);
        REQUIRE_MESSAGE(tool.wait() == 0, tool.text());
    };
    for (const std::string ca : {"ca", "stranger"}) {
        openssl({"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=" + ca, "-keyout",
                 dir / (ca + ".key"), "-out", dir / (ca + ".pem")});
    }
    const auto make = [&](const std::string& name, const std::string& host, const std::string& days) {
        openssl({"req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=" + name, "-addext", "subjectAltName=" + host, "-keyout",
                 dir / (name + ".key"), "-out", dir / (name + ".csr")});
        openssl({"x509", "-req", "-in", dir / (name + ".csr"), "-CA", dir / "ca.pem", "-CAkey", dir / "ca.key", "-CAcreateserial",
                 "-days", days, "-copy_extensions", "copy", "-out", dir / (name + ".pem")});
    };
    make("right", "IP:127.0.0.1", "2");
    make("other", "DNS:other.example", "2");
    make("expired", "IP:127.0.0.1", "0");  // its end equals its start
    struct Case {
        std::string certificate, trusted;
        bool connects;
    };
    for (const Case& one : {Case{"right", "ca", true}, Case{"right", "stranger", false}, Case{"other", "ca", false},
                            Case{"expired", "ca", false}}) {
        CAPTURE(one.certificate);
        CAPTURE(one.trusted);
        Mosquitto broker("listener PORT 127.0.0.1\ncafile " + (dir / "ca.pem") + "\ncertfile " +
                         (dir / (one.certificate + ".pem")) + "\nkeyfile " + (dir / (one.certificate + ".key")) + "\n");
        auto config = broker_config(broker.port());
        config.tls = true;
        config.ca_file = dir / (one.trusted + ".pem");
        BrokerSite site(config);
        if (one.connects) {
            CHECK(site.until_up());
            continue;
        }
        CHECK(site.until([&] { return site.link.health().source.failures >= 2; }));
        CHECK(site.link.health().connects == 0);
        const std::string why = site.link.health().source.last_error;
        INFO(why);
        CHECK(why.find("certificate") != std::string::npos);
        CHECK(why.find("HOST") == std::string::npos);
        if (one.certificate != "other") CHECK(why.find("not trusted") != std::string::npos);
    }
}
