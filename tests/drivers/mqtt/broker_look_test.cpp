// Examines a real broker as a guest: the permissions of voltd's account, and the devices that respond.
#include "drivers/mqtt/broker_look.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/drivers/mqtt/broker_site.hpp"
#include "tests/fakes/tasmota.hpp"

using namespace volt;
using namespace volt::testing;

namespace broker_look_test {

namespace {

OutputConfig relay(const char* topic) {
    OutputConfig config;
    config.id = topic;
    config.topic = topic;
    return config;
}

}  // namespace

TEST_CASE("gets the echo and present devices, and switches nothing") {
    Mosquitto broker;
    FakeTasmota relay1(broker.port(), "miner1");
    REQUIRE(eventually([&] { return relay1.connected(); }));
    PeerOptions options;
    options.id = "peer";
    MqttPeer peer(broker.port(), options);
    peer.publish("cmnd/miner2/POWER", "ON", true);
    peer.publish("voltd/shack/status", "online", true);
    const BrokerLook look = look_at_broker(broker_config(broker.port()), {"voltd/shack", {relay("miner1"), relay("miner2")}});
    CAPTURE(look.why);
    REQUIRE(look.connected);
    BrokerConfig named = broker_config(broker.port());
    named.username = "voltd";
    CHECK(takes_anyone(named));
    CHECK(look.version == 5);
    CHECK(look.echo);
    CHECK(look.denied.empty());
    CHECK(look.site_online);
    REQUIRE(look.reports.size() == 2);
    CHECK(look.reports[0].available);
    CHECK(look.reports[0].state == OutputState::off);
    CHECK_FALSE(look.reports[1].available);
    REQUIRE(look.retained.size() == 1);
    CHECK(look.retained[0].topic == "cmnd/miner2/POWER");
    // A second run finds the same: the first one cleared and retained nothing.
    CHECK(look_at_broker(broker_config(broker.port()), {"voltd/shack", {relay("miner2")}, 500ms}).retained.size() == 1);
}

TEST_CASE("names a refused login, a denied topic and a closed port") {
    Mosquitto broker("allow_anonymous false\npassword_file DIR/passwords\nacl_file DIR/acl\n");
    broker.kill();
    broker.add_user("voltd", "secret99");
    std::ofstream(broker.dir() + "/acl") << "user voltd\ntopic readwrite stat/#\ntopic readwrite tele/#\n";
    broker.start();
    const BrokerLook stranger = look_at_broker(broker_config(broker.port()), {"voltd/shack", {}});
    CHECK_FALSE(stranger.connected);
    CHECK(stranger.login_refused);
    CHECK_FALSE(takes_anyone(broker_config(broker.port())));
    BrokerConfig config = broker_config(broker.port());
    config.username = "voltd";
    config.password_file = broker.dir() + "/mine";
    std::ofstream(config.password_file) << "secret99\n";
    const BrokerLook look = look_at_broker(config, {"voltd/shack", {relay("miner1")}, 1s});
    REQUIRE(look.connected);
    CHECK_FALSE(look.echo);
    CHECK(std::find(look.denied.begin(), look.denied.end(), "voltd/shack/doctor") != look.denied.end());
    CHECK(std::find(look.denied.begin(), look.denied.end(), "cmnd/miner1/POWER") != look.denied.end());
    const int port = broker.port();
    broker.kill();
    const BrokerLook none = look_at_broker(broker_config(port), {"voltd/shack", {}});
    CHECK_FALSE(none.connected);
    CHECK_FALSE(none.login_refused);
    CHECK_FALSE(none.why.empty());
}

TEST_CASE("does not wait for a hung broker") {
    Mosquitto broker;
    broker.hang();
    const BrokerLook look = look_at_broker(broker_config(broker.port()), {"voltd/shack", {}});
    CHECK_FALSE(look.connected);
    CHECK_FALSE(look.why.empty());
    broker.go_on();
}

}  // namespace broker_look_test
