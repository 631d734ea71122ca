#include <doctest/doctest.h>

#include "tests/rules/readings_rig.hpp"

namespace volt {

namespace {

struct Logger : ReadingsRig {
    int second = -1;

    Logger() {
        policy.voltage_sources[sol_ark].polled = 0;
        policy.polled = {{"sol_ark", true}};
        policy.power.pv = {0};
    }
    /// Answers every 5 s until `end`, from registers renewed every `interval` seconds.
    void answer(int end, int interval) {
        while (second < end) {
            ++second;
            at(Time(second * 1000));
            if (second % 5 == 0) {
                const int step = second / interval;
                receive(sol_ark, Volts{5200 + step % 2}, second % interval == 0);
                snapshot.pv = word<Watts>(Watts{3000 + step}, snapshot.now);
            }
            judge();
        }
    }
    bool copy() const { return !r.copied.empty() && r.copied[sol_ark]; }
};

}  // namespace

TEST_CASE("copy: ten even intervals age answers to their last movement") {
    Logger rig;
    rig.answer(1199, 120);
    CHECK_FALSE(rig.copy());
    rig.answer(1200, 120);
    CHECK(rig.copy());
    CHECK(rig.r.copy_intervals[sol_ark] == 120s);
    rig.answer(1215, 120);
    CHECK(rig.r.source_quality[sol_ark] == Quality::good);
    rig.answer(1216, 120);
    CHECK(rig.r.source_quality[sol_ark] == Quality::stale);
    CHECK(rig.r.pv == 3010_W);
    rig.answer(1231, 120);
    CHECK_FALSE(rig.r.pv);
    CHECK(rig.r.powers.in_doubt);
    rig.answer(1320, 120);
    CHECK(rig.r.source_quality[sol_ark] == Quality::good);
    CHECK(rig.r.pv == 3011_W);
}

TEST_CASE("copy: two movements less than 20 s apart end it") {
    Logger rig;
    rig.answer(1200, 120);
    rig.answer(1210, 5);
    CHECK_FALSE(rig.copy());
}

TEST_CASE("copy: needs even intervals and answers between them") {
    Logger uneven;
    for (int i = 1; i <= 30; ++i) uneven.answer(uneven.second + (i % 2 == 0 ? 60 : 80), i % 2 == 0 ? 60 : 80);
    CHECK_FALSE(uneven.copy());
    ReadingsRig slow;
    slow.policy.voltage_sources[sol_ark].poll = 30s;
    for (int t = 0; t < 3600; t += 30) slow.at(Time(t * 1000)).receive(sol_ark, Volts{5200 + t % 7}).judge();
    CHECK(slow.r.copied.empty());
}

}  // namespace volt
