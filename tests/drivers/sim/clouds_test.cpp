#include "drivers/sim/clouds.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

using namespace volt::sim;

namespace {

struct Seen {
    double lowest = 1, highest = 0, sum = 0, largest_step = 0;
    int changes = 0;
};

Seen watch(Sky sky, std::uint64_t seed) {
    Random random(seed);
    Clouds clouds(sky);
    Seen seen;
    double before = clouds.transmission();
    bool sunny = clouds.sunny();
    for (int i = 0; i < 20'000; ++i) {
        clouds.step(random, 10);
        seen.lowest = std::min(seen.lowest, clouds.transmission());
        seen.highest = std::max(seen.highest, clouds.transmission());
        seen.largest_step = std::max(seen.largest_step, std::abs(clouds.transmission() - before));
        before = clouds.transmission();
        seen.sum += before;
        seen.changes += clouds.sunny() != sunny ? 1 : 0;
        sunny = clouds.sunny();
    }
    return seen;
}

}  // namespace

TEST_CASE("clouds: a clear sky remains clear") {
    const Seen seen = watch(Sky::clear, 7);
    CHECK(seen.lowest == 1);
    CHECK(seen.changes == 0);
}

TEST_CASE("clouds: light is bounded and smooth, and weather does not flap") {
    for (const Sky sky : {Sky::fair, Sky::mixed, Sky::grey}) {
        const Seen seen = watch(sky, 7);
        CHECK(seen.lowest >= 0.1);
        CHECK(seen.highest <= 1);
        CHECK(seen.largest_step < 0.15);
        CHECK(seen.changes < 150);  // in 55 hours
    }
}

TEST_CASE("clouds: gray days give less than mixed and fair ones") {
    CHECK(watch(Sky::grey, 7).sum < watch(Sky::mixed, 7).sum);
    CHECK(watch(Sky::mixed, 7).sum < watch(Sky::fair, 7).sum);
}
