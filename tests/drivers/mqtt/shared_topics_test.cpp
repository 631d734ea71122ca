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

struct Rig {
    explicit Rig(std::vector<OutputConfig> configs = {relay("miner1"), relay("heaters", 2)}) : shared(configs, bus) {}
    void announce(const std::string& mac, const std::string& payload) {
        shared.receive(received("tasmota/discovery/" + mac + "/config", payload, now, true));
    }
    /// A question, and so many answers.
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

TEST_CASE("two MACs that announce one topic share it; another order of the topic is another topic") {
    Rig rig;
    CHECK(rig.bus.filters == std::vector<std::string>{"tasmota/discovery/+/config"});
    rig.announce("A0B1C2", R"({"t":"miner1","ft":"%prefix%/%topic%/"})");
    rig.announce("D3E4F5", R"({"t":"miner1","ft":"%topic%/%prefix%/"})");
    rig.announce("060708", R"({"t":"miner2","ft":"%prefix%/%topic%/"})");
    rig.announce("060709", "not JSON");
    CHECK(rig.shared.sign(0).empty());
    rig.announce("D3E4F5", R"({"t":"miner1","ft":"%prefix%/%topic%/"})");
    CHECK(rig.shared.sign(0) == "announced by A0B1C2 and D3E4F5");
    CHECK(rig.shared.sign(1).empty());
    rig.announce("A0B1C2", "");
    CHECK(rig.shared.sign(0).empty());
}

TEST_CASE("three questions in a row with two answers each show two devices") {
    Rig rig;
    for (int i = 0; i < 5; ++i) rig.ask(1);
    CHECK(rig.shared.sign(0).empty());
    rig.ask(2);
    rig.ask(2);
    rig.ask(1);  // someone else had asked
    rig.ask(2);
    rig.ask(2);
    rig.ask(0);  // lost
    CHECK(rig.shared.sign(0).empty());
    rig.ask(2);
    CHECK(rig.shared.sign(0) == "each question is answered twice");
    rig.ask(1);
    CHECK(rig.shared.sign(0).empty());
    for (int i = 0; i < 3; ++i) rig.ask(2, "heaters", "POWER2");
    CHECK_FALSE(rig.shared.sign(1).empty());
}

TEST_CASE("an order around a question, or a second question, is answered as well: such answers count for nothing") {
    Rig rig;
    for (int i = 0; i < 6; ++i) {
        rig.now += 60s;
        const Time at = rig.now;
        rig.shared.sent(0, {"cmnd/miner1/POWER", "", false}, at);
        rig.shared.receive(received("stat/miner1/POWER", "OFF", at + 100ms));
        rig.shared.sent(0, {"cmnd/miner1/POWER", i % 2 == 0 ? "ON" : "", false}, at + 1s);
        rig.shared.receive(received("stat/miner1/POWER", "ON", at + 1100ms));
    }
    CHECK(rig.shared.sign(0).empty());
    for (int i = 0; i < 6; ++i) {  // the order's report comes after the question
        rig.now += 60s;
        rig.shared.sent(0, {"cmnd/miner1/POWER", "ON", false}, rig.now);
        rig.shared.sent(0, {"cmnd/miner1/POWER", "", false}, rig.now + 1s);
        for (int n = 0; n < 2; ++n) rig.shared.receive(received("stat/miner1/POWER", "ON", rig.now + 1100ms));
    }
    CHECK(rig.shared.sign(0).empty());
}

TEST_CASE("without a Tasmota nothing is subscribed and nothing shared") {
    OutputConfig plug = relay("plug");
    plug.dialect = DialectName::zigbee2mqtt;
    Rig rig({plug});
    CHECK(rig.bus.filters.empty());
    rig.announce("A0B1C2", R"({"t":"plug"})");
    rig.announce("D3E4F5", R"({"t":"plug"})");
    CHECK(rig.shared.sign(0).empty());
}

TEST_CASE("announcements are bounded") {
    Rig rig;
    for (std::size_t i = 0; i < SharedTopics::most_announced; ++i) rig.announce(std::to_string(i), R"({"t":"other"})");
    rig.announce("A0B1C2", R"({"t":"miner1"})");
    rig.announce("D3E4F5", R"({"t":"miner1"})");
    CHECK(rig.shared.sign(0).empty());
}
