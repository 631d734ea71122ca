// Tests that outputs released by a reload are ordered off once, and the others are unchanged.
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

/// Outputs that are on except the last. While waiting, the named ones answer.
struct Site {
    explicit Site(std::vector<OutputConfig> all) : configs(std::move(all)), outputs(configs, bus) {
        bus.come(1s);
        outputs.turn(1s);
        for (const OutputConfig& config : configs) report(config.topic, &config == &configs.back() ? "OFF" : "ON");
        bus.sent.clear();
    }
    void report(const std::string& topic, const std::string& state) {
        outputs.receive(received("stat/" + topic + "/POWER", state, 2s));
    }
    ReleaseResult release(const std::vector<OutputConfig>& after, const Ids& answer) {
        const Time begun = monotonic_now();
        const OutputRelease release(outputs, configs, after, begun);
        Time now = begun;
        for (; !release.done(outputs, now); now += 20ms)
            for (const std::string& topic : answer) report(topic, "OFF");
        waited = now - begun;
        return release.result(outputs);
    }
    Ids ordered_off() const {
        Ids topics;
        for (const auto& message : bus.sent)
            if (message.payload == "OFF") topics.push_back(message.topic);
        return topics;
    }

    std::vector<OutputConfig> configs;
    MemoryBus bus;
    MqttOutputs outputs;
    Duration waited{};  ///< in loop time, for the last release()
};

}  // namespace

TEST_CASE("switches off only outputs that are gone or rewired") {
    Site site({relay("gone"), relay("rewired"), relay("stays"), fan("fan"), relay("off")});
    OutputConfig rewired = relay("rewired"), stays = relay("stays");
    rewired.topic = "elsewhere";
    stays.lease = 60s;  // other settings for the same device
    stays.meter = true;
    const ReleaseResult result = site.release({stays, rewired}, {"gone", "rewired"});
    CHECK(site.ordered_off() == Ids{"cmnd/gone/POWER", "cmnd/rewired/POWER"});
    CHECK(result.off == Ids{"gone", "rewired"});
    CHECK(result.unanswered.empty());
    CHECK(result.kept == Ids{"fan"});
    for (const auto& message : site.bus.sent) CHECK_FALSE(message.as.retained);
    const auto lines = sentences(result, "Removed from voltd.yaml or changed");
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "Removed from voltd.yaml or changed: gone, rewired: switched off");
    CHECK(lines[1].find("fan: left on (its safe state)") != std::string::npos);
}

TEST_CASE("treats another channel of a device as another device") {
    Site site({relay("a"), relay("off")});
    CHECK(site.release(site.configs, {}).empty());
    CHECK(site.bus.sent.empty());
    auto after = site.configs;
    after[0].channel = 2;
    CHECK(site.release(after, {"a"}).off == Ids{"a"});
}

TEST_CASE("waits one second for a silent output, never without broker") {
    Site site({relay("deaf"), relay("off")});
    CHECK(site.release({}, {}).unanswered == Ids{"deaf"});
    CHECK(site.waited == release_limit);
    site.bus.is_up = false;
    const ReleaseResult offline = site.release({}, {});
    CHECK(offline.unsent == Ids{"deaf"});
    CHECK(offline.unanswered.empty());
    CHECK(site.waited == 0ms);
    CHECK(sentences(offline, "Left").at(0).starts_with("Left: deaf: could not be switched off"));
    CHECK(alarms_of(offline) ==
          std::map<std::string, std::string>{
              {"deaf", left_on_text("The device that was deaf before the reload", "could not be switched off")}});
}

TEST_CASE("reports an output left off although safe on") {
    OutputConfig charger = relay("charger");
    charger.safe_state = SafeState::on;
    Site site({relay("a"), charger});
    const ReleaseResult result = site.release({relay("a")}, {});
    CHECK(result.left_off == Ids{"charger"});
    CHECK(site.ordered_off().empty());
    CHECK(alarms_of(result).empty());
    CHECK(sentences(result, "Left").at(0).starts_with("Left: charger: left off"));
    auto after = site.configs;
    after[0].topic = "elsewhere";
    CHECK(other_devices(site.configs, after) == Ids{"a"});
    CHECK(other_devices(site.configs, site.configs).empty());
    CHECK(other_devices({}, after) == Ids{"a", "charger"});
}

TEST_CASE("waits at exit for a fan that must be off") {
    OutputConfig off_fan = fan("fan"), safe = relay("safe"), keeps = relay("keeps");
    off_fan.on_exit = OnExit::off;
    safe.on_exit = OnExit::safe;
    Site site({off_fan, safe, keeps, relay("off")});
    CHECK_FALSE(released(site.outputs, site.configs));
    site.report("fan", "OFF");
    CHECK_FALSE(released(site.outputs, site.configs));
    site.report("safe", "OFF");
    CHECK(released(site.outputs, site.configs));
    site.report("fan", "ON");
    CHECK(site.release({keeps}, {"fan"}).off == Ids{"fan"});
}
