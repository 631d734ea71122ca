#include <doctest/doctest.h>

#include "tests/rules/zones_rig.hpp"

namespace volt {

TEST_CASE("fan: switches on at too_hot, off at hot_ok, with levels between") {
    ZonesRig rig;
    CHECK(rig.at(0s, 375_dK).fan_wanted == 0);
    CHECK(rig.at(1s, 399_dK).fan_wanted == 0);
    CHECK(rig.at(2s, 400_dK).fan_wanted == 10);
    CHECK(rig.at(100s, 399_dK).fan_wanted == 10);  // (2*10*49 + 50) / 100 = 10.3
    CHECK(rig.at(200s, 394_dK).fan_wanted == 9);
    CHECK(rig.at(300s, 375_dK).fan_wanted == 5);
    CHECK(rig.at(400s, 351_dK).fan_wanted == 1);  // at least 1
    CHECK(rig.at(500s, 350_dK).fan_wanted == 0);
    CHECK(rig.at(501s, 399_dK).fan_wanted == 0);
}

TEST_CASE("fan: rises at once and falls after 30 s at a level") {
    ZonesRig rig;
    rig.at(0s, 400_dK);
    CHECK(rig.at(29999ms, 375_dK).fan_wanted == 10);
    CHECK(rig.at(30s, 375_dK).fan_wanted == 5);
    CHECK(rig.at(31s, 385_dK).fan_wanted == 7);
    CHECK(rig.at(32s, 375_dK).fan_wanted == 7);
    CHECK(rig.at(33s, 350_dK).fan_wanted == 0);
}

TEST_CASE("fan: fixed is full, bounded by the device's levels") {
    ZonesRig rig;
    rig.zone().fan_mode = FanMode::fixed;
    rig.at(0s, 400_dK);
    CHECK(rig.at(100s, 360_dK).fan_wanted == 10);
    rig.policy.outputs[0].max_level = 8;
    CHECK(rig.at(200s, 360_dK).fan_wanted == 8);
}

TEST_CASE("fan: wants nothing without a fan") {
    ZonesRig rig;
    rig.zone().fan_enabled = false;
    CHECK(rig.at(0s, 450_dK).fan_wanted == 0);
    rig.zone().fan_enabled = true;
    rig.zone().fan = no_index;
    CHECK(rig.at(1s, 450_dK).fan_wanted == 0);
}

TEST_CASE("fan: runs full without a temperature until 180 s after miners") {
    ZonesRig rig;
    CHECK(rig.at(0s, std::nullopt).fan_wanted == 0);
    rig.inputs[0].miner_on = true;
    CHECK(rig.at(1s, std::nullopt).fan_wanted == 10);
    CHECK(rig.at(2s, 200_dK).fan_wanted == 0);
    CHECK(rig.at(3s, std::nullopt).fan_wanted == 10);
    rig.inputs[0].miner_on = false;
    ZoneView view = rig.at(4s, std::nullopt);
    CHECK(view.fan_wanted == 10);
    CHECK(view.verdict.reason == ZoneReason::run_on);
    CHECK(view.verdict.remaining == 180s);
    CHECK(rig.at(183999ms, std::nullopt).fan_wanted == 10);
    CHECK(rig.at(184s, std::nullopt).fan_wanted == 0);
}

TEST_CASE("fan: its hysteresis survives a moment without a temperature") {
    ZonesRig rig;
    rig.at(0s, 400_dK);
    CHECK(rig.at(1s, std::nullopt).fan_wanted == 0);
    CHECK(rig.at(2s, 375_dK).fan_wanted == 5);
}

TEST_CASE("fan: one running at start continues until hot_ok") {
    ZonesRig rig;
    rig.snapshot.outputs[0].state = OutputState::on;
    rig.snapshot.outputs[0].state_received = true;
    CHECK(rig.at(0s, 375_dK).fan_wanted == 5);
    CHECK(rig.at(1s, 350_dK).fan_wanted == 0);
    CHECK(rig.at(2s, 375_dK).fan_wanted == 0);  // adopted only once
}

TEST_CASE("fan override: applies on, a level, auto and its end") {
    ZonesRig rig;
    rig.ask_fan(OverrideKind::on, 600s);
    CHECK(rig.at(0s, 200_dK).fan_wanted == 10);
    CHECK(rig.at(599999ms, 200_dK).fan_wanted == 10);
    CHECK(rig.at(600s, 200_dK).fan_wanted == 0);
    rig.ask_fan(OverrideKind::level, 600s, 3);
    ZoneView view = rig.at(700s, 200_dK);
    CHECK(view.fan_wanted == 3);
    CHECK(view.verdict.reason == ZoneReason::override_);
    CHECK(view.verdict.fan_override_until == 1300s);
    rig.ask_fan(OverrideKind::automatic);
    CHECK(rig.at(701s, 200_dK).fan_wanted == 0);
    CHECK_FALSE(rig.state().fan_override_until);
}

TEST_CASE("fan override: lasts 60 min by default, 24 h at most") {
    ZonesRig rig;
    rig.ask_fan(OverrideKind::on);
    CHECK(rig.at(0s, 200_dK).verdict.fan_override_until == 60min);
    rig.ask_fan(OverrideKind::on, 25h);
    CHECK(rig.at(1s, 200_dK).verdict.fan_override_until == 24h + 1s);
    rig.ask_fan(OverrideKind::off);
    CHECK_FALSE(rig.at(2s, 200_dK).verdict.fan_override_until);
    CHECK(rig.at(100h, 200_dK).verdict.fan_override == OverrideKind::off);
    CHECK(rig.state().fan_override == OverrideKind::off);
    rig.ask_fan(OverrideKind::level, 600s, 0);
    CHECK(rig.at(100h + 1s, 200_dK).verdict.fan_override == OverrideKind::off);
}

TEST_CASE("fan override: off ends at too_hot or without a temperature") {
    ZonesRig rig;
    rig.at(0s, 400_dK);
    rig.ask_fan(OverrideKind::off, 600s);
    CHECK(rig.at(1s, 399_dK).fan_wanted == 0);
    CHECK(rig.at(2s, 400_dK).fan_wanted == 10);
    CHECK(rig.state().fan_override == OverrideKind::automatic);
    rig.ask_fan(OverrideKind::off);
    rig.at(3s, 380_dK);
    rig.inputs[0].miner_on = true;
    CHECK(rig.at(4s, std::nullopt).fan_wanted == 10);
    CHECK(rig.state().fan_override == OverrideKind::automatic);
}

TEST_CASE("fan override: a low level yields to heat and unknown temperature") {
    ZonesRig rig;
    rig.ask_fan(OverrideKind::level, 600s, 2);
    rig.inputs[0].miner_on = true;
    CHECK(rig.at(0s, 399_dK).fan_wanted == 2);
    CHECK(rig.at(1s, 400_dK).fan_wanted == 10);
    CHECK(rig.at(2s, std::nullopt).fan_wanted == 10);
    CHECK(rig.at(3s, 300_dK).fan_wanted == 2);
}

TEST_CASE("fan override: takes only requests for this zone's fan") {
    ZonesRig rig;
    rig.snapshot.requests.push_back({TargetKind::fan, 1, OverrideKind::on, 0, 600s});
    rig.snapshot.requests.push_back({TargetKind::heat, 0, OverrideKind::on, 0, 600s});
    rig.snapshot.requests.push_back({TargetKind::miner, 0, OverrideKind::on, 0, 600s});
    CHECK(rig.at(0s, 200_dK).fan_wanted == 0);
}

TEST_CASE("fan: takes its safe state before any override") {
    const struct {
        SafeState safe;
        std::int32_t idle, with_miner;
    } cases[] = {{SafeState::off, 0, 0}, {SafeState::on, 10, 10}, {SafeState::automatic, 0, 10}};
    for (const auto& c : cases) {
        for (const bool shutdown : {true, false}) {
            ZonesRig rig;
            rig.policy.outputs[0].safe_state = c.safe;
            rig.at(0s, 200_dK);
            rig.stage.stage = shutdown ? Stage::shutdown : Stage::blind;
            rig.stage.blind_too_long = !shutdown;
            rig.ask_fan(c.safe == SafeState::off ? OverrideKind::on : OverrideKind::off, 600s);
            ZoneView view = rig.at(1s, 200_dK);
            CHECK(view.fan_safe_state);
            CHECK(view.fan_wanted == c.idle);
            rig.inputs[0].miner_on = true;
            CHECK(rig.at(2s, 200_dK).fan_wanted == c.with_miner);
        }
    }
}

TEST_CASE("fan: safe state `auto` runs on after the last miner") {
    ZonesRig rig;
    rig.inputs[0].miner_on = true;
    rig.at(0s, 200_dK);
    rig.inputs[0].miner_on = false;
    rig.stage.stage = Stage::blind;
    CHECK_FALSE(rig.at(1s, 200_dK).fan_safe_state);
    CHECK(rig.at(2s, 200_dK).fan_wanted == 0);
    rig.stage.blind_too_long = true;
    CHECK(rig.at(3s, 200_dK).fan_wanted == 10);
    CHECK(rig.at(180s, 200_dK).fan_wanted == 10);
    CHECK(rig.at(180s, 200_dK).verdict.reason == ZoneReason::run_on);
    CHECK(rig.at(181s, 200_dK).fan_wanted == 0);
    CHECK(rig.at(182s, 400_dK).fan_wanted == 10);
}

}  // namespace volt
