// Every threshold of a start: one step under it, exactly on it, one step over it; and the ticks before and at the end of its
// hold.
#include <doctest/doctest.h>

#include "rules/names.hpp"
#include "tests/rules/bench.hpp"

using namespace volt;
using namespace volt::test;

namespace {

using Edit = std::function<void(Bench&)>;

struct Row {
    const char* what;
    Edit set;
    bool starts;
};

void only_s19(Bench& b) {
    b.change([](Policy& p) { p.miners[0].enabled = false; });
    b.volts(5500_cV).pv(9000_W).battery(Watts{-300}).clock(12);
}

/// Holds PV back: it reads the power of the house.
void floating(Bench& b) {
    only_s19(b);
    b.pv(2000_W).house_load(2000_W).battery(0_W);
}

/// Leaves only the heater of the main room.
void only_heater(Bench& b) {
    b.change([](Policy& p) {
        for (Miner& miner : p.miners) miner.enabled = false;
    });
    b.pv(4000_W).house_load(400_W).battery(Watts{-300});
    b.rooms = {200_dK, Celsius{-50}};
}

Edit voltage(std::int64_t steps) {
    return [=](Bench& b) { b.volts({steps}); };
}
Edit reserve_at(std::int64_t steps, std::int64_t pv) {
    return [=](Bench& b) {
        b.change([](Policy& p) { p.preferences.reserve = 5100_cV; });
        b.volts({steps}).pv(Watts{pv});
    };
}
Edit own_power(std::int64_t pv) {
    return [=](Bench& b) {
        b.change([](Policy& p) { p.miners[0].operating_mode = OperatingMode::opportunistic; });
        b.pv(Watts{pv});
    };
}
Edit discharge(std::int64_t watts) {
    return [=](Bench& b) {
        b.change([=](Policy& p) { p.preferences.max_battery_discharge = Watts{watts}; });
        b.pv(0_W);
    };
}
Edit bms(std::int64_t amps) {
    return [=](Bench& b) {
        b.pv(0_W);
        b.snapshot.bms_discharge_limit = {Amps{amps}, b.now() + 1h, true};
    };
}
Edit sag(std::int64_t watts) {
    return [=](Bench& b) {
        b.change([=](Policy& p) {
            p.miners[0].stop = 4922_cV;
            p.miners[0].power = Watts{watts};
        });
        b.volts(5000_cV);
    };
}
Edit site_load(std::int64_t house) {
    return [=](Bench& b) { b.pv(20000_W).house_load(Watts{house}); };
}
Edit blind_inverter(std::int64_t nominal) {
    return [=](Bench& b) {
        b.change([=](Policy& p) { p.miners[0].power = Watts{nominal}; });
        b.house_load(std::nullopt);
    };
}
Edit s19(const Edit& more) {
    return [=](Bench& b) {
        only_s19(b);
        more(b);
    };
}
Edit held_back(const Edit& more) {
    return [=](Bench& b) {
        floating(b);
        more(b);
    };
}
Edit heater(const Edit& more) {
    return [=](Bench& b) {
        only_heater(b);
        more(b);
    };
}

/// Checks that the load starts in the tick 60 s after the first one and not before, or not at all.
void check(const std::vector<Row>& rows, std::size_t load) {
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Bench bench;
        row.set(bench);
        bench.run(59s);
        CHECK_FALSE(bench.wanted(load));
        bench.tick();
        CHECK(bench.wanted(load) == row.starts);
        bench.run(200s);
        CHECK(bench.wanted(load) == row.starts);
    }
}

}  // namespace

TEST_CASE("edges: start of a miner that may use the battery") {
    check({{"49.99 V", voltage(4999), false},
           {"50.00 V", voltage(5000), true},
           {"50.01 V", voltage(5001), true},
           {"reserve + 1.49 V", reserve_at(5249, 0), false},
           {"reserve + 1.50 V", reserve_at(5250, 0), true},
           {"reserve + 1.51 V", reserve_at(5251, 0), true},
           {"3,877 W of the sun, under the reserve + 1.5 V", reserve_at(5230, 1850 + 3877), false},
           {"3,878 W of the sun", reserve_at(5230, 1850 + 3878), true},
           {"3,879 W of the sun", reserve_at(5230, 1850 + 3879), true},
           {"headroom 3,877 W", own_power(1850 + 3877), false},
           {"headroom 3,878 W", own_power(1850 + 3878), true},
           {"headroom 3,879 W", own_power(1850 + 3879), true},
           {"3,877 W from the battery", discharge(3877), false},
           {"3,878 W from the battery", discharge(3878), true},
           {"3,879 W from the battery", discharge(3879), true},
           {"BMS 74.14 A at 52.30 V: 3,877 W", bms(7414), false},
           {"BMS 74.15 A: 3,878 W", bms(7415), true},
           {"BMS forbids discharge", bms(0), false}},
          site::s21);
}

TEST_CASE("edges: predicted sag to exactly the floor blocks") {
    check({{"779 mV: 49.221 V", sag(3895), true}, {"780 mV: 49.220 V", sag(3900), false}, {"781 mV", sag(3901), false}},
          site::s21);
}

TEST_CASE("edges: the inverter by site load or half its limit") {
    check({{"11,999 W", site_load(8121), true},
           {"12,000 W", site_load(8122), true},
           {"12,001 W", site_load(8123), false},
           {"unknown, 5,999 W", blind_inverter(5999), true},
           {"unknown, 6,000 W", blind_inverter(6000), true},
           {"unknown, 6,001 W", blind_inverter(6001), false}},
          site::s21);
}

TEST_CASE("edges: start of a miner that runs on sun only") {
    const auto pv = [](std::int64_t w) { return s19([=](Bench& b) { b.pv(Watts{w}); }); };
    const auto house = [](std::int64_t w) { return s19([=](Bench& b) { b.house_load(Watts{w}); }); };
    const auto volts = [](std::int64_t v) { return s19(voltage(v)); };
    const auto sunny = [](std::optional<bool> is) { return s19([=](Bench& b) { b.sunny(is); }); };
    check({{"PV 7,999 W", pv(7999), false},
           {"PV 8,000 W", pv(8000), true},
           {"PV 8,001 W", pv(8001), true},
           {"excess 3,499 W", house(5501), false},
           {"excess 3,500 W", house(5500), true},
           {"excess 3,501 W", house(5499), true},
           {"54.49 V", volts(5449), false},
           {"54.50 V", volts(5450), true},
           {"54.51 V", volts(5451), true},
           {"not sunny", sunny(false), false},
           {"nobody knows", sunny(std::nullopt), false},
           {"sunny", sunny(true), true}},
          site::s19);
}

TEST_CASE("edges: start on held-back sun") {
    const auto volts = [](std::int64_t v) { return held_back(voltage(v)); };
    const auto battery = [](std::int64_t w) { return held_back([=](Bench& b) { b.battery(Watts{w}); }); };
    const auto pv = [](std::int64_t w, std::int64_t house) {
        return held_back([=](Bench& b) { b.pv(Watts{w}).house_load(Watts{house}); });
    };
    check({{"54.99 V", volts(5499), false},
           {"55.00 V", volts(5500), true},
           {"55.01 V", volts(5501), true},
           {"battery -201 W", battery(-201), false},
           {"battery -200 W", battery(-200), true},
           {"battery -199 W", battery(-199), true},
           {"PV one watt under 90 %", pv(1799, 2000), false},
           {"PV 90 %", pv(1800, 2000), true},
           {"PV one watt over 90 %", pv(1801, 2000), true},
           {"90 % of 2,001 W are 1,800.9 W", pv(1800, 2001), false},
           {"1,801 W of 2,001 W", pv(1801, 2001), true}},
          site::s19);
}

TEST_CASE("edges: start of a heater") {
    const auto room = [](std::int64_t t) { return heater([=](Bench& b) { b.rooms[1] = Celsius{t}; }); };
    const auto pv = [](std::int64_t w) { return heater([=](Bench& b) { b.pv(Watts{w}); }); };
    const auto house = [](std::int64_t w) { return heater([=](Bench& b) { b.house_load(Watts{w}); }); };
    const auto volts = [](std::int64_t v) { return heater(voltage(v)); };
    check({{"-4.9 °C", room(-49), false},
           {"-5.0 °C", room(-50), true},
           {"-5.1 °C", room(-51), true},
           {"PV 1,999 W", pv(1999), false},
           {"PV 2,000 W", pv(2000), true},
           {"PV 2,001 W", pv(2001), true},
           {"headroom 1,499 W", house(2501), false},
           {"headroom 1,500 W", house(2500), true},
           {"headroom 1,501 W", house(2499), true},
           {"46.99 V: stage low", volts(4699), false},
           {"47.00 V: no start voltage of its own", volts(4700), true}},
          site::main_room_heater);
}

TEST_CASE("edges: all nine cells of the allowance, for starts and runs") {
    using S = SiteMode;
    using O = OperatingMode;
    const struct {
        S site;
        O profile;
        std::int64_t share;
    } cells[] = {
        {S::aggressive, O::aggressive, 5000},   {S::aggressive, O::balanced, 5000}, {S::aggressive, O::opportunistic, 2500},
        {S::balanced, O::aggressive, 5000},     {S::balanced, O::balanced, 2500},   {S::balanced, O::opportunistic, 0},
        {S::conservative, O::aggressive, 2500}, {S::conservative, O::balanced, 0},  {S::conservative, O::opportunistic, 0}};
    for (const auto& cell : cells)
        for (const std::int64_t over : {-1, 0, 1, 500, 501}) {
            const std::int64_t draw = cell.share + over;
            if (draw <= 0) continue;
            CAPTURE(name_of(cell.site));
            CAPTURE(name_of(cell.profile));
            CAPTURE(draw);
            Policy policy = default_site();
            policy.preferences.mode = cell.site;
            policy.miners[0].operating_mode = cell.profile;
            policy.miners[0].power = Watts{draw};
            policy.miners[0].min_on = 0s;
            Bench bench(policy);
            bench.volts(5450_cV).pv(1850_W).battery(Watts{-1000}).run(70s);
            CHECK(bench.wanted(site::s21) == (over <= 0));
            if (!bench.wanted(site::s21)) {
                bench.pv(1850_W + Watts{draw});
                REQUIRE(bench.until_on(site::s21));
            }
            bench.run(200s).pv(1850_W).run(40s);
            CHECK(bench.wanted(site::s21) == (over <= 500));  // a running load may lack 500 W
        }
}

TEST_CASE("edges: `conservative` allows from voltage_optimal_max, kept to 1.0 V below") {
    const struct {
        std::int64_t start_v, run_v;
        bool starts, runs;
    } rows[] = {{5449, 5450, false, false}, {5450, 5349, true, false}, {5450, 5350, true, true}, {5451, 5351, true, true}};
    for (const auto& row : rows) {
        CAPTURE(row.start_v);
        CAPTURE(row.run_v);
        Policy policy = default_site();
        policy.preferences.mode = SiteMode::conservative;
        policy.miners[0].power = 2500_W;
        policy.miners[0].min_on = 0s;
        Bench bench(policy);
        bench.volts({row.start_v}).pv(1850_W).battery(Watts{-1000}).run(70s);
        CHECK(bench.wanted(site::s21) == row.starts);
        if (!row.starts) continue;
        bench.volts({row.run_v}).run(40s);
        CHECK(bench.wanted(site::s21) == row.runs);
    }
}

TEST_CASE("edges: daily windows are exact to the second") {
    const struct {
        std::int32_t begin, end, second;
        bool inside;
    } rows[] = {{36000, 57600, 35999, false}, {36000, 57600, 36000, true},  {36000, 57600, 36001, true},
                {36000, 57600, 57599, true},  {36000, 57600, 57600, false}, {36000, 57600, 57601, false},
                {64800, 36000, 64799, false}, {64800, 36000, 64800, true},  {64800, 36000, 86399, true},
                {64800, 36000, 0, true},      {64800, 36000, 35999, true},  {64800, 36000, 36000, false},
                {36000, 36000, 35999, true},  {36000, 36000, 36000, true},  {0, 0, 43200, true}};
    for (const auto& row : rows) {
        CAPTURE(row.begin);
        CAPTURE(row.second);
        Bench bench;
        bench.change([&](Policy& p) {
            p.miners[0].preferred_start_s = row.begin;
            p.miners[0].preferred_end_s = row.end;
            p.miners[0].allow_outside_schedule = false;
        });
        bench.snapshot.local.second_of_day = row.second;
        bench.tick();
        CHECK(bench.blocks(site::s21, GateName::schedule) != row.inside);
    }
}
