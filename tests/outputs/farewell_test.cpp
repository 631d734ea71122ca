// What a reload leaves behind is told to be off, once; what stays is left alone.
#include "daemon/site/output_release.hpp"

#include <doctest/doctest.h>

#include "drivers/mqtt/outputs.hpp"
#include "drivers/source.hpp"
#include "tests/fakes/memory_bus.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

using Ids = std::vector<std::string>;

OutputConfig relay(const std::string& id) {
    OutputConfig config;
    config.id = config.topic = id;
    return config;
}

OutputConfig fan(const std::string& id) {
    OutputConfig config = relay(id);
    config.safe_state = SafeState::automatic;
    return config;
}

/// Outputs of which all but the last are on; waiting hears the answers of those that are named.
struct Yard {
    explicit Yard(std::vector<OutputConfig> all) : configs(std::move(all)), outputs(configs, bus) {
        bus.come(1s);
        outputs.turn(1s);
        for (const OutputConfig& config : configs) say(config.topic, &config == &configs.back() ? "OFF" : "ON");
        bus.sent.clear();
    }
    void say(const std::string& topic, const std::string& word) {
        outputs.receive(received("stat/" + topic + "/POWER", word, 2s));
    }
    Farewell leave(const std::vector<OutputConfig>& after, const Ids& answer) {
        const Time begun = monotonic_now();
        const Parting parting(outputs, configs, after, begun);
        Time now = begun;
        for (; !parting.done(outputs, now); now += 20ms)
            for (const std::string& topic : answer) say(topic, "OFF");
        waited = now - begun;
        return parting.result(outputs);
    }
    Ids told_off() const {
        Ids topics;
        for (const auto& message : bus.sent)
            if (message.payload == "OFF") topics.push_back(message.topic);
        return topics;
    }

    std::vector<OutputConfig> configs;
    MemoryBus bus;
    MqttOutputs outputs;
    Duration waited{};  ///< of the loop's time, for the last leave()
};

}  // namespace

TEST_CASE("gone, rewired, staying, a fan, and one that is off already") {
    Yard yard({relay("gone"), relay("rewired"), relay("stays"), fan("fan"), relay("off")});
    OutputConfig rewired = relay("rewired"), stays = relay("stays");
    rewired.topic = "elsewhere";
    stays.lease = 60s;  // another wish for the same device
    stays.meter = true;
    const Farewell farewell = yard.leave({stays, rewired}, {"gone", "rewired"});
    CHECK(yard.told_off() == Ids{"cmnd/gone/POWER", "cmnd/rewired/POWER"});
    CHECK(farewell.off == Ids{"gone", "rewired"});
    CHECK(farewell.unanswered.empty());
    CHECK(farewell.kept == Ids{"fan"});
    for (const auto& message : yard.bus.sent) CHECK_FALSE(message.as.retained);
    const auto said = sentences(farewell, "Removed from voltd.yaml or changed");
    REQUIRE(said.size() == 2);
    CHECK(said[0] == "Removed from voltd.yaml or changed: gone, rewired: switched off");
    CHECK(said[1].find("fan: left on (its safe state)") != std::string::npos);
}

TEST_CASE("another channel of the same device is another device; nothing changed is nothing to say") {
    Yard yard({relay("a"), relay("off")});
    CHECK(yard.leave(yard.configs, {}).empty());
    CHECK(yard.bus.sent.empty());
    auto after = yard.configs;
    after[0].channel = 2;
    CHECK(yard.leave(after, {"a"}).off == Ids{"a"});
}

TEST_CASE("one that does not answer is waited for one second; without a broker nobody is waited for") {
    Yard yard({relay("deaf"), relay("off")});
    CHECK(yard.leave({}, {}).unanswered == Ids{"deaf"});
    CHECK(yard.waited == farewell_limit);
    yard.bus.is_up = false;
    const Farewell untold = yard.leave({}, {});
    CHECK(untold.untold == Ids{"deaf"});
    CHECK(untold.unanswered.empty());
    CHECK(yard.waited == 0ms);
    CHECK(sentences(untold, "Left").at(0).starts_with("Left: deaf: could not be switched off"));
    CHECK(may_be_on_behind(untold).contains("deaf"));
}

TEST_CASE("one that is off though on is its safe state is told of; which ids have another device behind them") {
    OutputConfig charger = relay("charger");
    charger.safe_state = SafeState::on;
    Yard yard({relay("a"), charger});
    const Farewell farewell = yard.leave({relay("a")}, {});
    CHECK(farewell.left_off == Ids{"charger"});
    CHECK(yard.told_off().empty());
    CHECK(may_be_on_behind(farewell).empty());
    CHECK(sentences(farewell, "Left").at(0).starts_with("Left: charger: left off"));
    auto after = yard.configs;
    after[0].topic = "elsewhere";
    CHECK(other_devices(yard.configs, after) == Ids{"a"});
    CHECK(other_devices(yard.configs, yard.configs).empty());
    CHECK(other_devices({}, after) == Ids{"a", "charger"});
}

TEST_CASE("a fan that is to be off at an end is switched off; the end waits for what it told to be off") {
    OutputConfig off_fan = fan("fan"), safe = relay("safe"), keeps = relay("keeps");
    off_fan.on_exit = OnExit::off;
    safe.on_exit = OnExit::safe;
    Yard yard({off_fan, safe, keeps, relay("off")});
    CHECK_FALSE(released(yard.outputs, yard.configs));
    yard.say("fan", "OFF");
    CHECK_FALSE(released(yard.outputs, yard.configs));
    yard.say("safe", "OFF");
    CHECK(released(yard.outputs, yard.configs));
    yard.say("fan", "ON");
    CHECK(yard.leave({keeps}, {"fan"}).off == Ids{"fan"});
}
