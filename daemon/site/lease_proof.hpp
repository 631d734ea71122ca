// LeaseProof: one proof that a relay's own timer switches it off. Switches the relay on once, does not renew, and measures the
// time until its OFF. A pure state machine over the loop's turns: it only asks the rules for a trial; the rules decide when the
// relay goes on and off.
#pragma once

#include <optional>
#include <string>

#include "rules/snapshot.hpp"
#include "rules/time.hpp"

namespace volt {

/// Values of a turn that the proof uses, after its decision.
struct LeaseProofInputs {
    Time now{};
    OutputState state = OutputState::unknown;  ///< live state as reported
    Time state_at{};
    bool can_be_asked = false;
    bool there = false;           ///< relay and broker are online
    Time there_since{};           ///< since when both are online without a gap
    bool armed = false;           ///< the relay's timer is known to have the length of the proof
    bool timerless = false;       ///< the relay reports that no timer runs
    bool in_force = false;        ///< the rules hold the load for the proof, and no other override has replaced it
    bool ordered_on = false;      ///< current order
    std::optional<Time> sent_at;  ///< time of the last ON
    std::string why_off;          ///< sentence of the load
};

class LeaseProof {
public:
    enum class State { none, running, proven, failed };

    /// Begins the proof. `set_up`: voltd sets the relay's timer and reads it back before the ON. REQUIRES: not running.
    void begin(Time now, const std::string& output, Duration lease, bool set_up);
    void update(const LeaseProofInputs& inputs);
    /// Ends a running proof as failed.
    void give_up(const std::string& why);

    State state() const { return state_; }
    /// Returns true if the rules should switch the load on, or hold it without renewal.
    bool wants_trial() const { return state_ == State::running && (phase_ == Phase::starting || phase_ == Phase::falling); }
    /// Returns true once if the relay's state should be queried now.
    bool take_question();
    /// Returns true if the relay stayed on without renewal for longer than its timer.
    bool lacks_dead_man() const { return lacks_dead_man_; }
    const std::string& output() const { return output_; }
    Duration lease() const { return lease_; }
    /// Returns the time from ON to OFF of a successful proof.
    Duration measured() const { return measured_; }
    /// Returns the progress or result of the proof, or an empty string if there was none.
    const std::string& text() const { return text_; }

    static constexpr Duration armed_within = 60s, starts_within = 180s, off_within = 120s;
    static constexpr int tolerance_percent = 20, longest_percent = 150;

private:
    enum class Phase { arming, starting, falling, ending };
    enum class Question { none, due, asked };
    bool is_lost(const LeaseProofInputs& inputs);
    void await_timer(const LeaseProofInputs& inputs);
    void await_start(const LeaseProofInputs& inputs);
    void await_fall(const LeaseProofInputs& inputs);
    void judge_late(const LeaseProofInputs& inputs);
    void fell(Duration measured);
    void finish(State state, const std::string& text);

    State state_ = State::none;
    Phase phase_ = Phase::arming;
    std::string output_, text_;
    Duration lease_{}, measured_{};
    Time began_{}, since_{}, on_at_{};  ///< start of the proof, start of the phase, time of the ON
    Question question_ = Question::none;
    bool was_ordered_on_ = false, lacks_dead_man_ = false;
};

const char* name_of(LeaseProof::State state);

}  // namespace volt
