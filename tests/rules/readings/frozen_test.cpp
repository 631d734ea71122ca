#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

/// Ticks each second with answers of every unit; `gx` and `ark` are functions of the second.
template <class Gx, class Ark>
void run(ReadingsRig& rig, int from, int to, Gx gx, Ark ark, bool gx_unit_moves = true) {
    for (int t = from; t <= to; ++t) {
        rig.at(Time(t * 1000)).receive(battery, gx(t), gx_unit_moves);
        if (t % 5 == 0) rig.receive(sol_ark, ark(t));
        rig.judge();
    }
}

const auto still = [](int) { return 5200_cV; };
const auto wanders = [](int t) { return Volts{5200 + (t / 5) % 2}; };
const auto falls = [](int t) { return Volts{5200 - std::min(t / 10, 50)}; };       // 0.50 V within 500 s
const auto falls_less = [](int t) { return Volts{5200 - std::min(t / 10, 49)}; };  // 0.49 V

void meter(ReadingsRig& rig, std::int64_t watts) { rig.snapshot.outputs[0].power = word<Watts>(Watts{watts}, rig.snapshot.now); }

}  // namespace

TEST_CASE("frozen: finds no step in 900 s while another device swings 0.5 V") {
    ReadingsRig rig;
    run(rig, 0, 899, still, falls);
    CHECK_FALSE(rig.r.frozen[battery]);
    CHECK(rig.r.source == battery);
    run(rig, 900, 900, still, falls);
    CHECK(rig.r.frozen[battery]);
    CHECK(rig.r.source_quality[battery] == Quality::stale);
    CHECK(rig.r.source == static_cast<Index>(sol_ark));
}

TEST_CASE("frozen: a swing of 0.49 V proves nothing") {
    ReadingsRig rig;
    run(rig, 0, 2000, still, falls_less);
    CHECK_FALSE(rig.r.frozen[battery]);
}

TEST_CASE("frozen: a step of its register restarts the time") {
    ReadingsRig rig;
    const auto blinks = [](int t) { return t == 600 ? 5201_cV : 5200_cV; };
    const auto keeps_falling = [](int t) { return Volts{5200 - t / 10}; };
    run(rig, 0, 1500, blinks, keeps_falling);  // moved at 600 and, back, at 601
    CHECK_FALSE(rig.r.frozen[battery]);
    run(rig, 1501, 1501, blinks, keeps_falling);
    CHECK(rig.r.frozen[battery]);
    run(
        rig, 1502, 1502, [](int) { return 5201_cV; }, keeps_falling);
    CHECK_FALSE(rig.r.frozen[battery]);
    CHECK(rig.r.source_quality[battery] == Quality::good);
}

TEST_CASE("frozen: less than a coarse register's step is no movement") {
    ReadingsRig rig;
    rig.policy.voltage_sources[battery].step = 10_cV;
    run(
        rig, 0, 900, [](int t) { return Volts{5200 + t % 10}; }, falls);
    CHECK(rig.r.frozen[battery]);
}

TEST_CASE("frozen: ignores a source of the same device") {
    ReadingsRig rig;
    for (int t = 0; t <= 2000; ++t) {
        rig.at(Time(t * 1000)).receive(battery, 5200_cV).receive(system_, Volts{5200 - t / 10});
        rig.judge();
    }
    CHECK_FALSE(rig.r.frozen[battery]);
}

TEST_CASE("frozen: ignores the other device's values before the last movement") {
    ReadingsRig rig;
    const auto moves_late = [](int t) { return t < 600 ? Volts{5200 + t % 2} : 5200_cV; };
    const auto falls_early = [](int t) { return Volts{5200 - std::min(t / 10, 55)}; };  // done at 550 s
    run(rig, 0, 3000, moves_late, falls_early);
    CHECK_FALSE(rig.r.frozen[battery]);
}

TEST_CASE("frozen: silence restarts the time") {
    ReadingsRig rig;
    run(rig, 0, 600, still, falls);
    for (int t = 601; t < 1000; ++t) rig.silent(Time(t * 1000));
    const auto falls_again = [](int t) { return Volts{5150 - (t - 1000) / 10}; };
    run(rig, 1000, 1899, still, falls_again);
    CHECK_FALSE(rig.r.frozen[battery]);
    run(rig, 1900, 1900, still, falls_again);
    CHECK(rig.r.frozen[battery]);
}

TEST_CASE("frozen unit: finds no movement for 900 s while a load is on") {
    ReadingsRig rig;
    run(rig, 0, 0, still, wanders);
    rig.load_on = true;
    run(rig, 1, 900, still, wanders, false);  // on since 1 s, unchanged since 0 s
    CHECK_FALSE(rig.r.frozen[battery]);
    run(rig, 901, 901, still, wanders, false);
    CHECK(rig.r.frozen[battery]);
    CHECK_FALSE(rig.r.frozen[sol_ark]);
    run(rig, 902, 902, still, wanders, true);  // another value of the unit moves
    CHECK_FALSE(rig.r.frozen[battery]);
}

TEST_CASE("frozen unit: a pause of the load restarts the time") {
    ReadingsRig rig;
    run(rig, 0, 2000, still, wanders, false);
    CHECK_FALSE(rig.r.frozen[battery]);
    rig.load_on = true;
    run(rig, 2001, 2800, still, wanders, false);
    rig.load_on = false;
    run(rig, 2801, 2801, still, wanders, false);
    rig.load_on = true;
    run(rig, 2802, 3701, still, wanders, false);
    CHECK_FALSE(rig.r.frozen[battery]);
    run(rig, 3702, 3702, still, wanders, false);
    CHECK(rig.r.frozen[battery]);
}

TEST_CASE("frozen unit: finds no movement around a jump of 1 kW") {
    for (const std::int64_t jump : {999, 1000, -1000}) {
        CAPTURE(jump);
        ReadingsRig rig;
        run(rig, 0, 10, still, wanders);
        run(rig, 11, 20, still, wanders, false);  // unchanged since 10 s
        meter(rig, 2000);
        run(rig, 21, 30, still, wanders, false);
        meter(rig, 2000 + jump);  // taken at 30 s, its period began at 20 s
        run(rig, 31, 89, still, wanders, false);
        CHECK_FALSE(rig.r.frozen[battery]);
        run(rig, 90, 90, still, wanders, false);
        CHECK(rig.r.frozen[battery] == (jump != 999));
    }
}

TEST_CASE("frozen unit: a movement near the jump proves it alive") {
    for (const int moves_at : {20, 30, 90}) {
        CAPTURE(moves_at);
        ReadingsRig rig;
        run(rig, 0, 0, still, wanders);
        for (int t = 1; t <= 200; ++t) {
            rig.at(Time(t * 1000));
            if (t == 20) meter(rig, 0);
            if (t == 30) meter(rig, 3000);
            run(rig, t, t, still, wanders, t == moves_at);
        }
        CHECK_FALSE(rig.r.frozen[battery]);
    }
}

TEST_CASE("frozen unit: an absurd meter value is no jump") {
    ReadingsRig rig;
    run(rig, 0, 20, still, wanders, false);
    meter(rig, 0);
    run(rig, 21, 30, still, wanders, false);
    meter(rig, 20001);
    run(rig, 31, 40, still, wanders, false);
    meter(rig, 100);
    run(rig, 41, 200, still, wanders, false);
    CHECK_FALSE(rig.r.frozen[battery]);
}

TEST_CASE("frozen: ignores a real step of both devices") {
    const auto gx = [](int t) { return t < 1000 ? 5200_cV : 5500_cV; };  // 3 V: passes the filter one sample later
    for (const int ark_period : {1, 5, 10}) {
        CAPTURE(ark_period);
        ReadingsRig rig;
        rig.policy.voltage_sources[sol_ark].poll = Duration(ark_period * 1000);
        for (int t = 0; t <= 5000; ++t) {
            rig.at(Time(t * 1000)).receive(battery, gx(t));
            if (t % ark_period == 0) rig.receive(sol_ark, gx(t));
            rig.judge();
            if (rig.r.frozen[sol_ark] || rig.r.frozen[battery]) FAIL("frozen at ", t);
        }
        CHECK(rig.r.for_stops == 5500_cV);
    }
}

TEST_CASE("frozen: ignores a sample taken before this source moved") {
    ReadingsRig rig;
    const auto steps = [](int t) { return t < 1000 ? 5200_cV : 5300_cV; };
    run(rig, 0, 999, steps, steps);
    rig.at(1000s).receive(sol_ark, 5200_cV).receive(battery, 5300_cV);
    rig.snapshot.voltages[sol_ark].taken -= 300ms;
    rig.judge();
    run(rig, 1001, 3000, steps, steps);
    CHECK_FALSE(rig.r.frozen[battery]);
}

TEST_CASE("frozen: ignores a small step that the slower source reports later") {
    ReadingsRig rig;
    const auto steps = [](int t) { return t < 1001 ? 5200_cV : 5140_cV; };
    run(rig, 0, 3000, steps, steps);
    CHECK_FALSE(rig.r.frozen[battery]);
    CHECK_FALSE(rig.r.frozen[sol_ark]);
}

// The bank rises to a still voltage while the Sol-Ark stands at the old one, for longer or shorter than a frozen value takes.
TEST_CASE("frozen: ignores the step with which another source thaws") {
    const auto gx = [](int t) { return Volts{5200 + std::min(t / 2, 200)}; };  // still from 400 s on
    for (const int thaws : {600, 3000}) {
        CAPTURE(thaws);
        ReadingsRig rig;
        const auto ark = [&](int t) { return t < thaws ? 5200_cV : 5400_cV; };
        run(rig, 0, thaws - 1, gx, ark);
        CHECK(rig.r.frozen[sol_ark] == (thaws > 900));
        run(rig, thaws, 8000, gx, ark);
        CHECK_FALSE(rig.r.frozen[sol_ark]);
        CHECK_FALSE(rig.r.frozen[battery]);
        const auto goes_on = [](int t) { return Volts{5400 - std::min((t - 8000) / 10, 50)}; };
        run(rig, 8001, 9000, gx, goes_on);  // 0.5 V more, which the GX does not show
        CHECK(rig.r.frozen[battery]);
    }
}

TEST_CASE("frozen: needs a newer sample of the source itself") {
    ReadingsRig rig;
    run(
        rig, 0, 1000, [](int t) { return Volts{5200 + t % 2}; }, still);
    run(rig, 1001, 1004, falls, still);  // more than 0.5 V lower at once, and the slow one has not answered since
    CHECK_FALSE(rig.r.frozen[sol_ark]);
    run(rig, 1005, 1005, falls, still);
    CHECK(rig.r.frozen[sol_ark]);
}

TEST_CASE("frozen: a filtered spike moves nothing") {
    ReadingsRig rig;
    const auto spikes = [](int t) { return t == 600 ? 5700_cV : 5200_cV; };
    run(rig, 0, 900, spikes, falls);
    CHECK(rig.r.frozen[battery]);
    run(
        rig, 901, 901, [](int) { return 5700_cV; }, falls);
    CHECK(rig.r.frozen[battery]);
    run(
        rig, 902, 902, [](int) { return 5700_cV; }, falls);
    CHECK_FALSE(rig.r.frozen[battery]);
}

}  // namespace volt
