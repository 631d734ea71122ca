#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

/// Runs a second with power and current from the GX; the voltage changes by 10 mV.
bool odds(ReadingsRig& rig, int t, std::optional<Watts> power, std::optional<Amps> current, Volts voltage = 5000_cV) {
    rig.at(Time(t * 1000)).receive(battery, voltage + Volts{t % 2});
    rig.snapshot.voltages[battery].power = power;
    rig.snapshot.voltages[battery].current = current;
    const std::vector<bool>& odds = rig.judge().at_odds;
    return !odds.empty() && odds[battery];
}

}  // namespace

TEST_CASE("unit power: is at odds beyond 200 W and 20 %") {
    const struct {
        std::int64_t power, current;
        bool odd;
    } rows[] = {
        {1000, 2000, false},                                              // 50.0 V * 20 A
        {1250, 2000, false},                                              // 20 % of the larger
        {1260, 2000, true},  {-1000, -2000, false}, {-1000, 2000, true},  // shifted by a sign
        {200, 0, false},     {201, 0, true},        {0, 402, true},       // shifted by a register
        {0, 400, false},     {12800, 16000, true},  {6400, 16000, false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.power);
        CAPTURE(row.current);
        ReadingsRig rig;
        bool told = false;
        for (int t = 0; t < 60; ++t) told = told || odds(rig, t, Watts{row.power}, Amps{row.current});
        CHECK_FALSE(told);
        CHECK(odds(rig, 60, Watts{row.power}, Amps{row.current}) == row.odd);
        CHECK_FALSE(odds(rig, 61, 1000_W, Amps{2000}));
    }
}

TEST_CASE("unit power: silence or a missing number judges nothing") {
    ReadingsRig rig;
    for (int t = 0; t <= 50; ++t) odds(rig, t, 5000_W, Amps{2000});
    odds(rig, 51, 5000_W, std::nullopt);
    for (int t = 52; t <= 100; ++t) odds(rig, t, 5000_W, Amps{2000});
    odds(rig, 101, 5000_W, Amps{2000}, 9000_cV);
    for (int t = 102; t <= 150; ++t) odds(rig, t, 5000_W, Amps{2000});
    CHECK(rig.silent(160s).at_odds.empty());
    CHECK(rig.silent(162s).at_odds.empty());  // it was silent for more than its age limit
    CHECK_FALSE(odds(rig, 163, 5000_W, Amps{2000}));
}

TEST_CASE("unit power: a frozen or inconsistent source loses power and current") {
    for (const Index from : {static_cast<Index>(battery), static_cast<Index>(sol_ark), no_index}) {
        CAPTURE(from);
        ReadingsRig rig;
        for (int t = 0; t <= 60; ++t) {
            rig.snapshot.battery_power_source = rig.snapshot.battery_current_source = from;
            rig.snapshot.battery_power = word<Watts>(-1000_W, Time(t * 1000));
            rig.snapshot.battery_current = word<Amps>(Amps{2000}, Time(t * 1000));
            odds(rig, t, Watts{-1000}, Amps{2000});
            if (t == 59) CHECK(rig.r.battery_power == -1000_W);
        }
        CHECK(rig.r.battery_power.has_value() == (from != static_cast<Index>(battery)));
        CHECK(rig.r.battery_current.has_value() == (from != static_cast<Index>(battery)));
    }
    ReadingsRig rig;
    rig.load_on = true;
    for (int t = 0; t <= 900; ++t) {  // the unit does not move under a load
        const Time now{t * 1000};
        rig.at(now).receive(battery, 5640_cV, t == 0).receive(sol_ark, Volts{5640 - t / 4});
        rig.snapshot.battery_power_source = static_cast<Index>(battery);
        rig.snapshot.battery_power = word<Watts>(600_W, now);
        rig.judge();
        if (t == 800) CHECK(rig.r.battery_power == 600_W);
    }
    CHECK(rig.r.frozen[battery]);
    CHECK_FALSE(rig.r.battery_power.has_value());
}

TEST_CASE("unit power: skips a source with an uncertain current scale") {
    ReadingsRig rig;
    rig.policy.voltage_sources[battery].compares_power = false;
    for (int t = 0; t <= 120; ++t) CHECK_FALSE(odds(rig, t, 5000_W, Amps{2000}));
}

}  // namespace volt
