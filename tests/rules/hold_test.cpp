#include "rules/hold.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <random>

namespace volt {

namespace {

/// Returns the second in which a hold of `time` is over while `condition` holds, or empty if not within an hour.
std::optional<int> passes(Duration time, const std::function<bool(int)>& condition) {
    ProtectingHold hold;
    for (int t = 0; t < 3600; ++t) {
        hold.see(condition(t), 1s, time);
        if (condition(t) && hold.over(time)) return t;
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("protecting hold: passes exactly its time after the first true tick") {
    CHECK(passes(30s, [](int) { return true; }) == 30);
}

TEST_CASE("protecting hold: takes back half of a false time") {
    CHECK(passes(30s, [](int t) { return t < 20 || t >= 30; }) == 45);
    CHECK(passes(30s, [](int t) { return t % 5 != 4; }) == 42);
    CHECK(passes(30s, [](int t) { return t % 20 < 10; }) == 105);
    CHECK(passes(30s, [](int t) { return t % 2 == 0; }) <= 120);
    CHECK_FALSE(passes(30s, [](int t) { return t % 3 == 0; }));
}

TEST_CASE("protecting hold: ends at the second false tick that leaves nothing") {
    ProtectingHold hold;
    hold.see(true, 1s, 30s);
    hold.see(false, 1s, 30s);
    CHECK(hold);
    CHECK_FALSE(hold.stands());
    hold.see(false, 1s, 30s);
    CHECK_FALSE(hold);
}

TEST_CASE("protecting hold: keeps its time while the condition is unknown") {
    ProtectingHold hold;
    for (int t = 0; t <= 20; ++t) hold.see(true, 1s, 30s);
    for (int t = 0; t < 100; ++t) hold.see(std::nullopt, 1s, 30s);
    CHECK(hold.left(30s) == 10s);
}

TEST_CASE("protecting hold: counts a long false tick as 5 s") {
    ProtectingHold hold;
    for (int t = 0; t < 100; ++t) hold.see(true, 1s, 30s);
    hold.see(false, 60s, 30s);
    CHECK(hold.left(30s) == 2500ms);
}

TEST_CASE("protecting hold: never passes on less true time than needed") {
    std::mt19937 random(7);
    for (int run = 0; run < 300; ++run) {
        const auto share = static_cast<unsigned>(random() % 10);
        ProtectingHold hold;
        Duration held{};
        for (int t = 0; t < 2000; ++t) {
            const Duration step{200 + random() % 3000};
            const bool condition = random() % 10 < share;
            hold.see(condition, step, 60s);
            if (condition) held += step;
            if (!hold) held = {};
            if (condition && hold.over(60s)) CHECK(held >= 60s);
        }
    }
}

}  // namespace volt
