// Level of a fan at every tenth of a kelvin between hot_ok and too_hot, and the exact step of the trip.
#include <doctest/doctest.h>

#include "tests/rules/zones_rig.hpp"

using namespace volt;

namespace {

/// The first temperature above hot_ok, in steps, at which each level from 2 on begins: halfway to it, rounded up.
struct Levels {
    std::int32_t max;
    std::int64_t span;
    std::vector<std::int64_t> begins;
};

}  // namespace

TEST_CASE("edges: fan levels change halfway, and exact halves round up") {
    const Levels tables[] = {
        {10, 50, {8, 13, 18, 23, 28, 33, 38, 43, 48}}, {8, 50, {10, 16, 22, 29, 35, 41, 47}}, {4, 40, {15, 25, 35}}, {1, 50, {}}};
    for (const Levels& table : tables) {
        CAPTURE(table.max);
        ZonesRig rig;
        rig.zone().fan_max_level = table.max;
        rig.zone().too_hot = rig.zone().hot_ok + Celsius{table.span};
        Time now{};
        rig.at(now, rig.zone().too_hot);
        for (std::int64_t above = table.span; above >= 1; --above) {
            CAPTURE(above);
            std::int32_t level = 1;
            for (const std::int64_t begin : table.begins) level += above >= begin ? 1 : 0;
            now += 30s;  // the level hold
            CHECK(rig.at(now, rig.zone().hot_ok + Celsius{above}).fan_wanted == level);
        }
        CHECK(rig.at(now + 1s, rig.zone().hot_ok).fan_wanted == 0);
        CHECK(rig.at(now + 2s, rig.zone().too_hot - 1_dK).fan_wanted == 0);
        CHECK(rig.at(now + 3s, rig.zone().too_hot).fan_wanted == table.max);
    }
}

TEST_CASE("edges: a level falls after exactly 30 s and rises at once") {
    ZonesRig rig;
    rig.at(0s, 400_dK);
    CHECK(rig.at(29999ms, 380_dK).fan_wanted == 10);
    CHECK(rig.at(30s, 380_dK).fan_wanted == 6);
    CHECK(rig.at(59999ms, 360_dK).fan_wanted == 6);
    CHECK(rig.at(60s, 360_dK).fan_wanted == 2);
    CHECK(rig.at(60001ms, 380_dK).fan_wanted == 6);
}

TEST_CASE("edges: trips at too_hot + 10.0 K and releases at hot_ok") {
    const struct {
        std::int64_t t;
        bool tripped;
    } rows[] = {{499, false}, {500, true}, {501, true}, {351, true}, {350, false}, {499, false}, {500, true}, {349, false}};
    ZonesRig rig;
    Time now{};
    for (const auto& row : rows) {
        CAPTURE(row.t);
        CHECK(rig.at(now, Celsius{row.t}).tripped == row.tripped);
        now += 1s;
    }
}
