#include <doctest/doctest.h>

#include "rules/battery/stage.hpp"

namespace volt {

namespace {

struct StageRig {
    Policy policy;
    StageState state;
    StageView view;

    Stage at(Time now, std::optional<Volts> v, bool begin_again = false, bool over = false) {
        Readings readings;
        readings.for_stops = v;
        readings.starts_begin_again = begin_again;
        readings.over_maximum = over;
        view = judge_stage(readings, policy, now, state);
        return view.stage;
    }
    /// Ticks each second with one voltage, and returns the last stage.
    Stage hold(int from, int to, Volts v) {
        for (int t = from; t <= to; ++t) at(Time(t * 1000), v);
        return view.stage;
    }
};

}  // namespace

TEST_CASE("stage: starts by voltage alone around each threshold") {
    const struct {
        std::int64_t v;
        Stage stage;
    } cases[] = {{4399, Stage::shutdown}, {4400, Stage::shutdown}, {4401, Stage::critical},   {4500, Stage::critical},
                 {4501, Stage::low},      {4699, Stage::low},      {4700, Stage::normal},     {4999, Stage::normal},
                 {5000, Stage::optimal},  {5449, Stage::optimal},  {5450, Stage::high},       {5499, Stage::high},
                 {5500, Stage::float_},   {5759, Stage::float_},   {5760, Stage::absorption}, {5799, Stage::absorption},
                 {5800, Stage::full},     {6000, Stage::full},     {6001, Stage::full}};
    for (const auto& c : cases) {
        CAPTURE(c.v);
        StageRig rig;
        CHECK(rig.at(0s, Volts{c.v}) == c.stage);
        CHECK(rig.view.starts_allowed == (c.stage > Stage::low));
        CHECK(rig.view.since == 0s);
    }
}

TEST_CASE("stage: falls at the threshold at once over several stages") {
    StageRig rig;
    CHECK(rig.at(0s, 5500_cV) == Stage::float_);
    CHECK(rig.at(1s, 5499_cV) == Stage::high);
    CHECK(rig.at(2s, 4699_cV) == Stage::low);
    CHECK_FALSE(rig.view.starts_allowed);
    CHECK(rig.at(3s, 4500_cV) == Stage::critical);
    CHECK(rig.at(4s, 4400_cV) == Stage::shutdown);
    CHECK(rig.view.since == 4s);
}

TEST_CASE("stage: rises at once 0.20 V above the threshold") {
    StageRig rig;
    rig.at(0s, 4650_cV);
    CHECK(rig.at(1s, 4719_cV) == Stage::low);
    CHECK(rig.at(2s, 4720_cV) == Stage::normal);
    CHECK(rig.at(3s, 5459_cV) == Stage::optimal);
    StageRig leap;
    leap.at(0s, 4650_cV);
    CHECK(leap.at(1s, 5600_cV) == Stage::float_);
}

TEST_CASE("stage: rises after an unbroken 30 s above the threshold") {
    StageRig rig;
    rig.at(0s, 4650_cV);
    CHECK(rig.hold(1, 30, 4700_cV) == Stage::low);
    CHECK(rig.hold(31, 31, 4700_cV) == Stage::normal);
    StageRig broken;
    broken.at(0s, 4650_cV);
    broken.hold(1, 20, 4710_cV);
    broken.at(21s, 4699_cV);
    CHECK(broken.hold(22, 51, 4710_cV) == Stage::low);
    CHECK(broken.hold(52, 52, 4710_cV) == Stage::normal);
}

TEST_CASE("stage: a gap restarts the 30 s") {
    StageRig rig;
    rig.at(0s, 4650_cV);
    rig.hold(1, 20, 4710_cV);
    rig.at(28s, 4710_cV, true);
    CHECK(rig.hold(29, 57, 4710_cV) == Stage::low);
    CHECK(rig.hold(58, 58, 4710_cV) == Stage::normal);
}

TEST_CASE("stage: critical becomes recovering 0.20 V above or after 30 s") {
    StageRig rig;
    rig.at(0s, 4500_cV);
    CHECK(rig.at(1s, 4519_cV) == Stage::critical);
    CHECK(rig.at(2s, 4520_cV) == Stage::recovering);
    CHECK_FALSE(rig.view.starts_allowed);
    StageRig slow;
    slow.at(0s, 4500_cV);
    CHECK(slow.hold(1, 30, 4501_cV) == Stage::critical);
    CHECK(slow.hold(31, 31, 4501_cV) == Stage::recovering);
}

TEST_CASE("stage: shutdown rises to critical at any voltage") {
    StageRig rig;
    rig.at(0s, 4400_cV);
    CHECK(rig.at(1s, 4419_cV) == Stage::shutdown);
    CHECK(rig.at(2s, 4420_cV) == Stage::critical);
    StageRig leap;
    leap.at(0s, 4400_cV);
    CHECK(leap.at(1s, 5300_cV) == Stage::critical);
    CHECK(leap.at(2s, 5300_cV) == Stage::recovering);
    StageRig slow;
    slow.at(0s, 4390_cV);
    CHECK(slow.hold(1, 30, 4401_cV) == Stage::shutdown);
    CHECK(slow.hold(31, 31, 4401_cV) == Stage::critical);
}

TEST_CASE("stage: recovering ends after an unbroken restart hold") {
    StageRig rig;
    rig.at(0s, 4500_cV);
    CHECK(rig.at(1s, 4999_cV) == Stage::recovering);
    CHECK_FALSE(rig.view.restart_remaining);
    rig.at(2s, 5000_cV);
    CHECK(rig.view.restart_remaining == 300s);
    CHECK(rig.hold(3, 301, 5000_cV) == Stage::recovering);
    CHECK(rig.view.restart_remaining == 1s);
    rig.at(302s, 4999_cV);
    CHECK(rig.hold(303, 602, 5000_cV) == Stage::recovering);
    CHECK(rig.hold(603, 603, 5000_cV) == Stage::optimal);
    CHECK_FALSE(rig.state.recovering);
    CHECK(rig.at(604s, 4650_cV) == Stage::low);  // the latch is released
}

TEST_CASE("stage: recovering falls back to critical and shutdown") {
    StageRig rig;
    rig.at(0s, 4500_cV);
    rig.hold(1, 200, 5100_cV);
    CHECK(rig.at(201s, 4500_cV) == Stage::critical);
    rig.at(202s, 5100_cV);
    CHECK(rig.view.restart_remaining == 300s);
    CHECK(rig.at(203s, 4400_cV) == Stage::shutdown);
}

TEST_CASE("stage: recovering survives blindness, gaps and restarts with a new hold") {
    StageRig rig;
    rig.at(0s, 4500_cV);
    rig.hold(1, 250, 5100_cV);
    CHECK(rig.at(251s, std::nullopt) == Stage::blind);
    CHECK(rig.at(252s, 5100_cV) == Stage::recovering);
    CHECK(rig.view.restart_remaining == 300s);
    rig.hold(253, 300, 5100_cV);
    rig.at(308s, 5100_cV, true);
    CHECK(rig.view.restart_remaining == 300s);

    StageRig next;
    next.state.recovering = true;
    CHECK(next.at(0s, 5300_cV) == Stage::recovering);
    CHECK(next.hold(1, 299, 5300_cV) == Stage::recovering);
    CHECK(next.hold(300, 300, 5300_cV) == Stage::optimal);
}

TEST_CASE("stage: blind lasts for its grace and ends by voltage alone") {
    StageRig rig;
    CHECK(rig.at(0s, std::nullopt) == Stage::blind);
    CHECK(rig.view.blind_remaining == 60s);
    rig.at(59999ms, std::nullopt);
    CHECK_FALSE(rig.view.blind_too_long);
    rig.at(60s, std::nullopt, true);  // a stop hold: a gap does not restart it
    CHECK(rig.view.blind_too_long);
    CHECK_FALSE(rig.view.starts_allowed);
    CHECK(rig.at(61s, 4701_cV) == Stage::normal);
    CHECK_FALSE(rig.view.blind_too_long);
    CHECK_FALSE(rig.view.blind_remaining);
    rig.at(62s, std::nullopt);
    CHECK(rig.view.blind_remaining == 60s);
}

TEST_CASE("stage: readings set overvoltage unless a low stage applies") {
    StageRig rig;
    rig.at(0s, 5990_cV);
    CHECK(rig.at(1s, 6001_cV, false, true) == Stage::overvoltage);
    CHECK(rig.view.starts_allowed);
    CHECK(rig.at(2s, 6000_cV) == Stage::full);
    CHECK(rig.at(3s, 4500_cV, false, true) == Stage::critical);
    CHECK(rig.at(4s, 6001_cV, false, true) == Stage::recovering);
    StageRig low;
    CHECK(low.at(0s, 4699_cV, false, true) == Stage::low);
}

TEST_CASE("stage: skips a stage between two equal thresholds") {
    StageRig rig;
    rig.policy.preferences.optimal_max = rig.policy.preferences.float_v;
    rig.at(0s, 5400_cV);
    CHECK(rig.hold(1, 30, 5505_cV) == Stage::optimal);
    CHECK(rig.hold(31, 31, 5505_cV) == Stage::float_);
}

}  // namespace volt
