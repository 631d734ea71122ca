#include "daemon/explain/phrase.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("formats numbers as an owner writes them") {
    CHECK(phrase(5230_cV) == "52.30 V");
    CHECK(phrase(-5_cV) == "-0.05 V");
    CHECK(phrase(950_W) == "950 W");
    CHECK(phrase(8450_W) == "8,450 W");
    CHECK(phrase(Watts{-1234567}) == "-1,234,567 W");
    CHECK(phrase(Celsius{375}) == "37.5 °C");
    CHECK(phrase(Celsius{-3}) == "-0.3 °C");
    CHECK(phrase(Percent{6533}) == "65 %");
    CHECK(phrase(Percent{6550}) == "66 %");
    CHECK(phrase(Amps{1210}) == "12.10 A");
    CHECK(phrase_clock(18 * 3600) == "18:00");
}

TEST_CASE("formats durations in suitable units, rounded up") {
    CHECK(phrase(Duration(0)) == "0 s");
    CHECK(phrase(Duration(1)) == "1 s");
    CHECK(phrase(Duration(-500)) == "0 s");
    CHECK(phrase(60s) == "60 s");
    CHECK(phrase(260s) == "4 min 20 s");
    CHECK(phrase(600s) == "10 min");
    CHECK(phrase(8h) == "8 h");
    CHECK(phrase(2h + 5min) == "2 h 5 min");
    CHECK(phrase(50h) == "2 d 2 h");
}

TEST_CASE("formats distances without a sign") {
    CHECK(phrase_gap(5450, 5230, Unit::volts) == "2.20 V");
    CHECK(phrase_gap(400, 375, Unit::celsius) == "2.5 K");
    CHECK(phrase_gap(1, 3, Unit::count) == "2");
}
