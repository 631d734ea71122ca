#include <doctest/doctest.h>

#include "tests/rules/zones_rig.hpp"

namespace volt {

TEST_CASE("zone: allows starts below too_hot with a working fan") {
    ZonesRig rig;
    const ZoneView view = rig.at(0s, 399_dK);
    CHECK(view.start_allowed);
    CHECK(view.temperature == 399_dK);
    CHECK(view.verdict.temperature == 399_dK);
    CHECK(view.sensor_configured);
    CHECK(view.temperature_usable);
    CHECK_FALSE(rig.at(1s, 400_dK).start_allowed);
    CHECK(rig.at(2s, 399_dK).start_allowed);
    CHECK_FALSE(rig.at(3s, std::nullopt).start_allowed);
    CHECK_FALSE(rig.at(3s, std::nullopt).temperature_usable);
    rig.inputs[0].fan_usable = false;
    CHECK_FALSE(rig.at(4s, 200_dK).start_allowed);
    rig.zone().fan_enabled = false;
    CHECK(rig.at(5s, 200_dK).start_allowed);
}

TEST_CASE("zone: trips ten degrees above too_hot until hot_ok") {
    ZonesRig rig;
    CHECK_FALSE(rig.at(0s, 499_dK).tripped);
    ZoneView view = rig.at(1s, 500_dK);
    CHECK(view.tripped);
    CHECK_FALSE(view.start_allowed);
    CHECK(view.verdict.reason == ZoneReason::trip);
    CHECK(view.fan_wanted == 10);
    CHECK(rig.at(2s, 351_dK).tripped);
    CHECK(rig.at(3s, std::nullopt).tripped);
    CHECK_FALSE(rig.at(4s, 350_dK).tripped);
}

TEST_CASE("zone: miners run 900 s without a temperature if the fan works") {
    ZonesRig rig;
    rig.inputs[0].miner_on = true;
    rig.at(0s, 200_dK);
    ZoneView view = rig.at(1s, std::nullopt);
    CHECK(view.verdict.reason == ZoneReason::sensor_lost);
    CHECK(view.verdict.remaining == 900s);
    CHECK_FALSE(view.start_allowed);
    CHECK_FALSE(rig.at(900999ms, std::nullopt).tripped);
    CHECK(rig.at(901s, std::nullopt).tripped);
    view = rig.at(902s, 200_dK);  // known again: this trip does not latch
    CHECK_FALSE(view.tripped);
    CHECK(view.start_allowed);
}

TEST_CASE("zone: miners run 60 s without a temperature and a fan") {
    for (const bool has_fan : {true, false}) {
        ZonesRig rig;
        rig.zone().fan_enabled = has_fan;
        rig.inputs[0].fan_confirmed = !has_fan;
        rig.inputs[0].miner_on = true;
        rig.at(0s, std::nullopt);
        CHECK_FALSE(rig.at(59999ms, std::nullopt).tripped);
        CHECK(rig.at(60s, std::nullopt).tripped);
    }
}

TEST_CASE("zone: the grace starts with the daemon and is unbroken") {
    ZonesRig rig;
    rig.daemon_start = 1000s;
    rig.states.resize(1);
    rig.states[0].unusable_since.see(true, 0s);
    rig.states[0].key = "heat-room";
    CHECK_FALSE(rig.at(1000s, std::nullopt).tripped);
    CHECK_FALSE(rig.at(1899s, std::nullopt).tripped);
    rig.at(1899500ms, 200_dK);
    CHECK_FALSE(rig.at(1900s, std::nullopt).tripped);
    CHECK(rig.at(2800s, std::nullopt).tripped);
}

TEST_CASE("zone: without a sensor nothing trips and miners may start") {
    ZonesRig rig;
    rig.zone().sensor = no_index;
    rig.zone().sensor_id = "not-in-the-file";
    rig.inputs[0].miner_on = true;
    rig.at(0s, 999_dK);
    const ZoneView view = rig.at(2000s, 999_dK);
    CHECK_FALSE(view.sensor_configured);
    CHECK_FALSE(view.tripped);
    CHECK(view.start_allowed);
    CHECK(view.fan_wanted == 10);
}

TEST_CASE("zone: a disabled zone has no fan or heat but keeps its trip") {
    ZonesRig rig;
    rig.at(0s, 500_dK);
    rig.zone().enabled = false;
    ZoneView view = rig.at(1s, 400_dK);
    CHECK(view.tripped);
    CHECK_FALSE(view.start_allowed);
    CHECK(view.verdict.temperature == 400_dK);
    CHECK(view.verdict.reason == ZoneReason::trip);
    CHECK(view.fan_wanted == 0);
    CHECK_FALSE(rig.at(2s, 350_dK).tripped);
    CHECK(rig.at(3s, 499_dK).start_allowed);
    CHECK(rig.at(4s, 500_dK).tripped);
    CHECK_FALSE(rig.at(5s, 350_dK).tripped);
    view = rig.at(2000s, std::nullopt);
    CHECK(view.start_allowed);
    CHECK_FALSE(view.tripped);
}

TEST_CASE("zone: another zone at the same index starts fresh") {
    ZonesRig rig;
    rig.at(0s, 500_dK);
    rig.zone().id = "other";
    CHECK_FALSE(rig.at(1s, 400_dK).tripped);
    rig.policy.zones.push_back(rig.zone());
    rig.policy.zones[1].id = "third";
    rig.inputs.resize(2);
    rig.at(2s, 400_dK);
    CHECK(rig.states.size() == 2);
}

TEST_CASE("zone: the verdict has the most severe reason") {
    ZonesRig rig;
    CHECK(rig.at(0s, 200_dK).verdict.reason == ZoneReason::idle);
    CHECK(rig.at(1s, 400_dK).verdict.reason == ZoneReason::too_hot);
    const ZoneView view = rig.at(2s, 375_dK);
    CHECK(view.verdict.reason == ZoneReason::hysteresis);
    CHECK(view.verdict.remaining == 29s);
    CHECK(rig.at(3s, std::nullopt).verdict.reason == ZoneReason::sensor_lost);
}

}  // namespace volt
