#include "daemon/api/dry_run.hpp"

#include <doctest/doctest.h>

#include "daemon/config/policy.hpp"
#include "tests/daemon/config/site.hpp"

using namespace volt;

namespace {

DecisionInputs decision_inputs_of(const Settings& settings) {
    DecisionInputs inputs;
    inputs.config = *test::parse(test::wired).config;
    inputs.settings = std::make_shared<const Settings>(settings);
    inputs.policy = build_policy(inputs.config, settings, 1);
    inputs.snapshot.voltages.resize(inputs.policy.voltage_sources.size());
    inputs.snapshot.outputs.resize(inputs.policy.outputs.size());
    inputs.snapshot.temperatures.resize(inputs.policy.sensors.size());
    inputs.snapshot.battery_temperatures.resize(inputs.policy.battery_temperatures.size());
    return inputs;
}

}  // namespace

TEST_CASE("a dry run of settings that need another sensor, or one fewer, runs the rules like any other") {
    const Settings rooms = test::default_settings();
    Settings cells = rooms;
    cells.zones[0].sensor_id = "cells";  // a sensor of the battery: among those of rooms only while a zone names it
    for (const auto& [now, then] : {std::pair{rooms, cells}, std::pair{cells, rooms}}) {
        const DecisionInputs inputs = decision_inputs_of(now);
        REQUIRE(inputs.policy.sensors.size() != build_policy(inputs.config, then, 2).sensors.size());
        const auto would = api::would_json(inputs, {std::make_shared<const Settings>(then), {}, {}});
        CHECK(would.at("would").is_array());
    }
}
