#include "drivers/sim/miner.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::sim;

TEST_CASE("miner: boots at 20 to 100 W, then ramps to nominal") {
    Miner miner(3'878, {6s, 14s});
    CHECK(miner.draw_w(false, 0s) == 0);
    CHECK(miner.draw_w(true, 100s) == 60);
    CHECK(miner.draw_w(true, 105'999ms) == 60);
    CHECK(miner.draw_w(true, 113s) == doctest::Approx((60 + 3'878) / 2.0));
    CHECK(miner.draw_w(true, 120s) == 3'878);
    CHECK(miner.draw_w(true, 5'000s) == 3'878);
}

TEST_CASE("miner: a cut supply stops it at once and restarts the boot") {
    Miner miner(3'250, {6s, 14s});
    miner.draw_w(true, 0s);
    CHECK(miner.draw_w(true, 60s) == 3'250);
    CHECK(miner.draw_w(false, 61s) == 0);
    CHECK(miner.draw_w(true, 62s) == 60);
}
