#include <doctest/doctest.h>

#include "rules/readings/readings.hpp"

namespace volt {

TEST_CASE("curve: is linear between points and flat outside") {
    const auto curve = Preferences{}.curve;
    CHECK(soc_of(5230_cV, curve).steps == 6533);
    CHECK(soc_of(5300_cV, curve).steps == 7000);
    CHECK(soc_of(4500_cV, curve).steps == 0);
    CHECK(soc_of(4499_cV, curve).steps == 0);
    CHECK(soc_of(5600_cV, curve).steps == 10000);
    CHECK(soc_of(5601_cV, curve).steps == 10000);
    CHECK(soc_of(5000_cV, curve).steps == 4000);
}

TEST_CASE("curve: converts volts to SOC and back without loss") {
    const auto curve = Preferences{}.curve;
    for (std::int64_t v = 4500; v <= 5600; ++v) {
        CAPTURE(v);
        CHECK(voltage_of(soc_of(Volts{v}, curve), curve).steps == v);
    }
    CHECK(voltage_of({-1}, curve) == 4500_cV);
    CHECK(voltage_of({10001}, curve) == 5600_cV);
}

TEST_CASE("curve: two steep points stay exact") {
    const std::vector<CurvePoint> curve = {{5000_cV, {0}}, {5001_cV, {10000}}};
    CHECK(soc_of(5000_cV, curve).steps == 0);
    CHECK(soc_of(5001_cV, curve).steps == 10000);
    CHECK(voltage_of({4999}, curve) == 5000_cV);
    CHECK(voltage_of({5000}, curve) == 5001_cV);
}

TEST_CASE("age limit: is the setting or three polls") {
    CHECK(age_limit(10s, 1s) == 10s);
    CHECK(age_limit(10s, 5s) == 15s);
    CHECK(age_limit(15s, 5s) == 15s);
}

}  // namespace volt
