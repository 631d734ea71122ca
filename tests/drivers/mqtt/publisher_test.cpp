#include "drivers/mqtt/publisher.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

namespace publisher_test {

namespace {

const std::string root = "voltd/shack";
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("publishes the newest state, at most once per second") {
    MemoryBus bus;
    Publisher publisher(root, bus);
    bus.come(0s);
    CHECK(publisher.publish_state("battery", "1"));
    CHECK(bus.sent.empty());
    publisher.turn(0s);
    REQUIRE(bus.sent.size() == 1);
    CHECK(bus.sent[0].topic == "voltd/shack/battery");
    CHECK(bus.sent[0].as.retained);
    CHECK_FALSE(bus.sent[0].as.command);
    for (int i = 2; i < 12; ++i) {  // ten changes in one second
        publisher.publish_state("battery", std::to_string(i));
        publisher.turn(Time(i * 80));
    }
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"1"});
    publisher.turn(1s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"1", "11"});
    for (int second = 2; second < 61; ++second) {
        publisher.publish_state("battery", "11");
        publisher.turn(Time(second * 1000));
    }
    CHECK(bus.payloads("voltd/shack/battery").size() == 2);
    publisher.turn(61s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"1", "11", "11"});
}

TEST_CASE("a minor change waits for the repeat or a major one") {
    MemoryBus bus;
    Publisher publisher(root, bus, [](std::string_view before, std::string_view now) { return before.front() != now.front(); });
    bus.come(0s);
    publisher.publish_state("battery", "a1");
    publisher.turn(0s);
    publisher.publish_state("battery", "a2");
    publisher.turn(2s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"a1"});
    publisher.publish_state("battery", "b3");
    publisher.turn(3s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"a1", "b3"});
    publisher.publish_state("battery", "b4");
    publisher.turn(63s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"a1", "b3", "b4"});
    publisher.clear_state("battery");
    publisher.publish_state("battery", "b5");
    publisher.turn(65s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"a1", "b3", "b4", "b5"});
}

TEST_CASE("publishes everything again after a reconnect") {
    MemoryBus bus;
    Publisher publisher(root, bus);
    publisher.publish_state("battery", "old");
    publisher.turn(0s);
    CHECK(bus.sent.empty());
    publisher.publish_state("battery", "new");
    bus.come(5s);
    publisher.turn(5s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"new"});
    bus.come(6s);
    publisher.turn(6s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"new", "new"});
    bus.is_up = false;
    publisher.turn(7s);
    publisher.publish_state("battery", "newer");
    publisher.turn(8s);
    bus.come(9s);
    publisher.turn(9s);
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"new", "new", "newer"});
}

TEST_CASE("clears a removed topic once for good") {
    MemoryBus bus;
    Publisher publisher(root, bus);
    bus.come(0s);
    publisher.publish_state("miner/old-name", "{}");
    publisher.turn(0s);
    publisher.clear_state("miner/old-name");
    for (int second = 0; second < 200; ++second) publisher.turn(Time(second * 1000));
    CHECK(bus.payloads("voltd/shack/miner/old-name") == Texts{"{}", ""});
    bus.come(300s);
    publisher.turn(300s);
    CHECK(bus.payloads("voltd/shack/miner/old-name").size() == 2);
}

TEST_CASE("clears a topic removed while the broker was offline") {
    MemoryBus bus;
    Publisher publisher(root, bus);
    bus.come(0s);
    publisher.publish_state("miner/a", "{}");
    publisher.turn(0s);
    bus.is_up = false;
    publisher.turn(1s);
    publisher.clear_state("miner/a");
    publisher.turn(2s);
    bus.come(3s);
    publisher.turn(3s);
    CHECK(bus.payloads("voltd/shack/miner/a") == Texts{"{}", ""});
}

TEST_CASE("clears unused topics of an earlier run") {
    MemoryBus bus;
    Publisher publisher(root, bus);
    bus.come(0s);
    publisher.turn(0s);
    CHECK(bus.filters.size() == 5);
    for (const char* topic : {"alarm/blind", "alarm/sensor_lost/x", "miner/renamed", "miner/still-here", "zone/a",
                              "miner/still-here/set", "battery"}) {
        publisher.receive(received(root + "/" + topic, "{}", 1s, true));
    }
    publisher.receive(received(root + "/miner/live", "{}", 1s, false));
    publisher.receive(received("voltd/other/miner/x", "{}", 1s, true));
    publisher.publish_state("miner/still-here", "{}");
    publisher.turn(6s);
    CHECK(bus.filters.empty());
    publisher.turn(29s);
    CHECK(bus.payloads("voltd/shack/alarm/blind").empty());
    for (int second = 30; second < 100; ++second) publisher.turn(Time(second * 1000));
    for (const char* topic : {"alarm/blind", "alarm/sensor_lost/x", "miner/renamed", "zone/a"}) {
        CAPTURE(std::string(topic));
        CHECK(bus.payloads(root + "/" + topic) == Texts{""});
    }
    for (const char* topic : {"miner/still-here/set", "battery", "miner/live"}) {
        CAPTURE(std::string(topic));
        CHECK(bus.payloads(root + "/" + topic).empty());
    }
    CHECK(bus.payloads("voltd/shack/miner/still-here") == Texts{"{}", "{}"});
    CHECK(bus.payloads("voltd/other/miner/x").empty());
}

TEST_CASE("repeats a missed state at most once per second") {
    MemoryBus bus;
    Publisher publisher(root, bus);
    bus.come(0s);
    publisher.publish_state("battery", "1");
    publisher.publish_state("site", "2");
    publisher.turn(0s);
    for (int i = 1; i <= 10; ++i) {
        publisher.repeat_state("site");
        publisher.repeat_state("unknown");
        publisher.turn(Time(i * 99));
    }
    CHECK(bus.payloads("voltd/shack/site") == Texts{"2"});
    publisher.turn(1s);
    CHECK(bus.payloads("voltd/shack/site") == Texts{"2", "2"});
    CHECK(bus.payloads("voltd/shack/battery") == Texts{"1"});
    publisher.repeat_all();
    publisher.turn(3s);
    CHECK(bus.payloads("voltd/shack/site").size() == 3);
    CHECK(bus.payloads("voltd/shack/battery").size() == 2);
}

TEST_CASE("sends an event once or drops it") {
    MemoryBus bus;
    Publisher publisher(root, bus);
    CHECK_FALSE(publisher.publish_event("away"));
    bus.come(0s);
    publisher.turn(0s);
    CHECK(publisher.publish_event("a"));
    CHECK(bus.sent.back().topic == "voltd/shack/event");
    CHECK_FALSE(bus.sent.back().as.retained);
    int sent = 1;
    for (int i = 0; i < 1000; ++i) sent += publisher.publish_event("b") ? 1 : 0;
    CHECK(sent == Publisher::event_burst);
    publisher.turn(1s);
    sent = 0;
    for (int i = 0; i < 1000; ++i) sent += publisher.publish_event("b") ? 1 : 0;
    CHECK(sent == 20);
}

TEST_CASE("bounds topics and lengths") {
    MemoryBus bus;
    Publisher publisher(root, bus);
    for (std::size_t i = 0; i < Publisher::most_topics; ++i) CHECK(publisher.publish_state("miner/" + std::to_string(i), "{}"));
    CHECK_FALSE(publisher.publish_state("miner/one-more", "{}"));
    CHECK(publisher.publish_state("miner/0", "{1}"));
    CHECK_FALSE(publisher.publish_state("miner/0", std::string(most_payload_bytes + 1, 'x')));
    CHECK_FALSE(publisher.publish_state("miner/0", ""));
    publisher.clear_state("zone/unknown");
    bus.come(0s);
    bus.refuse = true;
    publisher.turn(0s);
    bus.refuse = false;
    publisher.turn(0s);
    CHECK(bus.sent.size() == Publisher::most_topics);
}

}  // namespace publisher_test
