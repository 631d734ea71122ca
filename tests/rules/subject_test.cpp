#include "rules/subject.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("finds a load by its name") {
    Policy policy;
    policy.miners.resize(2);
    policy.miners[1].slug = "s21";
    policy.zones.resize(1);
    policy.zones[0].slug = "heat-room";
    const auto found = [&](const char* name, TargetKind kind, std::size_t index) {
        const auto target = find_target(policy, name);
        return target && target->kind == kind && target->index == index;
    };
    CHECK(found("s21", TargetKind::miner, 1));
    CHECK(found("heat-room/fan", TargetKind::fan, 0));
    CHECK(found("heat-room/heat", TargetKind::heat, 0));
    for (const char* wrong : {"heat-room", "s21/fan", "nowhere", "heat-room/fan/fan", "/heat"})
        CHECK_FALSE(find_target(policy, wrong));
    CHECK(fan_of("heat-room") == "heat-room/fan");
    CHECK(heat_of("heat-room") == "heat-room/heat");
    CHECK(target_kind_of(heat_of("x")) == TargetKind::heat);
}
