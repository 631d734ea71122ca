#include "drivers/sim/view.hpp"

#include <doctest/doctest.h>

using namespace volt::sim;

TEST_CASE("view: parses decimal texts as whole steps") {
    CHECK(steps_of("52.30", 2) == 5230);
    CHECK(steps_of("52.3", 2) == 5230);
    CHECK(steps_of("52", 2) == 5200);
    CHECK(steps_of("52.300", 2) == 5230);
    CHECK(steps_of("-3.5", 1) == -35);
    CHECK(steps_of("8450", 0) == 8450);
    CHECK_FALSE(steps_of("52.305", 2));
    CHECK_FALSE(steps_of("8,450", 0));
    CHECK_FALSE(steps_of("", 0));
    CHECK_FALSE(steps_of("-", 0));
    CHECK_FALSE(steps_of("1e3", 0));
    CHECK_FALSE(steps_of("99999999999999999999", 0));
}

TEST_CASE("view: pinned values are exact, and battery values follow") {
    Plant plant({});
    plant.step({}, 1'000);
    Pins pins;
    CHECK_FALSE(pins.set("voltage", "52.30"));
    CHECK_FALSE(pins.set("pv", "8450"));
    CHECK_FALSE(pins.set("load", "1850"));
    const SiteMeasurements view = view_of(plant, pins, 3'878);
    CHECK(view.battery_cv == 5230);
    CHECK(view.pv_w == 8'450);
    CHECK(view.load_w == 1'850);
    CHECK(view.battery_w == 6'600);
    CHECK(view.battery_ca == 12'620);  // 6600 / 52.30 = 126.195
}

TEST_CASE("view: a pinned house adds running loads") {
    Plant plant({});
    Pins pins;
    CHECK_FALSE(pins.set("house", "1000"));
    CHECK(view_of(plant, pins, 3'878).load_w == 4'878);
    CHECK_FALSE(pins.set("load", "1850"));
    CHECK(view_of(plant, pins, 3'878).load_w == 1'850);
    CHECK_FALSE(pins.set("load", "auto"));
    CHECK(view_of(plant, pins, 0).load_w == 1'000);
}

TEST_CASE("view: pins and releases rooms, weather and battery temperature") {
    Plant plant({});
    Pins pins;
    CHECK_FALSE(pins.set("heat-room", "37.5"));
    CHECK_FALSE(pins.set("main-room", "-4"));
    CHECK_FALSE(pins.set("battery-temperature", "-1.0"));
    CHECK_FALSE(pins.set("weather", "rainy"));
    const SiteMeasurements view = view_of(plant, pins, 0);
    CHECK(view.heat_room_ddeg == 375);
    CHECK(view.main_room_ddeg == -40);
    CHECK(view.battery_ddeg == -10);
    CHECK(view.weather == "rainy");
    CHECK_FALSE(pins.set("all", "auto"));
    CHECK(view_of(plant, pins, 0) == view_of(plant, {}, 0));
}

TEST_CASE("view: reports a value that cannot be pinned") {
    Pins pins;
    CHECK(pins.set("volts", "52")->find("no such value") != std::string::npos);
    CHECK(pins.set("voltage", "100"));
    CHECK(pins.set("voltage", "52.305"));
    CHECK(pins.set("pv", "-1"));
    CHECK(pins.set("all", "5"));
    CHECK(pins.values.empty());
}
