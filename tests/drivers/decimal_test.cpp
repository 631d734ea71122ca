#include "drivers/decimal.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using volt::decimal;
using volt::whole_steps;

TEST_CASE("every step of volts, degrees and hours is exact") {
    for (std::int64_t i = -100'000; i <= 100'000; ++i) {
        REQUIRE(whole_steps(static_cast<double>(i) / 10, 1) == i);
        REQUIRE(whole_steps(static_cast<double>(i) / 100, 2) == i);
        REQUIRE(whole_steps(static_cast<double>(i) / 1000, 3) == i);
    }
    CHECK(whole_steps(52.30, 2) == 5230);
    CHECK(whole_steps(-0.05, 2) == -5);
}

TEST_CASE("rejects fractional steps, non-numbers and values too large") {
    CHECK_FALSE(whole_steps(52.305, 2));
    CHECK_FALSE(whole_steps(std::nextafter(52.3, 60), 2));
    CHECK_FALSE(whole_steps(0.05, 1));
    CHECK_FALSE(whole_steps(1e300, 2));
    CHECK_FALSE(whole_steps(std::numeric_limits<double>::infinity(), 2));
    CHECK_FALSE(whole_steps(std::numeric_limits<double>::quiet_NaN(), 2));
}

TEST_CASE("formats decimals") {
    CHECK(decimal(5230, 2) == "52.30");
    CHECK(decimal(-5, 2) == "-0.05");
    CHECK(decimal(-600, 1) == "-60.0");
    CHECK(decimal(1, 3) == "0.001");
    CHECK(decimal(7, 0) == "7");
}
