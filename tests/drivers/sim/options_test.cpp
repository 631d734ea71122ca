#include "drivers/sim/options.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace volt::sim;
using namespace std::chrono_literals;

TEST_CASE("options: converts a local start time to UTC") {
    CHECK(utc_ms_of("2025-06-21T06:00", "America/Los_Angeles") == 1'750'510'800'000);
    CHECK(utc_ms_of("2025-06-21T06:00:30", "America/Los_Angeles") == 1'750'510'830'000);
    CHECK(utc_ms_of("2025-12-21T06:00", "America/Los_Angeles") == 1'766'325'600'000);
    CHECK_THROWS_AS(utc_ms_of("yesterday", "America/Los_Angeles"), std::invalid_argument);
    CHECK_THROWS_AS(utc_ms_of("2025-06-21T06:00x", "America/Los_Angeles"), std::invalid_argument);
    CHECK_THROWS_AS(utc_ms_of("2025-06-21T06:00", "Mars/Base"), std::invalid_argument);
}

TEST_CASE("options: default to the six outputs of the example") {
    SiteConfig config;
    understand({}, config);
    REQUIRE(config.relays.outputs.size() == 6);
    CHECK(config.relays.outputs[0].topic == "miner1");
    CHECK(config.relays.outputs[0].nominal_w == 3'878);
    CHECK(config.relays.outputs[1].nominal_w == 3'250);
    CHECK(config.relays.broker == "127.0.0.1:1883");

    TypedOptions typed;
    typed.outputs = {"rig:miner:1200", "heaters#2:main-room-heater:900", "esphome=heatroom/exhaust:heat-room-fan:8",
                     "relay=fan1:main-room-fan:5", "a/fan/level:heat-room-fan:10"};
    typed.broker = "mqtt://127.0.0.1:1999";
    understand(typed, config);
    const auto& outputs = config.relays.outputs;
    REQUIRE(outputs.size() == 5);
    CHECK(outputs[0].nominal_w == 1'200);
    CHECK(outputs[1].topic == "heaters");
    CHECK(outputs[1].channel == 2);
    CHECK(outputs[2].dialect == Dialect::esphome_fan);
    CHECK(outputs[2].topic == "heatroom");
    CHECK(outputs[2].object == "exhaust");
    CHECK(outputs[2].levels == 8);
    CHECK(outputs[3].dialect == Dialect::tasmota);
    CHECK(outputs[3].levels == 5);
    CHECK(outputs[4].dialect == Dialect::level_fan);
    CHECK(outputs[4].topic == "a/fan/level");
    CHECK(config.relays.broker == "127.0.0.1:1999");
}

TEST_CASE("options: accept an output of each dialect") {
    TypedOptions typed;
    SiteConfig config;
    typed.outputs = {"shelly1=shelly1pm-AABBCC:miner:900",        "shelly2=shed/plug:miner:900",
                     "zigbee=shed/left plug:miner:900",           "esphome=node/plug:heat-room-heater:1500",
                     "generic=shed/heater:main-room-heater:1500", "generic=a/fan/level:heat-room-fan:8"};
    typed.device_timer_s = 45;
    understand(typed, config);
    const auto& outputs = config.relays.outputs;
    REQUIRE(outputs.size() == 6);
    CHECK(outputs[0].dialect == Dialect::shelly_gen1);
    CHECK(outputs[1].dialect == Dialect::shelly_gen2);
    CHECK(outputs[1].topic == "shed/plug");
    CHECK(outputs[2].dialect == Dialect::zigbee);
    CHECK(outputs[2].topic == "shed/left plug");
    CHECK(outputs[3].dialect == Dialect::esphome_switch);
    CHECK(outputs[3].topic == "node");
    CHECK(outputs[3].object == "plug");
    CHECK(outputs[4].dialect == Dialect::generic);
    CHECK(outputs[5].dialect == Dialect::level_fan);
    CHECK(config.relays.device_timer == 45s);
    for (const char* wrong :
         {"shelly1=x:heat-room-fan:8", "zigbee=x:heat-room-fan:8", "esphome=node:miner:100", "toaster=x:miner:100"}) {
        typed.outputs = {wrong};
        CHECK_THROWS_AS(understand(typed, config), std::invalid_argument);
    }
}

TEST_CASE("options: become the configuration") {
    TypedOptions typed;
    typed.bank = "lifepo4";
    typed.sky = "grey";
    typed.sol_ark_wire = "rtu";
    typed.sol_ark_current_scale = 0.1;
    typed.seed = 99;
    typed.hold = {"voltage=52.30", "pv=8450"};
    typed.no_broker = true;
    typed.tele_period_s = 30;
    SiteConfig config;
    understand(typed, config);
    CHECK(config.plant.bank.curve == BankCurve::lifepo4);
    CHECK(config.plant.sky == Sky::grey);
    CHECK(config.sol_ark_wire == Wire::rtu);
    CHECK(config.sol_ark.current_step_ca == 10);
    CHECK(config.plant.seed == 99);
    CHECK(config.pins.find("voltage") == 5'230);
    CHECK(config.pins.find("pv") == 8'450);
    CHECK(config.relays.broker.empty());
    CHECK(config.relays.tele_period == 30s);
}

TEST_CASE("options: refuse invalid values") {
    const auto refused = [](TypedOptions typed) {
        SiteConfig config;
        CHECK_THROWS_AS(understand(typed, config), std::invalid_argument);
    };
    for (const char* output :
         {"miner1", "miner1:miner", "miner1:toaster:100", "miner1:miner:0", "miner1:miner:x", "heaters#9:main-room-heater:900"}) {
        TypedOptions typed;
        typed.outputs = {output};
        refused(typed);
    }
    TypedOptions held;
    held.hold = {"voltage"};
    refused(held);
    held.hold = {"voltage=999"};
    refused(held);
}
