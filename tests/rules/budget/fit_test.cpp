// Settings that do not fit the bank: the evidence of three days, the size that would fit, and the end of the warning.
#include <doctest/doctest.h>

#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// A bank with a real size and curve, without losses.
class RealBank {
public:
    RealBank(std::int64_t wh_, std::vector<CurvePoint> curve_) : holds_(wh(wh_)), left_(holds_), curve(std::move(curve_)) {
        rig.inputs.load = rig.inputs.base_load = 400_W;
        rig.clock(hour(18));  // the sun shines from 03:10 on, not at night
    }

    /// Applies battery power for a time, with readings of the meters.
    void flow(Watts power, Duration time) {
        for (Duration done{}; done < time; done += 10s) {
            left_ = std::clamp(left_ + over(power, 10s), Energy{}, holds_);
            rig.inputs.battery_power = power;
            rig.inputs.pv = power >= Watts{0} ? *rig.inputs.load + power : Watts{0};
            rig.inputs.for_starts = rig.inputs.for_stops = at_rest(power);
            rig.tick(10s);
            warned = warned || rig.view.misfit;
        }
    }
    /// Runs a day: full at noon, down by `down_wh` until midnight, a rest, and full again by the next noon.
    void day(std::int64_t down_wh, bool rests = true) {
        flow(20_W, 30min);
        flow(Watts{-down_wh / 8}, 8h);
        flow(Watts{rests ? -50 : -down_wh / 8}, 40min);
        flow(Watts{down_wh / 5 + 150}, 5h);
        flow(20_W, 24h - 8h - 5h - 30min - 40min);
    }

    PlanRig rig;
    bool warned = false;

private:
    Volts at_rest(Watts power) const {
        const std::int64_t share = left_.steps * 10'000 / holds_.steps;
        Volts v = curve.back().voltage;
        for (std::size_t i = 1; i < curve.size(); ++i) {
            const CurvePoint &a = curve[i - 1], &b = curve[i];
            if (share > b.soc.steps) continue;
            v = {a.voltage.steps + (share - a.soc.steps) * (b.voltage.steps - a.voltage.steps) / (b.soc.steps - a.soc.steps)};
            break;
        }
        return {v.steps + power.steps * 15 * 10 / v.steps};  // 15 mOhm, which the mean subtracts again
    }
    Energy holds_, left_;

public:
    std::vector<CurvePoint> curve;
};

const std::vector<CurvePoint> site_curve = Preferences{}.curve;
const std::vector<CurvePoint> flat_curve = {{4800_cV, {0}},    {5150_cV, {1500}}, {5250_cV, {4000}},
                                            {5320_cV, {7000}}, {5350_cV, {9500}}, {5600_cV, {10000}}};

}  // namespace

TEST_CASE("a bank that fits its settings causes no warning") {
    RealBank bank(20'800, site_curve);
    for (int i = 0; i < 5; ++i) bank.day(12'000);
    CHECK_FALSE(bank.warned);
    CHECK(bank.rig.memory.fit.rests.size() == 3);
    CHECK(bank.rig.memory.fit.cycles.size() == 3);
    CHECK_FALSE(bank.rig.view.never_full);
}

TEST_CASE("suggests the right size after three days for a wrong bank_wh") {
    for (const std::int64_t written : {10'400, 41'600}) {
        for (const bool rests : {true, false}) {
            CAPTURE(written);
            CAPTURE(rests);
            RealBank bank(20'800, site_curve);
            bank.rig.preferences.bank_wh = written;
            for (int i = 0; i < 2; ++i) bank.day(12'000, rests);
            CHECK_FALSE(bank.warned);
            for (int i = 0; i < 2; ++i) bank.day(12'000, rests);
            REQUIRE(bank.rig.view.misfit);
            const Misfit misfit = *bank.rig.view.misfit;
            CHECK(misfit.from_full_to_full == !rests);
            REQUIRE(misfit.bank_wh);
            CHECK(*misfit.bank_wh >= 19'700);
            CHECK(*misfit.bank_wh <= 21'900);
            bank.rig.preferences.bank_wh = misfit.bank_wh;
            bank.rig.tick();
            CHECK_FALSE(bank.rig.view.misfit);
        }
    }
}

TEST_CASE("suggests no size for another battery's curve if nights differ") {
    RealBank bank(20'800, flat_curve);
    for (const std::int64_t down : {10'000, 12'500, 19'500, 10'000, 12'500, 19'500}) bank.day(down);
    REQUIRE(bank.rig.view.misfit);
    const Misfit misfit = *bank.rig.view.misfit;
    CHECK_FALSE(misfit.bank_wh);
    for (const Misfit::Day& day : misfit.days) {
        const std::int64_t wrong = day.by_curve - day.by_count;
        CHECK(wrong * wrong > 15 * 15);
    }
    bank.rig.preferences.curve = flat_curve;
    bank.rig.tick();
    CHECK_FALSE(bank.rig.view.misfit);
}

TEST_CASE("shallow nights, lost meters and an unset clock give no result") {
    RealBank shallow(20'800, site_curve);
    shallow.rig.preferences.bank_wh = 41'600;
    for (int i = 0; i < 5; ++i) shallow.day(3'000);
    CHECK(shallow.rig.memory.fit.rests.empty());

    RealBank gap(20'800, site_curve);
    gap.rig.preferences.bank_wh = 10'400;
    gap.flow(20_W, 30min);
    gap.flow(Watts{-1500}, 6h);
    gap.rig.tick(301s);
    gap.flow(Watts{-50}, 2h);
    CHECK(gap.rig.memory.fit.rests.empty());
    CHECK_FALSE(gap.rig.memory.fit.given);

    RealBank clock(20'800, site_curve);
    clock.rig.preferences.bank_wh = 10'400;
    clock.rig.inputs.clock_trusted = false;
    for (int i = 0; i < 4; ++i) clock.day(12'000);
    CHECK(clock.rig.memory.fit.rests.empty());
    CHECK(clock.rig.memory.fit.cycles.empty());
}

TEST_CASE("warns after two weeks without a full bank despite sun") {
    for (const bool sunny : {true, false}) {
        CAPTURE(sunny);
        PlanRig rig;
        rig.clock(hour(0));
        rig.inputs.for_starts = rig.inputs.for_stops = 5400_cV;
        for (int day = 0; day < 14; ++day) {
            CHECK_FALSE(rig.view.never_full);
            rig.day_of(sunny && day == 3 ? 4000_W : 1000_W);
        }
        CHECK(rig.view.never_full == sunny);
        rig.inputs.for_starts = rig.inputs.for_stops = 5600_cV;
        rig.inputs.pv = 1000_W;
        rig.pass(1h);
        CHECK_FALSE(rig.view.never_full);
    }
}

TEST_CASE("uses the lower charge until a default curve is confirmed") {
    PlanRig rig;
    rig.preferences.curve = Preferences{}.curve;
    rig.tick();
    rig.memory.bank.counted = *rig.view.by_voltage + wh(1'000);
    rig.tick();
    CHECK(rig.view.counted);
    CHECK(rig.view.charge == *rig.view.by_voltage - rig.view.floor);
    rig.memory.bank.counted = *rig.view.by_voltage - wh(1'000);
    rig.tick();
    CHECK(rig.view.charge == *rig.memory.bank.counted - rig.view.floor);
    PlanRig confirmed = rig;
    for (std::int32_t day = 1; day <= 3; ++day) {
        confirmed.memory.bank.counted = *rig.view.by_voltage + wh(1'000);
        confirmed.tick();
        CHECK(confirmed.view.charge == *rig.view.by_voltage - rig.view.floor);
        confirmed.memory.fit.cycles.add({day, 5230_cV, wh(7'200 + 500 * day)});  // 7.2 kWh by the curve
    }
    confirmed.tick();
    CHECK(confirmed.view.charge == *confirmed.memory.bank.counted - rig.view.floor);
    PlanRig set = rig;
    set.memory.bank.counted = *rig.view.by_voltage + wh(1'000);
    set.memory.size.settings = 0;
    set.preferences.curve[1].soc.steps += 1;
    set.tick();
    CHECK(set.view.charge == *set.memory.bank.counted - rig.view.floor);
}
