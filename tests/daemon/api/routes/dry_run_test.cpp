#include "daemon/api/routes/dry_run.hpp"

#include <doctest/doctest.h>

#include "daemon/config/build_policy.hpp"
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

TEST_CASE("runs the rules with another number of sensors") {
    const Settings rooms = test::default_settings();
    Settings cells = rooms;
    cells.zones[0].sensor_id = "cells";  // battery sensor, among those of rooms only while a zone names it
    for (const auto& [now, then] : {std::pair{rooms, cells}, std::pair{cells, rooms}}) {
        const DecisionInputs inputs = decision_inputs_of(now);
        REQUIRE(inputs.policy.sensors.size() != build_policy(inputs.config, then, 2).sensors.size());
        const auto would = api::would_json(inputs, {std::make_shared<const Settings>(then), {}, {}});
        CHECK(would.at("would").is_array());
    }
}

TEST_CASE("explains an override's load fully and a mode briefly") {
    const Settings settings = test::default_settings();
    const DecisionInputs inputs = decision_inputs_of(settings);
    REQUIRE(!inputs.policy.miners.empty());
    const std::string slug = inputs.policy.miners[0].slug;
    OverrideRequest on;
    on.target = TargetKind::miner;
    on.kind = OverrideKind::on;
    on.lasts = 1h;
    const auto forced = api::would_json(inputs, {{}, {}, on});
    const auto& why = forced.at("explain");
    CHECK(why.at("load") == slug);
    CHECK(why.at("override") == "on");
    CHECK(why.at("wanted") == "off");  // there is no voltage
    CHECK(!why.at("text").get<std::string>().empty());
    REQUIRE(!why.at("gates").empty());
    for (const auto& gate : why.at("gates")) {
        CHECK(gate.contains("waived"));
        CHECK(!gate.at("text").get<std::string>().empty());
    }
    const auto stopped = api::would_json(inputs, {{}, SiteMode::off, {}});
    const auto& all = stopped.at("explain");
    CHECK(all.at(slug).at("wanted") == "off");
    CHECK(!all.at(slug).at("text").get<std::string>().empty());
    CHECK(all.at(slug).at("name") == inputs.policy.miners[0].name);
    CHECK(!all.contains("charge"));
}
