#include "drivers/sim/relays.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/sim/ambient.hpp"
#include "drivers/source.hpp"
#include "tests/fakes/mosquitto.hpp"
#include "tests/fakes/mqtt_peer.hpp"

using namespace volt;
using namespace volt::sim;
using volt::testing::eventually;
using volt::testing::Mosquitto;
using volt::testing::MqttListener;
using volt::testing::publish_once;

namespace {

RelaysConfig config_for(const std::string& broker) {
    RelaysConfig config;
    config.outputs = default_outputs();
    config.miner_times = {0s, 1ms};
    config.tele_period = 10s;
    config.broker = broker;
    config.prefix = "sim-test";
    return config;
}

}  // namespace

TEST_CASE("relays: do nothing without a broker") {
    Relays relays(config_for(""));
    relays.turn(1s, 0, true);
    CHECK(relays.loads_w() == 0);
    CHECK(relays.fault("miner1", DeviceFault::deaf, 1s, 5s));
    CHECK(relays.fault("heaters", DeviceFault::stuck, 1s, 5s));
    CHECK_FALSE(relays.fault("toaster", DeviceFault::deaf, 1s, 5s));
    CHECK(device_fault_of("meter-lost") == DeviceFault::meter_lost);
    CHECK(device_fault_of("reboot-on") == DeviceFault::reboot_on);
    CHECK_FALSE(device_fault_of("tired"));
}

TEST_CASE("relays: work on a real broker from greeting to last will") {
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    {
        Relays relays(config_for("127.0.0.1:" + std::to_string(broker.port())));
        const auto turn = [&] { relays.turn(monotonic_now(), 1'750'510'800, true); };
        const auto until = [&](const std::function<bool()>& condition) {
            return eventually([&] {
                turn();
                return condition();
            });
        };
        const auto heard = [&](const std::string& topic, const std::string& payload) {
            return until([&] {
                for (const auto& one : listener.payloads(topic)) {
                    if (one == payload) return true;
                }
                return false;
            });
        };
        CHECK(heard("tele/miner1/LWT", "Online"));
        CHECK(heard("tele/heaters/LWT", "Online"));
        CHECK(heard("heat-room/fan/online", "yes"));
        CHECK(heard("stat/miner1/POWER", "OFF"));
        CHECK(heard("stat/heaters/POWER2", "OFF"));

        // Its subscription may still be pending: a command is repeated, as a controller would do.
        CHECK(until([&] {
            publish_once(broker.port(), "cmnd/miner1/POWER", "ON");
            for (int i = 0; i < 40; ++i) turn();
            return relays.loads_w() > 3'800;
        }));
        CHECK(heard("stat/miner1/RESULT", R"({"POWER":"ON"})"));
        CHECK(relays.inputs().miners_w == doctest::Approx(3'878));
        publish_once(broker.port(), "cmnd/heaters/POWER2", "ON");
        CHECK(until([&] { return relays.inputs().main_room_heater_w == 1'500; }));
        CHECK(relays.inputs().heat_room_heater_w == 0);
        publish_once(broker.port(), "heat-room/fan/level/set", "5");
        CHECK(until([&] { return relays.inputs().heat_room_fan == 5; }));
        CHECK(heard("heat-room/fan/level", "5"));
        CHECK(relays.loads_w() == doctest::Approx(3'878 + 1'500 + 20));
        publish_once(broker.port(), "cmnd/miner1/STATUS", "8");
        CHECK(until([&] {
            for (const auto& one : listener.payloads("stat/miner1/STATUS8")) {
                if (one.find("\"Power\":3878") != std::string::npos) return true;
            }
            return false;
        }));

        relays.turn(monotonic_now(), 0, false);  // the inverter is off: nothing draws
        CHECK(relays.loads_w() == 0);

        // After a loss of the broker it greets again, without its state.
        const std::size_t before = listener.payloads("stat/miner1/POWER").size();
        broker.kill();
        broker.start();
        REQUIRE(listener.wait_until_connected(2));
        CHECK(until([&] { return listener.payloads("tele/miner1/LWT").size() >= 2; }));
        CHECK(listener.payloads("stat/miner1/POWER").size() == before);
    }
    CHECK(listener.wait_for("tele/miner1/LWT", "Offline"));
    CHECK(listener.wait_for("heat-room/fan/online", "no"));
}

TEST_CASE("relays: can be offline, rebooted on, and late") {
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    RelaysConfig config = config_for("127.0.0.1:" + std::to_string(broker.port()));
    config.outputs = {{"plug", LoadKind::miner, 500, Dialect::shelly_gen2}, {"t", LoadKind::miner, 500}};
    config.tele_period = 1s;
    Relays relays(config);
    Duration ahead{};  // lead of the devices' time, so that late messages need no waiting
    const auto until = [&](const std::function<bool()>& condition) {
        return eventually([&] {
            relays.turn(monotonic_now() + ahead, 1'750'510'800, true);
            return condition();
        });
    };
    const auto count = [&](const std::string& topic, const std::string& payload) {
        const auto all = listener.payloads(topic);
        return std::count(all.begin(), all.end(), payload);
    };
    REQUIRE(until([&] { return count("plug/online", "true") == 1 && count("tele/t/LWT", "Online") == 1; }));
    CHECK(relays.fault("plug", DeviceFault::offline, monotonic_now(), monotonic_now() + 300ms));
    CHECK(until([&] { return count("plug/online", "false") >= 1; }));
    CHECK(until([&] { return count("plug/online", "true") == 2; }));  // by itself, once the time is over
    CHECK(relays.fault("t", DeviceFault::reboot_on, monotonic_now(), monotonic_now() + 1s));
    CHECK(until([&] { return count("stat/t/POWER", "ON") == 1; }));
    CHECK(until([&] { return relays.loads_w() == 500; }));
    CHECK(count("tele/t/LWT", "Offline") >= 1);

    CHECK(relays.fault("plug", DeviceFault::late, monotonic_now(), monotonic_now() + 1h));
    const std::string asked = R"({"id":1,"src":"s","method":"Switch.GetStatus","params":{"id":0}})";
    publish_once(broker.port(), "plug/rpc", asked);
    publish_once(broker.port(), "cmnd/t/POWER", "");
    CHECK(until([&] { return count("stat/t/POWER", "ON") == 2; }));
    CHECK(listener.payloads("s/rpc").empty());
    ahead = 13s;
    CHECK(until([&] { return !listener.payloads("s/rpc").empty(); }));
}

TEST_CASE("relays: publish rooms and retained weather") {
    Mosquitto broker;
    MqttListener listener(broker.port());
    REQUIRE(listener.wait_until_connected());
    Ambient ambient({}, "127.0.0.1:" + std::to_string(broker.port()), "sim-test");
    SiteMeasurements view;
    view.heat_room_ddeg = 375;
    view.main_room_ddeg = -5;
    const auto heard = [&](const std::string& topic, const std::string& part) {
        return eventually([&] {
            ambient.turn(monotonic_now(), view);
            for (const auto& one : listener.payloads(topic)) {
                if (one.find(part) != std::string::npos) return true;
            }
            return false;
        });
    };
    CHECK(heard("zigbee2mqtt/heat-room", R"("temperature":37.5)"));
    CHECK(heard("zigbee2mqtt/main-room", R"("temperature":-0.5)"));
    CHECK(heard("weather/sunny", R"({"state":"sunny"})"));
    view.weather = "cloudy";
    CHECK(heard("weather/sunny", R"({"state":"cloudy"})"));
    MqttListener later(broker.port(), "weather/#");
    CHECK(eventually([&] { return !later.received().empty(); }));
    REQUIRE_FALSE(later.received().empty());
    CHECK(later.received().front().retained);
}
