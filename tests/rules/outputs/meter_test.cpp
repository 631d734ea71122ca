#include "rules/memory/output_memory.hpp"

#include <doctest/doctest.h>

using namespace volt;

TEST_CASE("a reading lives 750 s until two periods are known") {
    MeterPeriods meter;
    CHECK(meter.limit() == 750s);
    meter.see(10s);
    meter.see(20s);
    CHECK(meter.limit() == 750s);
    meter.see(30s);
    CHECK(meter.limit() == 30s);
}

TEST_CASE("a reading lives 2.5 of the longest period within bounds") {
    struct Row {
        Duration period, limit;
    };
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

TEST_CASE("a repeated reading is not a period") {
    MeterPeriods meter;
    meter.see(10s);
    meter.see(10s);
    meter.see(9s);
    CHECK(meter.count == 0);
}

TEST_CASE("ignores periods under 5 s and counts from the later reading") {
    MeterPeriods meter;
    for (const Time burst : {0ms, 100ms, 1200ms, 4999ms}) meter.see(burst);
    CHECK(meter.count == 0);
    meter.see(64'999ms);
    meter.see(69'999ms);
    CHECK(meter.count == 2);
    CHECK(meter.limit() == 150s);
}

TEST_CASE("queries a meter 10 s after a switching and every 60 s") {
    OutputMemory m;
    m.switched_at = 100s;
    const auto asked = [&m](Time taken, Time now) {
        const bool due = meter_is_due(m, taken, now);
        if (due) m.meter_asked_at = now;
        return due;
    };
    CHECK_FALSE(asked(99s, 109'999ms));
    CHECK(asked(99s, 110s));
    CHECK_FALSE(asked(99s, 111s));
    CHECK_FALSE(asked(111s, 170'999ms));
    CHECK(asked(111s, 171s));
    CHECK_FALSE(asked(111s, 230'999ms));  // no answer: again after a minute
    CHECK(asked(111s, 231s));
    m.switched_at = 240s;
    CHECK(asked(239s, 250s));
    CHECK_FALSE(asked(250s, 251s));
    OutputMemory silent;
    CHECK(meter_is_due(silent, std::nullopt, 0s));
    silent.meter_asked_at = 0s;
    CHECK_FALSE(meter_is_due(silent, std::nullopt, 59'999ms));
    CHECK(meter_is_due(silent, std::nullopt, 60s));
}

TEST_CASE("a huge period gives the longest limit") {
    MeterPeriods meter;
    for (const std::int64_t at : {std::int64_t{0}, std::int64_t{1} << 60, (std::int64_t{1} << 60) + 1000})
        meter.see(Duration{at});
    CHECK(meter.limit() == 750s);
}
