#include <doctest/doctest.h>

#include "tests/rules/zones_rig.hpp"

namespace volt {

namespace {

struct HeatRig : ZonesRig {
    HeatRig(HeatSource first, HeatSource second) {
        zone().heat_first = first;
        zone().heat_second = second;
        zone().too_cold = 0_dK;
        zone().cold_ok = 50_dK;
    }
};

}  // namespace

TEST_CASE("heat: is wanted from too_cold to cold_ok after the sun's hold") {
    HeatRig rig(HeatSource::miner, HeatSource::none);
    CHECK_FALSE(rig.hold(0, 100, 1_dK).verdict.heat_wanted);
    ZoneView view = rig.hold(101, 101, 0_dK);
    CHECK(view.verdict.heat_wanted);
    CHECK(view.heat_by_miner);
    CHECK(view.verdict.heat == HeatSource::miner);
    CHECK(view.verdict.reason == ZoneReason::too_cold);
    CHECK(rig.hold(102, 102, 49_dK).heat_by_miner);
    view = rig.hold(103, 103, 50_dK);
    CHECK_FALSE(view.heat_by_miner);
    CHECK(view.verdict.heat == HeatSource::none);
    CHECK(view.verdict.reason == ZoneReason::idle);
    CHECK_FALSE(rig.hold(104, 104, 49_dK).heat_by_miner);
}

TEST_CASE("heat: a cold zone with sun and no source is too cold") {
    HeatRig rig(HeatSource::none, HeatSource::none);
    const ZoneView view = rig.hold(0, 100, -10_dK);
    CHECK(view.verdict.reason == ZoneReason::too_cold);
    CHECK_FALSE(view.verdict.heat_wanted);
}

TEST_CASE("heat: needs sun for 60 s and tolerates short shortfalls") {
    HeatRig rig(HeatSource::miner, HeatSource::none);
    rig.readings.pv = 3999_W;
    CHECK(rig.hold(0, 100, -10_dK).verdict.reason == ZoneReason::no_solar);
    rig.readings.pv = 4000_W;
    CHECK_FALSE(rig.hold(101, 160, -10_dK).heat_by_miner);
    CHECK(rig.hold(161, 161, -10_dK).heat_by_miner);
    rig.readings.pv = 3500_W;
    CHECK(rig.hold(162, 300, -10_dK).heat_by_miner);
    rig.readings.pv = 3499_W;
    CHECK(rig.hold(301, 330, -10_dK).heat_by_miner);
    CHECK_FALSE(rig.hold(331, 331, -10_dK).heat_by_miner);
    rig.readings.pv = 3999_W;
    CHECK_FALSE(rig.hold(332, 500, -10_dK).heat_by_miner);
}

TEST_CASE("heat: unusable PV counts as no sun, and a gap restarts holds") {
    HeatRig rig(HeatSource::miner, HeatSource::none);
    rig.hold(0, 50, -10_dK);
    rig.readings.starts_begin_again = true;
    rig.hold(51, 51, -10_dK);
    rig.readings.starts_begin_again = false;
    CHECK_FALSE(rig.hold(52, 110, -10_dK).heat_by_miner);
    CHECK(rig.hold(111, 111, -10_dK).heat_by_miner);
    rig.readings.pv.reset();
    CHECK(rig.hold(112, 141, -10_dK).heat_by_miner);
    CHECK_FALSE(rig.hold(142, 142, -10_dK).heat_by_miner);
    rig.zone().minimum_solar_for_heating = 0_W;
    CHECK(rig.hold(143, 203, -10_dK).heat_by_miner);  // no sun is required
}

TEST_CASE("heat: needs a temperature, heating enabled and a source") {
    HeatRig rig(HeatSource::heater, HeatSource::miner);
    rig.hold(0, 60, -10_dK);
    ZoneView view = rig.hold(61, 61, std::nullopt);
    CHECK_FALSE(view.heater_wanted);
    CHECK(view.heater_stop_now);
    CHECK_FALSE(view.verdict.heat_wanted);
    CHECK(rig.hold(62, 62, 20_dK).heater_wanted);  // its hysteresis survived
    rig.zone().heating_enabled = false;
    CHECK_FALSE(rig.hold(63, 63, -10_dK).heater_wanted);
    HeatRig none(HeatSource::none, HeatSource::none);
    CHECK_FALSE(none.hold(0, 100, -10_dK).verdict.heat_wanted);
}

TEST_CASE("heat: a first-choice heater stops at cold_ok and for the fan") {
    HeatRig rig(HeatSource::heater, HeatSource::none);
    CHECK(rig.hold(0, 60, 0_dK).heater_wanted);
    CHECK_FALSE(rig.hold(61, 61, 49_dK).heater_stop_now);
    CHECK(rig.hold(62, 62, 50_dK).heater_stop_now);
    rig.hold(63, 63, 0_dK);
    rig.ask_fan(OverrideKind::on, 600s);
    const ZoneView view = rig.hold(64, 64, 0_dK);
    CHECK(view.fan_wanted == 10);
    CHECK(view.heater_stop_now);
    CHECK_FALSE(view.heater_wanted);
}

TEST_CASE("heat: the heater starts after the fan's confirmed OFF") {
    HeatRig rig(HeatSource::heater, HeatSource::none);
    rig.inputs[0].fan_reports_off = false;
    CHECK_FALSE(rig.hold(0, 100, 0_dK).heater_wanted);
    rig.inputs[0].heater_on = true;
    CHECK(rig.hold(101, 101, 0_dK).heater_wanted);
    CHECK_FALSE(rig.hold(101, 101, 0_dK).heater_stop_now);
    rig.inputs[0].heater_on = false;
    rig.inputs[0].fan_reports_off = true;
    CHECK(rig.hold(102, 102, 0_dK).heater_wanted);
}

TEST_CASE("heat: low sun does not stop the heater at once") {
    HeatRig rig(HeatSource::heater, HeatSource::none);
    rig.hold(0, 60, 0_dK);
    rig.readings.pv = 0_W;
    CHECK_FALSE(rig.hold(61, 90, 0_dK).heater_lacks_sun);
    const ZoneView view = rig.hold(91, 91, 0_dK);
    CHECK_FALSE(view.heater_wanted);
    CHECK_FALSE(view.heater_stop_now);
    CHECK(view.heater_lacks_sun);
    CHECK_FALSE(rig.hold(92, 92, 50_dK).heater_lacks_sun);
}

TEST_CASE("heat: the second-choice heater follows 10 min without a miner") {
    HeatRig rig(HeatSource::miner, HeatSource::heater);
    CHECK(rig.hold(0, 659, 0_dK).verdict.heat == HeatSource::miner);  // wanted since 60 s
    ZoneView view = rig.hold(660, 660, 0_dK);
    CHECK(view.heater_wanted);
    CHECK(view.heat_by_miner);  // the first choice is still asked
    CHECK(view.verdict.heat == HeatSource::heater);
    rig.inputs[0].heater_on = true;
    rig.inputs[0].miner_on = true;
    CHECK(rig.hold(661, 900, 0_dK).heater_wanted);
    rig.inputs[0].miner_drawing = true;
    CHECK(rig.hold(901, 1500, 0_dK).heater_wanted);
    view = rig.hold(1501, 1501, 0_dK);
    CHECK_FALSE(view.heater_wanted);
    CHECK_FALSE(view.heater_stop_now);
    CHECK(view.heat_by_miner);
    rig.inputs[0] = {};
    CHECK_FALSE(rig.hold(1502, 2101, 0_dK).heater_wanted);
    CHECK(rig.hold(2102, 2102, 0_dK).heater_wanted);
}

TEST_CASE("heat: a miner that was on restarts the 10 min") {
    HeatRig rig(HeatSource::miner, HeatSource::heater);
    rig.hold(0, 600, 0_dK);
    rig.inputs[0].miner_on = true;
    rig.hold(601, 601, 0_dK);
    rig.inputs[0].miner_on = false;
    CHECK_FALSE(rig.hold(602, 1201, 0_dK).heater_wanted);
    CHECK(rig.hold(1202, 1202, 0_dK).heater_wanted);
}

TEST_CASE("heat: a second-choice miner follows 10 min without the heater") {
    HeatRig rig(HeatSource::heater, HeatSource::miner);
    CHECK_FALSE(rig.hold(0, 659, 0_dK).heat_by_miner);
    ZoneView view = rig.hold(660, 660, 0_dK);
    CHECK(view.heat_by_miner);
    CHECK(view.heater_wanted);
    CHECK(view.verdict.heat == HeatSource::miner);
    rig.inputs[0].heater_on = true;
    view = rig.hold(661, 661, 0_dK);
    CHECK_FALSE(view.heat_by_miner);
    CHECK(view.verdict.heat == HeatSource::heater);
}

TEST_CASE("heat: the second choice is first if there is no first") {
    HeatRig rig(HeatSource::none, HeatSource::heater);
    CHECK(rig.hold(0, 60, 0_dK).heater_wanted);
}

TEST_CASE("heat override: on waives sun and temperature, not fan or sensor") {
    HeatRig rig(HeatSource::miner, HeatSource::none);
    rig.inputs[0].heater_override_on = true;
    rig.readings.pv = 0_W;
    ZoneView view = rig.hold(0, 0, 200_dK);
    CHECK(view.heater_wanted);
    CHECK_FALSE(view.heater_stop_now);
    CHECK_FALSE(view.heat_by_miner);
    CHECK_FALSE(view.verdict.heat_wanted);
    CHECK(rig.hold(1, 1, std::nullopt).heater_stop_now);
    rig.ask_fan(OverrideKind::on, 600s);
    view = rig.hold(2, 2, 200_dK);
    CHECK(view.fan_wanted == 10);
    CHECK_FALSE(view.heater_wanted);
    CHECK(view.heater_stop_now);
}

TEST_CASE("heat: wanted heat survives a restart") {
    HeatRig rig(HeatSource::miner, HeatSource::heater);
    rig.states.resize(1);
    rig.states[0].key = "heat-room";
    rig.states[0].heat_wanted = true;
    rig.inputs[0].heater_on = true;
    rig.readings.pv.reset();
    CHECK(rig.hold(0, 0, 30_dK).heater_wanted);
    rig.readings.pv = 8000_W;
    CHECK(rig.hold(1, 100, 30_dK).heater_wanted);
}

}  // namespace volt
