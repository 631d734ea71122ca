#include "drivers/sim/house.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace volt::sim;

TEST_CASE("house: draws 400 to 2,000 W, less at night") {
    Random random(7);
    House house;
    double night_wh = 0, evening_wh = 0, highest = 0;
    for (int day = 0; day < 20; ++day) {
        for (int second = 0; second < 86'400; second += 10) {
            const double hour = second / 3'600.0;
            house.step(random, 10, hour);
            REQUIRE(house.power_w() >= 400);
            REQUIRE(house.power_w() <= 2'000);
            highest = std::max(highest, house.power_w());
            if (hour >= 1 && hour < 4) night_wh += house.power_w() / 360;
            if (hour >= 18 && hour < 21) evening_wh += house.power_w() / 360;
        }
    }
    CHECK(highest > 1'700);
    CHECK(evening_wh > 1.5 * night_wh);
}
