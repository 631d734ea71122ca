#include "daemon/site/lease_proof.hpp"

#include <doctest/doctest.h>

using namespace volt;

namespace lease_proof_test {

namespace {

/// Relay and rules, controlled by the test.
struct Trial {
    Time now = 1000s;
    LeaseProof proof;
    LeaseProofInputs inputs{};
    bool answers = true;  ///< to a query
    explicit Trial(bool set_up = false) {
        inputs.state = OutputState::off;
        inputs.there = inputs.can_be_asked = inputs.in_force = true;
        inputs.there_since = 10s;
        proof.begin(now, "s21", 60s, set_up);
    }
    void turn(Duration later = 1s) {
        now += later;
        inputs.now = now;
        proof.update(inputs);
        if (proof.take_question() && answers) inputs.state_at = now;
    }
    void switch_on() {
        inputs.ordered_on = true;
        inputs.sent_at = now;
        turn();
        inputs.state = OutputState::on;
        inputs.state_at = now;
        turn();
    }
    /// Switches off by its own timer. The rules withdraw the order in the turn that sees it.
    void fall(Duration after_on) {
        while (now + 1s < *inputs.sent_at + after_on) turn();
        inputs.state = OutputState::off;
        inputs.state_at = *inputs.sent_at + after_on;
        inputs.ordered_on = false;
        inputs.sent_at.reset();
        turn();
    }
    bool to_the_end() {
        for (int i = 0; i < 1000 && proof.state() == LeaseProof::State::running; ++i) turn();
        return proof.state() != LeaseProof::State::running;
    }
    bool failed(const char* part) const {
        CAPTURE(proof.text());
        return proof.state() == LeaseProof::State::failed && proof.text().find(part) != std::string::npos;
    }
};

}  // namespace

TEST_CASE("accepts a timer within a fifth of its length") {
    for (const Duration after : {48s, 60s, 72s}) {
        Trial trial;
        CHECK(trial.proof.wants_trial());
        trial.switch_on();
        CHECK(trial.proof.wants_trial());
        trial.fall(after);
        CAPTURE(trial.proof.text());
        CHECK(trial.proof.state() == LeaseProof::State::proven);
        CHECK(trial.proof.measured() == after);
        CHECK_FALSE(trial.proof.wants_trial());
    }
}

TEST_CASE("rejects an early or late OFF and reports its time") {
    for (const Duration after : {10'000ms, 47'999ms, 72'001ms, 85'000ms}) {
        Trial trial;
        trial.switch_on();
        trial.fall(after);
        CHECK(trial.failed("switched itself off"));
        CHECK_FALSE(trial.proof.lacks_dead_man());
    }
}

TEST_CASE("switches on only after reading back voltd's timer") {
    Trial trial(true);
    for (int i = 0; i < 5; ++i) trial.turn();
    CHECK_FALSE(trial.proof.wants_trial());
    trial.inputs.armed = true;
    trial.turn();
    CHECK(trial.proof.wants_trial());
    Trial deaf(true);
    for (int i = 0; i < 59; ++i) deaf.turn();
    CHECK(deaf.proof.state() == LeaseProof::State::running);
    deaf.turn();
    CHECK(deaf.failed("did not confirm its lease timer"));
    CHECK_FALSE(deaf.proof.wants_trial());
}

TEST_CASE("fails a relay that stays on half as long again") {
    Trial trial;
    trial.switch_on();
    while (trial.proof.wants_trial()) trial.turn();
    CHECK(trial.now - *trial.inputs.sent_at == 90s);
    CHECK(trial.proof.lacks_dead_man());
    CHECK(trial.proof.state() == LeaseProof::State::running);
    trial.inputs.ordered_on = false;
    trial.inputs.in_force = false;
    trial.turn();
    CHECK(trial.proof.state() == LeaseProof::State::running);
    trial.inputs.state = OutputState::off;
    trial.turn();
    CHECK(trial.failed("should have switched it off"));
    Trial stuck;
    stuck.switch_on();
    REQUIRE(stuck.to_the_end());
    CHECK(stuck.failed("should have switched it off"));
}

TEST_CASE("accepts only a late answer as still on") {
    Trial silent;
    silent.answers = false;
    silent.switch_on();
    REQUIRE(silent.to_the_end());
    CHECK(silent.failed("did not report its state"));
    CHECK_FALSE(silent.proof.lacks_dead_man());
    Trial unknown;
    unknown.switch_on();
    unknown.inputs.state = OutputState::unknown;
    REQUIRE(unknown.to_the_end());
    CHECK(unknown.failed("did not report its state"));
    Trial unasked;  // a dialect without queries reports each change by itself
    unasked.inputs.can_be_asked = unasked.answers = false;
    unasked.switch_on();
    REQUIRE(unasked.to_the_end());
    CHECK(unasked.proof.lacks_dead_man());
}

TEST_CASE("fails with the reason if the rules stop or never start") {
    Trial stopped;
    stopped.switch_on();
    stopped.inputs.ordered_on = false;
    stopped.inputs.why_off = "the voltage is low";
    stopped.turn();
    CHECK(stopped.failed("the voltage is low"));
    Trial withdrawn;  // before it was confirmed
    withdrawn.inputs.ordered_on = true;
    withdrawn.inputs.sent_at = withdrawn.now;
    withdrawn.turn();
    withdrawn.inputs.ordered_on = false;
    withdrawn.inputs.why_off = "the zone is too hot";
    withdrawn.turn();
    CHECK(withdrawn.failed("the zone is too hot"));
    Trial waits;
    waits.inputs.why_off = "it rests";
    REQUIRE(waits.to_the_end());
    CHECK(waits.now == 1000s + LeaseProof::starts_within);
    CHECK(waits.failed("it rests"));
    Trial deaf;
    deaf.inputs.ordered_on = true;
    deaf.inputs.sent_at = deaf.now;
    REQUIRE(deaf.to_the_end());
    CHECK(deaf.failed("did not confirm its ON"));
}

TEST_CASE("rejects an OFF that may have another cause") {
    Trial restarted;
    restarted.switch_on();
    for (int i = 0; i < 57; ++i) restarted.turn();
    restarted.inputs.there_since = restarted.now;
    restarted.fall(60s);
    CHECK(restarted.failed("was offline meanwhile"));
    Trial away;
    away.switch_on();
    away.inputs.there = false;
    away.turn();
    CHECK(away.failed("was offline meanwhile"));
    Trial replaced;
    replaced.switch_on();
    replaced.inputs.in_force = false;
    replaced.fall(60s);
    CHECK(replaced.failed("another override"));
    Trial again;
    again.switch_on();
    again.inputs.sent_at = again.now;
    again.turn();
    CHECK(again.failed("sent again"));
    Trial ordered;  // by voltd, one turn before the report
    ordered.switch_on();
    for (int i = 0; i < 57; ++i) ordered.turn();
    ordered.inputs.ordered_on = false;
    ordered.turn();
    ordered.inputs.state = OutputState::off;
    ordered.inputs.state_at = ordered.now;
    ordered.turn();
    CHECK(ordered.failed("the rules stopped it"));
    Trial timerless;
    timerless.switch_on();
    timerless.inputs.timerless = true;
    timerless.turn();
    CHECK(timerless.failed("no lease timer runs"));
    Trial cut;
    cut.switch_on();
    cut.proof.give_up("the configuration was reloaded");
    cut.fall(60s);
    CHECK(cut.failed("reloaded"));
}

}  // namespace lease_proof_test
