#include "drivers/sim/sun.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace volt::sim;

namespace {
constexpr double san_jose_north = 37.34, san_jose_east = -121.89;
constexpr std::int64_t june_noon_ms = 1'750'536'600'000;      // 2025-06-21 20:10 UTC, the sun due south
constexpr std::int64_t december_noon_ms = 1'766'347'560'000;  // 2025-12-21 20:06 UTC
}  // namespace

TEST_CASE("sun: the polynomial matches the library's sine to 1e-7") {
    for (int i = -2'000; i <= 2'000; ++i) {
        const double turns = i / 700.0;
        CHECK(std::abs(sine(turns) - std::sin(turns * 2 * 3.14159265358979)) < 1e-7);
        CHECK(std::abs(cosine(turns) - std::cos(turns * 2 * 3.14159265358979)) < 1e-7);
    }
}

TEST_CASE("sun: heights at the solstices are correct") {
    // 90 - 37.34 + 23.44 = 76.1 degrees, and 29.2 in December.
    CHECK(sun_at(june_noon_ms, san_jose_north, san_jose_east).up == doctest::Approx(0.9707).epsilon(0.003));
    CHECK(sun_at(december_noon_ms, san_jose_north, san_jose_east).up == doctest::Approx(0.4882).epsilon(0.006));
    CHECK(sun_at(june_noon_ms + 43'200'000, san_jose_north, san_jose_east).up < -0.3);
}

TEST_CASE("sun: is east in the morning and south at solar noon") {
    CHECK(sun_at(june_noon_ms - 4 * 3'600'000, san_jose_north, san_jose_east).east > 0.7);
    CHECK(sun_at(june_noon_ms + 4 * 3'600'000, san_jose_north, san_jose_east).east < -0.7);
    CHECK(std::abs(sun_at(june_noon_ms, san_jose_north, san_jose_east).east) < 0.02);
    CHECK(solar_hour(june_noon_ms, san_jose_east) == doctest::Approx(12.0).epsilon(0.005));
}

TEST_CASE("sun: panels give nothing at night, nearly all at noon") {
    const SunVector noon = sun_at(june_noon_ms, san_jose_north, san_jose_east);
    CHECK(panel_share(sun_at(june_noon_ms + 43'200'000, san_jose_north, san_jose_east), 1) == 0);
    CHECK(panel_share(noon, 1) > 0.9);
    CHECK(panel_share(noon, 1) <= 1);
    CHECK(panel_share(noon, 0.15) < 0.5);
    CHECK(panel_share(noon, 0) > 0.1);
}
