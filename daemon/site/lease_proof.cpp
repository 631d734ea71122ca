#include "daemon/site/lease_proof.hpp"

#include <fmt/format.h>

namespace volt {

namespace {

std::int64_t whole_seconds(Duration duration) { return duration.count() / 1000; }

Duration percent_of(Duration lease, int percent) { return lease * percent / 100; }

}  // namespace

void LeaseProof::begin(Time now, const std::string& output, Duration lease, bool set_up) {
    *this = {};
    state_ = State::running;
    phase_ = set_up ? Phase::arming : Phase::starting;
    output_ = output;
    lease_ = lease;
    began_ = since_ = now;
    text_ = fmt::format("{} is to be switched on once, with a lease timer of {} s; waiting until the rules allow it", output,
                        whole_seconds(lease));
}

bool LeaseProof::take_question() {
    if (question_ != Question::due) return false;
    question_ = Question::asked;
    return true;
}

void LeaseProof::update(const LeaseProofInputs& inputs) {
    if (state_ != State::running) return;
    if (phase_ != Phase::ending && is_lost(inputs)) return;
    switch (phase_) {
        case Phase::arming: await_timer(inputs); break;
        case Phase::starting: await_start(inputs); break;
        case Phase::falling: await_fall(inputs); break;
        case Phase::ending:
            if (inputs.state == OutputState::off || inputs.now - since_ >= off_within) finish(State::failed, text_);
    }
    was_ordered_on_ = inputs.ordered_on;
}

/// A restart of the relay also switches it off, and a lost answer could hide it.
bool LeaseProof::is_lost(const LeaseProofInputs& inputs) {
    const bool away = !inputs.there || inputs.there_since > began_;
    const bool replaced = wants_trial() && !inputs.in_force;
    if (away) give_up("the relay or the broker was offline meanwhile");
    else if (replaced) give_up("another override replaced it");
    return away || replaced;
}

void LeaseProof::await_timer(const LeaseProofInputs& inputs) {
    if (!inputs.armed) {
        if (inputs.now - since_ >= armed_within) give_up("the relay did not confirm its lease timer; it was not switched on");
        return;
    }
    phase_ = Phase::starting;
    since_ = inputs.now;
}

void LeaseProof::await_start(const LeaseProofInputs& inputs) {
    if (inputs.ordered_on && inputs.sent_at && inputs.state == OutputState::on && inputs.state_at >= *inputs.sent_at) {
        phase_ = Phase::falling;
        on_at_ = *inputs.sent_at;
        text_ = fmt::format("{} is on and is not renewed: its lease timer should switch it off after {} s", output_,
                            whole_seconds(lease_));
    } else if (was_ordered_on_ && !inputs.ordered_on) {
        give_up("the rules stopped it: " + inputs.why_off);
    } else if (inputs.now - since_ >= starts_within) {
        give_up(inputs.ordered_on ? "the relay did not confirm its ON" : "the rules did not start it: " + inputs.why_off);
    }
}

/// The turn that sees the timer's OFF also withdraws the order, so the order of the turn before counts.
void LeaseProof::await_fall(const LeaseProofInputs& inputs) {
    if (inputs.state == OutputState::off && inputs.state_at > on_at_ && was_ordered_on_) return fell(inputs.state_at - on_at_);
    if (!inputs.ordered_on) return give_up("the rules stopped it before its lease timer did: " + inputs.why_off);
    if (inputs.sent_at != on_at_) return give_up("its ON was sent again");
    if (inputs.timerless) return give_up("the relay reports that no lease timer runs");
    const Duration on = inputs.now - on_at_;
    if (on > percent_of(lease_, 100 + tolerance_percent) && question_ == Question::none) question_ = Question::due;
    if (on >= percent_of(lease_, longest_percent)) judge_late(inputs);
}

/// Only a report from after the timer's time proves that the relay is still on.
void LeaseProof::judge_late(const LeaseProofInputs& inputs) {
    const bool fresh = inputs.state_at > on_at_ + percent_of(lease_, 100 + tolerance_percent);
    if (inputs.state != OutputState::on || (inputs.can_be_asked && !fresh))
        return give_up("the relay did not report its state when its lease timer should have ended");
    lacks_dead_man_ = true;
    phase_ = Phase::ending;
    since_ = inputs.now;
    text_ =
        fmt::format("Not proven: {} was still on {} s after its only ON; its lease timer should have switched it off after {} s",
                    output_, whole_seconds(inputs.now - on_at_), whole_seconds(lease_));
}

void LeaseProof::fell(Duration measured) {
    measured_ = measured;
    const Duration slack = percent_of(lease_, tolerance_percent);
    const std::string times = fmt::format("{:.1f} s after its only ON, with a lease timer of {} s",
                                          static_cast<double>(measured.count()) / 1000, whole_seconds(lease_));
    if (measured >= lease_ - slack && measured <= lease_ + slack)
        return finish(State::proven, fmt::format("Proven: {} switched itself off {}", output_, times));
    finish(State::failed, fmt::format("Not proven: {} switched itself off {}", output_, times));
}

void LeaseProof::give_up(const std::string& why) {
    if (state_ == State::running) finish(State::failed, fmt::format("Not proven: {}: {}", output_, why));
}

void LeaseProof::finish(State state, const std::string& text) {
    state_ = state;
    text_ = text;
}

const char* name_of(LeaseProof::State state) {
    switch (state) {
        case LeaseProof::State::none: return "none";
        case LeaseProof::State::running: return "running";
        case LeaseProof::State::proven: return "proven";
        case LeaseProof::State::failed: return "failed";
    }
    return "?";
}

}  // namespace volt
