#include "rules/budget/missed.hpp"

#include <doctest/doctest.h>

#include "tests/rules/budget/plan_rig.hpp"

using namespace volt;
using namespace volt::test;

namespace {

/// An hour after a start at 22:00, the bank is critical.
struct Night {
    PlanRig rig;
    MissedMemory memory;

    Night() {
        rig.clock(hour(22));
        rig.tick();
        judge({0, false, MissedBy::none});
    }
    void judge(const MissedInputs& site) { judge_missed(rig.inputs, site, rig.preferences, rig.view, rig.memory, memory); }
    void pass(Duration time) {
        for (Duration done{}; done < time; done += 10s) {
            if (done > 0s) judge({no_index, false, MissedBy::none});
            rig.tick(10s);
        }
    }
    MissedNight end(MissedBy alarm = MissedBy::none) {
        judge({no_index, true, alarm});
        return memory.missed.value_or(MissedNight{});
    }
    /// Sets the planned charge to the curve's: nothing flowed.
    void fits() { memory.plan->in_bank = *rig.view.by_voltage; }
};

}  // namespace

TEST_CASE("a missed night reports the house's use beyond its plan") {
    Night night;
    night.rig.inputs.base_load = 2000_W;
    night.rig.inputs.unexplained = 500_W;
    night.pass(1h);
    night.fits();
    const MissedNight missed = night.end();
    CHECK(missed.by == MissedBy::house);
    CHECK(missed.load == 0);
    CHECK(whole_wh(missed.amount) == 2'500 - 1'150);
}

TEST_CASE("a missed night reports missing sun") {
    Night night;
    night.memory.plan->sun = wh(4'000);
    night.rig.inputs.pv = 1000_W;
    night.pass(1h);
    night.fits();
    const MissedNight missed = night.end();
    CHECK(missed.by == MissedBy::sun);
    CHECK(whole_wh(missed.amount) == 3'000);
}

TEST_CASE("a missed night compares the count with the voltage of that moment") {
    Night night;
    night.rig.inputs.battery_power = Watts{-1000};
    night.pass(1h);
    night.rig.inputs.for_stops = 4480_cV;  // 0 %
    const MissedNight missed = night.end();
    CHECK(missed.by == MissedBy::charge);
    CHECK(missed.amount == night.memory.missed->amount);
    CHECK(whole_wh(missed.amount) == 14'768 - 1'000);
}

TEST_CASE("a correct plan reports no cause") {
    Night right;
    right.pass(1h);
    right.fits();
    CHECK(right.end().by == MissedBy::none);
    CHECK(right.rig.memory.raised_percent == 5);
    for (const MissedBy alarm :
         {MissedBy::powers_at_odds, MissedBy::house_not_measured, MissedBy::clock_against_sun, MissedBy::bank_misfit}) {
        Night night;
        night.rig.inputs.base_load = 9000_W;
        night.pass(1h);
        const MissedNight missed = night.end(alarm);
        CHECK(missed.by == alarm);
        CHECK(missed.amount == Energy{});
    }
}

TEST_CASE("a run from before a restart counts without its plan") {
    Night night;
    NightPlan kept;
    kept.load = 1;
    kept.last_ran = night.rig.inputs.now;
    night.memory.plan = kept;
    night.rig.inputs.base_load = 9000_W;
    night.pass(1h);
    const MissedNight missed = night.end();
    CHECK(missed.load == 1);
    CHECK(missed.by == MissedBy::none);
    CHECK(night.rig.memory.raised_percent == 5);
}
