#include "drivers/mqtt/discovery.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

namespace discovery_test {

namespace {

using Texts = std::vector<std::string>;

const std::string head = "homeassistant/device/voltd_shack";
const std::string site_topic = head + "/config";
const std::string miner_topic = head + "_m_00000000000040008000000000000001/config";
const std::string other_topic = head + "_m_00000000000040008000000000000002/config";

HaMiner miner(int number, const char* slug = "s19") {
    return {"00000000-0000-4000-8000-00000000000" + std::to_string(number), slug, slug};
}

/// A site with a broker that stores retained messages.
struct Rig {
    explicit Rig(std::optional<HomeAssistantConfig> config = HomeAssistantConfig{true}) { begin(std::move(config)); }

    /// Starts voltd (again).
    void begin(std::optional<HomeAssistantConfig> config = HomeAssistantConfig{true}) {
        bus.filters.clear();
        discovery.emplace(std::move(config), HaHome{"shack", "1", ""}, bus, [] { return Duration{3s}; });
    }
    void settings(std::uint64_t revision, std::vector<HaMiner> miners) { discovery->describe(revision, {std::move(miners), {}}); }
    /// Connects the broker at `now`, and delivers its retained messages.
    void connect() {
        bus.come(now);
        step();
        for (const auto& [topic, payload] : held) discovery->receive(received(topic, payload, now, true));
    }
    bool step(Duration by = 1s) {
        now += by;
        const std::size_t before = bus.sent.size();
        const bool greeted = discovery->turn(now);
        for (std::size_t i = before; i < bus.sent.size(); ++i) {
            CHECK((bus.sent[i].as.retained && bus.sent[i].as.acknowledged && !bus.sent[i].as.command));
            CHECK(bus.sent[i].topic.starts_with(head));  // nothing is retained anywhere else
            bus.sent[i].payload.empty() ? (void)held.erase(bus.sent[i].topic)
                                        : (void)(held[bus.sent[i].topic] = bus.sent[i].payload);
        }
        return greeted;
    }
    void steps(int count) {
        for (int i = 0; i < count; ++i) step();
    }

    MemoryBus bus;
    std::map<std::string, std::string> held;  ///< by the broker
    Time now{};
    std::optional<Discovery> discovery;
};

}  // namespace

TEST_CASE("does nothing without its section") {
    Rig rig{std::nullopt};
    rig.settings(1, {miner(1)});
    rig.held[site_topic] = "{}";
    rig.connect();
    rig.steps(20);
    CHECK(rig.bus.sent.empty());
    CHECK(rig.bus.filters.empty());
    CHECK(rig.discovery->knows(7));
}

TEST_CASE("publishes only missing or different messages after a connect") {
    Rig rig;
    rig.settings(1, {miner(1), miner(2)});
    CHECK((rig.discovery->knows(1) && !rig.discovery->knows(2)));
    rig.connect();
    rig.steps(3);
    CHECK(rig.bus.sent.empty());
    rig.steps(10);
    CHECK(rig.bus.sent.size() == 3);
    CHECK(rig.held.size() == 3);

    rig.bus.sent.clear();
    rig.begin();  // voltd restarts: the broker has everything
    rig.settings(1, {miner(1), miner(2)});
    rig.connect();
    rig.steps(20);
    CHECK(rig.bus.sent.empty());

    rig.held.clear();  // the broker restarts and has lost it
    rig.connect();
    rig.steps(20);
    CHECK(rig.held.size() == 3);
}

TEST_CASE("clears a removed device, also one removed while voltd was off") {
    Rig rig;
    rig.settings(1, {miner(1), miner(2)});
    rig.connect();
    rig.steps(10);
    rig.settings(2, {miner(1)});
    rig.steps(3);
    CHECK(!rig.held.contains(other_topic));
    CHECK(rig.bus.payloads(other_topic).back().empty());
    rig.begin();
    rig.settings(3, {miner(2)});
    rig.held["homeassistant/device/someone_else/config"] = "{}";
    rig.held["homeassistant/device/voltd_shack2/config"] = "{}";
    rig.connect();
    rig.steps(10);
    CHECK(!rig.held.contains(miner_topic));
    CHECK(rig.held.contains(other_topic));
    CHECK(rig.held.size() == 4);            // other messages are kept
    rig.settings(4, {miner(1), miner(2)});  // undone
    rig.steps(5);
    CHECK(rig.held.contains(miner_topic));
}

TEST_CASE("a rename updates the same device") {
    Rig rig;
    rig.settings(1, {miner(1)});
    rig.connect();
    rig.steps(10);
    rig.settings(2, {miner(1, "attic")});
    rig.steps(3);
    CHECK(rig.bus.payloads(miner_topic).size() == 2);
    CHECK(rig.held[miner_topic].find("miner/attic") != std::string::npos);
    rig.begin(HomeAssistantConfig{true, "homeassistant", false});  // commands are disabled
    rig.settings(2, {miner(1, "attic")});
    rig.connect();
    rig.steps(10);
    const Texts all = rig.bus.payloads(miner_topic);
    REQUIRE(all.size() == 4);
    CHECK(nlohmann::json::parse(all[2])["components"]["override"] == nlohmann::json{{"platform", "select"}});
    CHECK(!nlohmann::json::parse(all[3])["components"].contains("override"));
}

TEST_CASE("publishes devices and states again after Home Assistant returns") {
    Rig rig;
    rig.settings(1, {miner(1)});
    rig.connect();
    rig.steps(10);
    rig.bus.sent.clear();
    rig.discovery->receive(received("homeassistant/status", "offline", rig.now));
    rig.discovery->receive(received("homeassistant/status", "online", rig.now, true));  // an old one
    rig.steps(10);
    CHECK(rig.bus.sent.empty());
    rig.discovery->receive(received("homeassistant/status", "online", rig.now));
    rig.discovery->receive(received("homeassistant/status", "online", rig.now));
    rig.step();
    CHECK_FALSE(rig.step());
    CHECK(rig.bus.sent.empty());
    CHECK(rig.step());
    CHECK(rig.bus.sent.size() == 2);
    CHECK_FALSE(rig.step());
    rig.steps(10);
    CHECK(rig.bus.sent.size() == 2);
    for (int i = 0; i < 200; ++i) CHECK((Discovery::random_pause() >= 1s && Discovery::random_pause() <= 5s));
}

TEST_CASE("keeps a device deleted in Home Assistant away until announced again") {
    Rig rig;
    rig.settings(1, {miner(1)});
    rig.connect();
    rig.steps(10);
    rig.bus.sent.clear();
    rig.held.erase(miner_topic);
    rig.discovery->receive(received(miner_topic, "", rig.now));
    rig.steps(5);
    rig.discovery->receive(received("homeassistant/status", "online", rig.now));
    rig.steps(10);
    rig.connect();
    rig.steps(10);
    CHECK(rig.bus.payloads(miner_topic).empty());
    CHECK(rig.bus.payloads(site_topic).size() == 1);
    CHECK(rig.discovery->announce().empty());
    rig.steps(5);
    CHECK(rig.held.contains(miner_topic));
    CHECK(rig.bus.payloads(site_topic).size() == 2);
    rig.held.erase(miner_topic);
    rig.begin();
    rig.settings(1, {miner(1)});
    rig.connect();
    rig.steps(10);
    CHECK(rig.held.contains(miner_topic));
}

TEST_CASE("discovery: false clears the messages of an earlier run") {
    Rig rig;
    rig.settings(1, {miner(1)});
    rig.connect();
    rig.steps(10);
    rig.held["homeassistant/device/other/config"] = "{}";
    rig.begin(HomeAssistantConfig{false});
    rig.settings(1, {miner(1)});
    rig.connect();
    rig.steps(10);
    CHECK(rig.held.size() == 1);
    CHECK(rig.bus.payloads(miner_topic).back().empty());

    Rig ending;
    ending.settings(1, {miner(1)});
    ending.connect();
    ending.steps(10);
    ending.bus.sent.clear();
    ending.discovery->withdraw();
    CHECK(ending.bus.payloads(site_topic) == Texts{""});
    CHECK(ending.bus.payloads(miner_topic) == Texts{""});
}

TEST_CASE("publishes many devices in bursts") {
    Rig rig;
    std::vector<HaMiner> miners;
    for (int i = 1; i <= 9; ++i) miners.push_back(miner(i));
    rig.settings(1, miners);
    rig.connect();
    rig.step(Discovery::listen);
    CHECK(rig.bus.sent.size() == Discovery::burst);
    for (int i = 0; i < 5; ++i) rig.step(100ms);
    CHECK(rig.bus.sent.size() == Discovery::burst);
    rig.bus.refuse = true;
    rig.steps(3);
    CHECK(rig.bus.sent.size() == Discovery::burst);
    rig.bus.refuse = false;
    rig.steps(10);
    CHECK(rig.held.size() == 10);
    rig.bus.sent.clear();
    for (const char* payload : {"{", "\xff\xfe", "[]", "online"}) rig.discovery->receive(received(miner_topic, payload, rig.now));
    rig.discovery->receive(received(std::string(head) + "_m_#/config", "", rig.now, true));
    rig.steps(5);
    CHECK(rig.bus.sent.empty());
    rig.held[miner_topic] = "{ broken";
    rig.connect();
    rig.steps(10);
    CHECK(rig.held[miner_topic].find("components") != std::string::npos);
}

TEST_CASE("splits devices for a broker with a small packet limit") {
    Rig rig;
    rig.bus.most = 2048;
    rig.settings(1, {miner(1)});
    rig.connect();
    rig.steps(60);
    CHECK_FALSE(rig.held.contains(site_topic));
    CHECK(rig.held.contains(head + "_c_battery_voltage/config"));
    std::set<std::string> ids;
    for (const auto& [topic, payload] : rig.held) {
        CHECK(is_ha_topic_of(topic, "homeassistant", "shack"));
        const auto message = nlohmann::json::parse(payload);
        REQUIRE(message["components"].size() == 1);
        CHECK(ids.insert(message["components"].front()["unique_id"]).second);
        CHECK(message.contains("device"));
    }
    CHECK(ids.size() > 20);

    rig.bus.most = std::numeric_limits<std::size_t>::max();
    rig.bus.sent.clear();
    rig.connect();
    rig.steps(60);
    CHECK(rig.held.size() == 2);
    bool cleared = true;  // nothing describes a component twice
    for (std::size_t i = 0; i + 1 < rig.bus.sent.size(); ++i)
        cleared = cleared && (!rig.bus.sent[i + 1].payload.empty() || rig.bus.sent[i].payload.empty());
    CHECK(cleared);
}

TEST_CASE("sends discovery in parts, then none, if the broker disconnects") {
    Rig rig;
    rig.settings(1, {miner(1)});
    const auto dropped = [&rig] {
        rig.connect();
        rig.bus.sent.clear();
        while (rig.bus.sent.empty() && rig.now < 900s) rig.step();
        rig.bus.is_up = false;
        rig.held.clear();
        rig.step();
    };
    dropped();
    CHECK_FALSE(rig.discovery->given_up());
    rig.connect();
    rig.steps(60);
    CHECK(rig.held.contains(head + "_c_battery_voltage/config"));
    CHECK_FALSE(rig.held.contains(site_topic));
    rig.bus.is_up = false;
    rig.held.clear();
    rig.step();  // long after the last message: another cause
    dropped();
    CHECK_FALSE(rig.discovery->given_up());
    dropped();
    CHECK(rig.discovery->given_up());
    rig.connect();
    rig.bus.sent.clear();
    rig.settings(2, {miner(2)});
    rig.steps(60);
    CHECK(rig.bus.sent.empty());
    CHECK(rig.discovery->announce().empty());
    rig.steps(60);
    CHECK_FALSE(rig.bus.sent.empty());
}

}  // namespace discovery_test
