#include "drivers/sim/rooms.hpp"

#include <doctest/doctest.h>

using namespace volt::sim;

namespace {
double settled(double heat_w, int level, double dt_s) {
    Room room({}, 20);
    for (double s = 0; s < 200'000; s += dt_s) room.step(heat_w, level, 25, dt_s);
    return room.celsius();
}
}  // namespace

TEST_CASE("rooms: heat, walls and fan reach an equilibrium") {
    CHECK(settled(600, 0, 10) == doctest::Approx(25 + 600.0 / 60));
    CHECK(settled(600, 10, 10) == doctest::Approx(25 + 600.0 / 210));
    CHECK(settled(0, 0, 10) == doctest::Approx(25));
}

TEST_CASE("rooms: a step of an hour does not overshoot") {
    Room room({}, 20);
    room.step(1'500, 0, 25, 3'600);
    CHECK(room.celsius() > 20);
    CHECK(room.celsius() < 50);
}

TEST_CASE("rooms: outside is warmest in July afternoons, coldest before January dawns") {
    constexpr std::int64_t july = 1'753'142'400'000, january = 1'737'417'600'000;
    CHECK(outside_celsius(july, 15.5) > 28);
    CHECK(outside_celsius(july, 4) < 17);
    CHECK(outside_celsius(january, 4) < 6);
    CHECK(outside_celsius(january, 15.5) > outside_celsius(january, 4));
}
