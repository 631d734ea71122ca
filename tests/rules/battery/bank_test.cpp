#include "rules/battery/bank.hpp"

#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

using Refused = std::vector<std::optional<Volts>>;  // by voltage source

Preferences bank(Volts empty, Volts whole, Volts shutdown, Volts absolute_max) {
    Preferences p;
    p.curve = {{empty, {0}}, {whole, {10000}}};
    p.shutdown = shutdown;
    p.absolute_max = absolute_max;
    return p;
}

}  // namespace

TEST_CASE("bank: derives the plausible range from its settings, rounded outward") {
    const struct {
        const char* name;
        Preferences bank;
        std::int64_t lowest, highest;
    } rows[] = {
        {"the default, 48 V", Preferences{}, 3500, 6500},
        {"24 V LiFePO4", bank(2250_cV, 2800_cV, 2200_cV, 3000_cV), 1750, 3250},
        {"12 V LiFePO4", bank(1125_cV, 1400_cV, 1100_cV, 1500_cV), 875, 1625},
        {"12 V lead-acid", bank(1180_cV, 1290_cV, 1150_cV, 1550_cV), 914, 1680},
        {"48 V lead-acid", bank(4720_cV, 5160_cV, 4600_cV, 6200_cV), 3659, 6717},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const VoltageRange range = plausible_range(row.bank);
        CHECK(range.lowest.steps == row.lowest);
        CHECK(range.highest.steps == row.highest);
        CHECK(range.holds(range.lowest));
        CHECK(range.holds(range.highest));
        CHECK_FALSE(range.holds(range.lowest - 1_cV));
        CHECK_FALSE(range.holds(range.highest + 1_cV));
    }
}

TEST_CASE("bank: scales fixed volts with the full voltage, at least 50 mV") {
    const Preferences whole, half = bank(2250_cV, 2800_cV, 2200_cV, 3000_cV), odd = bank(1180_cV, 1290_cV, 1150_cV, 1550_cV);
    CHECK(scaled(100_cV, whole) == 100_cV);
    CHECK(scaled(20_cV, whole) == 20_cV);
    CHECK(scaled(150_cV, half) == 75_cV);
    CHECK(scaled(100_cV, odd) == 24_cV);  // 0.2304 V
    CHECK(scaled(50_cV, odd) == 12_cV);   // 0.1152 V
    CHECK(scaled(20_cV, odd) == 5_cV);    // 0.0461 V
    CHECK(scaled(1_cV, whole) == 5_cV);
}

TEST_CASE("bank: refuses an implausible voltage while it is the newest value") {
    ReadingsRig rig;
    rig.tick(0s, 5200_cV);
    CHECK(rig.r.refused.empty());
    rig.tick(1s, 2640_cV);
    CHECK(rig.r.refused == Refused{2640_cV, std::nullopt, std::nullopt});
    CHECK(rig.r.voltage == 5200_cV);
    rig.silent(11s);
    CHECK(rig.r.refused == Refused{2640_cV, std::nullopt, std::nullopt});
    rig.silent(11001ms);
    CHECK(rig.r.refused.empty());
    rig.policy.preferences = bank(2250_cV, 2800_cV, 2200_cV, 3000_cV);
    rig.policy.preferences.low = 2350_cV;
    ReadingsRig small;
    small.policy = rig.policy;
    small.tick(0s, 2640_cV);
    CHECK(small.r.voltage == 2640_cV);
    CHECK(small.r.refused.empty());
}

TEST_CASE("bank: refuses a source whose scale changes while running") {
    for (const Volts shown : {523_cV, 52300_cV}) {
        CAPTURE(shown.steps);
        ReadingsRig rig;
        for (int t = 0; t < 100; ++t)
            rig.at(Time(t * 1000)).receive(battery, Volts{5230 + t % 2}).receive(sol_ark, 5225_cV).judge();
        CHECK(rig.r.source == static_cast<Index>(battery));
        for (int t = 100; t < 120; ++t) {
            rig.at(Time(t * 1000)).receive(battery, shown).receive(sol_ark, 5225_cV).judge();
            CHECK(rig.r.refused == Refused{shown, std::nullopt, std::nullopt});
            CHECK(abs(*rig.r.for_stops - 5230_cV) <= 5_cV);
        }
        CHECK(rig.r.source == static_cast<Index>(sol_ark));
        CHECK(rig.r.source_quality[battery] == Quality::implausible);
    }
}

TEST_CASE("bank: two sources at 12 V disagree at a quarter of the volts") {
    ReadingsRig rig;
    rig.policy.preferences = bank(1125_cV, 1400_cV, 1100_cV, 1500_cV);
    const auto apart = [&](Time now, Volts gx, Volts ark) {
        rig.at(now).receive(battery, gx).receive(sol_ark, ark).judge();
        return rig.r.for_starts;
    };
    CHECK(apart(0s, 1320_cV, 1296_cV) == 1320_cV);
    CHECK(apart(1s, 1320_cV, 1295_cV) == 1295_cV);
}

}  // namespace volt
