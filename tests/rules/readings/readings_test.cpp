#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

TEST_CASE("readings: know nothing in the first tick") {
    ReadingsRig rig;
    const Readings& r = rig.silent(0s);
    CHECK_FALSE(r.voltage);
    CHECK_FALSE(r.for_starts);
    CHECK_FALSE(r.for_stops);
    CHECK_FALSE(r.for_charge);
    CHECK(r.source == no_index);
    CHECK(r.quality == Quality::missing);
    CHECK(r.good_samples == 0);
    CHECK_FALSE(r.degraded);
    CHECK(r.sensors.size() == 1);
    CHECK(r.batteries.size() == 2);
    CHECK_FALSE(r.pv);
}

TEST_CASE("readings: accept a policy without sources or sensors") {
    ReadingsState state;
    Readings r;
    judge_readings({}, {}, true, state, r);
    CHECK_FALSE(r.voltage);
    CHECK(r.frozen.empty());
}

TEST_CASE("readings: a changed list of sources starts fresh") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    rig.policy.voltage_sources.pop_back();
    rig.snapshot.voltages.pop_back();
    CHECK(rig.silent(1s).voltage == 5200_cV);  // judged as if received for the first time
    CHECK(rig.r.starts_begin_again);
    std::swap(rig.policy.voltage_sources[0], rig.policy.voltage_sources[1]);
    rig.snapshot.voltages = {{}, {}};
    CHECK_FALSE(rig.silent(2s).voltage);
    CHECK(rig.r.last_voltage == 5200_cV);
}

TEST_CASE("readings: a changed list of sensors keeps matching memories") {
    ReadingsRig rig;
    rig.snapshot.temperatures[0] = word<Celsius>(200_dK, 0s);
    CHECK(rig.silent(0s).sensors[0] == 200_dK);
    rig.policy.sensors = {{"other", 600s, false}, {"room", 600s, false}};
    rig.snapshot.temperatures.assign(2, {});
    CHECK_FALSE(rig.silent(1s).sensors[0]);
    CHECK(rig.r.sensors[1] == 200_dK);
    rig.policy.sensors = {{"other", 600s, false}, {"third", 600s, false}};
    CHECK_FALSE(rig.silent(2s).sensors[1]);
}

TEST_CASE("readings: a stored temperature without a name matches by index") {
    ReadingsRig rig;
    rig.state.sensors.resize(1);
    rig.state.sensors[0].good = 210_dK;
    rig.state.sensors[0].good_at = -100s;
    CHECK(rig.silent(500s).sensors[0] == 210_dK);
    CHECK_FALSE(rig.silent(501s).sensors[0]);
}

}  // namespace volt
