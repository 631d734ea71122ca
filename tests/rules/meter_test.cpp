#include "rules/outputs.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("until two periods are known a reading lives 750 s") {
    MeterPeriods meter;
    CHECK(meter.limit() == 750s);
    meter.see(10s);
    meter.see(20s);
    CHECK(meter.limit() == 750s);
    meter.see(30s);
    CHECK(meter.limit() == 30s);
}

TEST_CASE("2.5 of the longest of the last five periods, 30 to 750 s") {
    struct Row { Duration period, limit; };
    for (const Row& row : {Row{12s, 30s}, Row{13s, 32500ms}, Row{60s, 150s}, Row{300s, 750s}, Row{400s, 750s}}) {
        MeterPeriods meter;
        for (int i = 0; i < 4; ++i) meter.see(row.period * i);
        CHECK(meter.limit() == row.limit);
    }
    MeterPeriods meter;
    meter.see(0s);
    meter.see(100s);
    for (int i = 1; i <= 4; ++i) meter.see(100s + i * 20s);
    CHECK(meter.limit() == 250s);
    meter.see(200s);
    CHECK(meter.limit() == 50s);
}

TEST_CASE("the same reading again is no period") {
    MeterPeriods meter;
    meter.see(10s);
    meter.see(10s);
    meter.see(9s);
    CHECK(meter.count == 0);
}

TEST_CASE("a period without measure gives the longest limit") {
    MeterPeriods meter;
    for (const std::int64_t at : {std::int64_t{0}, std::int64_t{1} << 60, (std::int64_t{1} << 60) + 1000})
        meter.see(Duration{at});
    CHECK(meter.limit() == 750s);
}
