#include "drivers/mqtt/shared_topics.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

OutputConfig relay(const std::string& topic, std::optional<int> channel = {}) {
    OutputConfig config;
    config.id = config.topic = topic;
    config.channel = channel;
    return config;
}

struct SharedSite {
    explicit SharedSite(std::vector<OutputConfig> configs = {relay("miner1"), relay("heaters", 2)}) : shared(configs, bus) {}
    void announce(const std::string& mac, const std::string& payload) {
        shared.receive(received("tasmota/discovery/" + mac + "/config", payload, now, true));
    }
    /// Sends a query with this number of answers.
    void ask(int answers, const std::string& topic = "miner1", const std::string& power = "POWER") {
        now += 60s;
        shared.sent(topic == "miner1" ? 0 : 1, {"cmnd/" + topic + "/" + power, "", false}, now);
        for (int i = 0; i < answers; ++i) {
            shared.receive(received("stat/" + topic + "/RESULT", "{\"POWER\":\"OFF\"}", now + 100ms));
            shared.receive(received("stat/" + topic + "/" + power, "OFF", now + 100ms));
        }
        now += 4s;
        shared.receive(received("x", "", now));
    }

    MemoryBus bus;
    SharedTopics shared;
    Time now{};
};

}  // namespace

TEST_CASE("two MACs that announce the same topic share it") {
    SharedSite site;
    CHECK(site.bus.filters == std::vector<std::string>{"tasmota/discovery/+/config"});
    site.announce("A0B1C2", R"({"t":"miner1","ft":"%prefix%/%topic%/"})");
    site.announce("D3E4F5", R"({"t":"miner1","ft":"%topic%/%prefix%/"})");
    site.announce("060708", R"({"t":"miner2","ft":"%prefix%/%topic%/"})");
    site.announce("060709", "not JSON");
    CHECK(site.shared.sign(0).empty());
    site.announce("D3E4F5", R"({"t":"miner1","ft":"%prefix%/%topic%/"})");
    CHECK(site.shared.sign(0) == "announced by A0B1C2 and D3E4F5");
    CHECK(site.shared.sign(1).empty());
    site.announce("A0B1C2", "");
    CHECK(site.shared.sign(0).empty());
}

TEST_CASE("three consecutive queries with two answers show two devices") {
    SharedSite site;
    for (int i = 0; i < 5; ++i) site.ask(1);
    CHECK(site.shared.sign(0).empty());
    site.ask(2);
    site.ask(2);
    site.ask(1);  // someone else had queried
    site.ask(2);
    site.ask(2);
    site.ask(0);  // lost
    CHECK(site.shared.sign(0).empty());
    site.ask(2);
    CHECK(site.shared.sign(0) == "each question is answered twice");
    site.ask(1);
    CHECK(site.shared.sign(0).empty());
    for (int i = 0; i < 3; ++i) site.ask(2, "heaters", "POWER2");
    CHECK_FALSE(site.shared.sign(1).empty());
}

TEST_CASE("ignores answers near an order or a second query") {
    SharedSite site;
    for (int i = 0; i < 6; ++i) {
        site.now += 60s;
        const Time at = site.now;
        site.shared.sent(0, {"cmnd/miner1/POWER", "", false}, at);
        site.shared.receive(received("stat/miner1/POWER", "OFF", at + 100ms));
        site.shared.sent(0, {"cmnd/miner1/POWER", i % 2 == 0 ? "ON" : "", false}, at + 1s);
        site.shared.receive(received("stat/miner1/POWER", "ON", at + 1100ms));
    }
    CHECK(site.shared.sign(0).empty());
    for (int i = 0; i < 6; ++i) {  // the order's report comes after the query
        site.now += 60s;
        site.shared.sent(0, {"cmnd/miner1/POWER", "ON", false}, site.now);
        site.shared.sent(0, {"cmnd/miner1/POWER", "", false}, site.now + 1s);
        for (int n = 0; n < 2; ++n) site.shared.receive(received("stat/miner1/POWER", "ON", site.now + 1100ms));
    }
    CHECK(site.shared.sign(0).empty());
}

TEST_CASE("subscribes to nothing without a Tasmota") {
    OutputConfig plug = relay("plug");
    plug.dialect = DialectName::zigbee2mqtt;
    SharedSite site({plug});
    CHECK(site.bus.filters.empty());
    site.announce("A0B1C2", R"({"t":"plug"})");
    site.announce("D3E4F5", R"({"t":"plug"})");
    CHECK(site.shared.sign(0).empty());
}

TEST_CASE("bounds announcements") {
    SharedSite site;
    for (std::size_t i = 0; i < SharedTopics::most_announced; ++i) site.announce(std::to_string(i), R"({"t":"other"})");
    site.announce("A0B1C2", R"({"t":"miner1"})");
    site.announce("D3E4F5", R"({"t":"miner1"})");
    CHECK(site.shared.sign(0).empty());
}
