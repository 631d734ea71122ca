#include "daemon/api/dry_run.hpp"

#include <doctest/doctest.h>

#include "daemon/config/policy.hpp"
#include "tests/daemon/config/site.hpp"

using namespace volt;

namespace {

DecisionInputs frame_of(const Settings& settings) {
    DecisionInputs frame;
    frame.config = *test::parse(test::wired).config;
    frame.settings = std::make_shared<const Settings>(settings);
    frame.policy = build_policy(frame.config, settings, 1);
    frame.snapshot.voltages.resize(frame.policy.voltage_sources.size());
    frame.snapshot.outputs.resize(frame.policy.outputs.size());
    frame.snapshot.temperatures.resize(frame.policy.sensors.size());
    frame.snapshot.battery_temperatures.resize(frame.policy.battery_temperatures.size());
    return frame;
}

}  // namespace

TEST_CASE("a dry run of settings that need another sensor, or one fewer, runs the rules like any other") {
    const Settings rooms = test::default_settings();
    Settings cells = rooms;
    cells.zones[0].sensor_id = "cells";  // a sensor of the battery: among those of rooms only while a zone names it
    for (const auto& [now, then] : {std::pair{rooms, cells}, std::pair{cells, rooms}}) {
        const DecisionInputs frame = frame_of(now);
        REQUIRE(frame.policy.sensors.size() != build_policy(frame.config, then, 2).sensors.size());
        const auto would = api::would_json(frame, {std::make_shared<const Settings>(then), {}, {}});
        CHECK(would.at("would").is_array());
    }
}
