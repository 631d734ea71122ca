#include "drivers/mqtt/guest.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/drivers/mqtt/broker_site.hpp"

using namespace volt;
using namespace volt::testing;

namespace guest_test {

namespace {

BrokerConfig guest_config(int port) {
    BrokerConfig config = broker_config(port);
    config.client_id = "voltd-guest";
    return config;
}

bool always() { return true; }

}  // namespace

TEST_CASE("a guest receives retained messages and leaves nothing behind") {
    const Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    MqttPeer device(broker.port(), {"device", "", "", "", ""});
    device.publish("home/bridge/devices", std::string(200'000, 'x'), true);
    device.publish("plug/online", "true", true);
    {
        GuestConnection guest(guest_config(broker.port()));
        REQUIRE_FALSE(guest.connect(30s, always));
        guest.accept_payloads(1'000'000);
        guest.subscribe({"+/online", "+/bridge/devices"});
        std::vector<Received> heard;
        CHECK(eventually([&] {
            for (Received& it : guest.take()) heard.push_back(std::move(it));
            return heard.size() == 2;
        }));
        guest.ask({"plug/command", "status_update", false});
        CHECK(eventually([&] { return !listener.payloads("plug/command").empty(); }));
    }
    for (const PeerMessage& it : listener.received())
        CHECK((it.topic == "home/bridge/devices" || it.topic == "plug/online" || it.topic == "plug/command"));
    MqttListener late(broker.port());
    REQUIRE(late.wait_until_connected());
    CHECK(late.payloads("plug/command").empty());
}

TEST_CASE("a guest reports refusals, and does not wait for a missing broker") {
    const int nowhere = free_port();
    GuestConnection guest(guest_config(nowhere));
    const auto refusal = guest.connect(60s, always);
    REQUIRE(refusal);
    CHECK_FALSE(refusal->auth);
    Mosquitto strict("allow_anonymous false\npassword_file DIR/passwords\n");
    strict.add_user("voltd", "secret");
    strict.kill();
    strict.start();
    GuestConnection stranger(guest_config(strict.port()));
    const auto closed = stranger.connect(60s, always);
    REQUIRE(closed);
    CHECK(closed->auth);
}

}  // namespace guest_test
