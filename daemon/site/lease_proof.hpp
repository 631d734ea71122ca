// LeaseProof: one proof that a relay's own timer switches it off. Switched on once, not renewed, and timed until its OFF. A pure
// machine over the loop's turns: it only asks the rules for a trial; they decide whether the relay goes on, and when it goes off.
#pragma once

#include <optional>
#include <string>

#include "rules/snapshot.hpp"
#include "rules/time.hpp"

namespace volt {

/// The values of a turn that the proof uses, after its decision.
struct LeaseProofInputs {
    Time now{};
    OutputState state = OutputState::unknown;  ///< as reported, live
    Time state_at{};
    bool can_be_asked = false;
    bool there = false;           ///< relay and broker are online
    Time there_since{};           ///< both, without a gap
    bool armed = false;           ///< its timer is known to have the length of the proof
    bool timerless = false;       ///< it reports that no timer runs
    bool in_force = false;        ///< the rules hold the load for the proof; no other override has replaced it
    bool ordered_on = false;      ///< the order in force
    std::optional<Time> sent_at;  ///< the last ON
    std::string why_off;          ///< the load's sentence
};

class LeaseProof {
public:
    enum class State { none, running, proven, failed };

    /// `set_up`: voltd sets the relay's timer, which is to be read back before the ON. REQUIRES: not running.
    void begin(Time now, const std::string& output, Duration lease, bool set_up);
    void update(const LeaseProofInputs& inputs);
    /// Ends a running one as failed.
    void give_up(const std::string& why);

    State state() const { return state_; }
    /// The rules are to switch the load on, or to hold it without renewal.
    bool wants_trial() const { return state_ == State::running && (phase_ == Phase::starting || phase_ == Phase::falling); }
    /// The relay's state is to be asked for now; true once.
    bool take_question();
    /// It stayed on without renewal for longer than its timer.
    bool lacks_dead_man() const { return lacks_dead_man_; }
    const std::string& output() const { return output_; }
    Duration lease() const { return lease_; }
    /// From ON to OFF; of a proven one.
    Duration measured() const { return measured_; }
    /// What it does or what came of it; empty: none yet.
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
    Time began_{}, since_{}, on_at_{};  ///< of the proof, of the phase, and the ON
    Question question_ = Question::none;
    bool was_ordered_on_ = false, lacks_dead_man_ = false;
};

const char* name_of(LeaseProof::State state);

}  // namespace volt
