#include "drivers/modbus/scale_watch.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::modbus;
using namespace volt::modbus::sol_ark;

namespace {

SourceReading charging() {
    SourceReading reading;
    reading.voltage = 5230_cV;
    reading.battery_power = 2092_W;
    reading.battery_current = Amps{4000};
    reading.load = 2345_W;
    reading.grid = Watts{-1200};
    return reading;
}

Answers inverter(int watts) { return {{175, {static_cast<std::uint16_t>(watts)}}}; }

}  // namespace

TEST_CASE("power against voltage times current shows the current's scale") {
    SourceReading reading = charging();
    CHECK(judge_current_scale(reading) == Agreement::agrees);
    reading.battery_current = Amps{400};
    CHECK(judge_current_scale(reading) == Agreement::ten_times_too_small);
    reading.battery_current = Amps{40'000};
    CHECK(judge_current_scale(reading) == Agreement::ten_times_too_large);
    reading.battery_current = Amps{-4000};
    CHECK(judge_current_scale(reading) == Agreement::disagrees);
    reading.battery_power = 500_W;
    CHECK(judge_current_scale(reading) == Agreement::unjudged);
    reading.voltage.reset();
    CHECK(judge_current_scale(reading) == Agreement::unjudged);
}

TEST_CASE("load minus grid against the inverter shows the power scale") {
    const SourceReading reading = charging();
    CHECK(judge_power_scale(reading, inverter(3545)) == Agreement::agrees);
    CHECK(judge_power_scale(reading, inverter(3400)) == Agreement::agrees);
    CHECK(judge_power_scale(reading, inverter(900)) == Agreement::unjudged);
    CHECK(judge_power_scale(reading, {}) == Agreement::unjudged);
    CHECK(judge_power_scale(reading, inverter(8000)) == Agreement::disagrees);
    SourceReading tenth = reading;
    tenth.load = 234_W;
    tenth.grid = Watts{-120};
    CHECK(judge_power_scale(tenth, inverter(3545)) == Agreement::ten_times_too_small);
}

TEST_CASE("detects a grid with other steps than the load") {
    SourceReading reading = charging();
    CHECK(judge_grid_scale(reading, inverter(3545)) == Agreement::agrees);
    CHECK(judge_grid_scale(reading, {}) == Agreement::unjudged);
    CHECK(judge_grid_scale(reading, inverter(8000)) == Agreement::disagrees);
    reading.grid = Watts{-120};
    CHECK(judge_grid_scale(reading, inverter(3545)) == Agreement::ten_times_too_small);
    ScaleWatch watch{{}};
    for (int i = 0; i < 4; ++i) CHECK(watch.check(reading, inverter(3545)).empty());
    CHECK(watch.check(reading, inverter(3545)).find("grid_power_scale looks wrong; try 10") != std::string::npos);
    reading.grid = Watts{-12'000};
    CHECK(judge_grid_scale(reading, inverter(3545)) == Agreement::ten_times_too_large);
}

TEST_CASE("reports and withdraws a doubt after five equal readings") {
    SourceReading wrong = charging();
    wrong.battery_current = Amps{400};
    ScaleWatch watch{{}};
    for (int i = 0; i < 4; ++i) CHECK(watch.check(wrong, {}).empty());
    CHECK(watch.check(wrong, {}).find("battery_current_scale looks wrong; try 0.1") != std::string::npos);
    SourceReading idle = wrong;
    idle.battery_power = 100_W;
    CHECK_FALSE(watch.check(idle, {}).empty());
    for (int i = 0; i < 4; ++i) CHECK_FALSE(watch.check(charging(), {}).empty());
    CHECK(watch.check(charging(), {}).empty());
}

TEST_CASE("mixed verdicts report nothing") {
    SourceReading wrong = charging();
    wrong.battery_current = Amps{400};
    ScaleWatch watch{{}};
    for (int i = 0; i < 40; ++i) CHECK(watch.check(i % 4 == 0 ? charging() : wrong, inverter(3545)).empty());
}
