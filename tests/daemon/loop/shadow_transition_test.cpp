#include "daemon/loop/shadow_transition.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/site_io.hpp"

using namespace volt;
using namespace volt::testing;

namespace {

/// Zone's fan alone, after the loads are off.
struct Fan {
    explicit Fan(bool on_exit) {
        policy.outputs.resize(1);
        policy.outputs[0].id = "fan";
        policy.outputs[0].kind = OutputKind::level;
        policy.outputs[0].safe_state = SafeState::on;
        policy.outputs[0].on_exit = on_exit ? OnExit::safe : OnExit::off;
        policy.zones.resize(1);
        policy.zones[0].fan = 0;
        decision.next.outputs.resize(1);
        outputs.list.resize(1);
        outputs.list[0].state = on_exit ? OutputState::off : OutputState::on;
        transition.begin();
    }
    void turn() {
        now += 1s;
        outputs.now = now;
        snapshot.now = now;
        snapshot.outputs = outputs.reports();
        const ShadowTransition::Step step = transition.turn(policy, decision, snapshot, outputs);
        unconfirmed.insert(unconfirmed.end(), step.unconfirmed.begin(), step.unconfirmed.end());
        reported += step.commands.size();
    }
    void turns(int count) {
        for (int i = 0; i < count; ++i) turn();
    }

    Policy policy;
    Decision decision;
    FakeOutputs outputs;
    SiteSnapshot snapshot;
    ShadowTransition transition;
    std::vector<std::string> unconfirmed;
    std::size_t reported = 0;  ///< commands in the steps
    Time now = 1000s;
};

}  // namespace

TEST_CASE("ends once a fan follows its on_exit") {
    for (const bool on : {true, false}) {
        Fan fan(on);
        fan.turns(2);
        REQUIRE(fan.outputs.sent.size() == 1);
        CHECK(fan.outputs.sent[0].order.on == on);
        CHECK(fan.outputs.sent[0].order.level == (on ? 10 : 0));
        CHECK_FALSE(fan.transition.active());
        CHECK(fan.unconfirmed.empty());
    }
}

TEST_CASE("repeats a fan's order, then names it after 30 s") {
    Fan fan(false);
    fan.outputs.deaf = true;
    fan.turns(30);
    CHECK(fan.outputs.sent.size() == 3);
    CHECK(fan.reported == 1);
    CHECK(fan.transition.active());
    fan.turn();
    CHECK_FALSE(fan.transition.active());
    CHECK(fan.unconfirmed == std::vector<std::string>{"fan"});
    CHECK(fan.transition.take_left_on() == fan.unconfirmed);
    CHECK(fan.transition.take_left_on().empty());
}

TEST_CASE("leaves a fan unchanged whose on_exit is keep") {
    Fan fan(true);
    fan.policy.outputs[0].on_exit = OnExit::keep;
    fan.turn();
    CHECK(fan.outputs.sent.empty());
    CHECK_FALSE(fan.transition.active());
}
