// ChargeProof: one proof that charging can be stopped. Blocks for a minute while the battery charges, and checks that its current
// falls. A pure state machine over the loop's turns: it asks for a block, and never asks to end a block of the rules.
//
// If voltd dies during the proof, the next start restores the limit: the block is voltd's own and recorded before it is written.
#pragma once

#include <optional>
#include <string>

#include "rules/limits.hpp"
#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

/// Values of a turn that the proof uses.
struct ProofInputs {
    Time now{};
    bool blocked = false;  ///< by the rules
    bool blind = false;
    std::optional<Amps> current;  ///< battery current, positive = charging; usable values only
    Time current_taken{};
    bool holds = false;   ///< every means holds the block, as read back or confirmed
    bool stands = false;  ///< a means holds the block or was ordered to
    std::string failure;  ///< failure of the means, or empty if none
    std::string acts_if;  ///< possible reason if the current does not fall, or empty if unknown
};

class ChargeProof {
public:
    enum class State { none, running, proven, failed };

    /// Begins the proof. REQUIRES: not running, and the battery charges with more than `least`.
    void begin(Time now, Amps current);
    void update(const ProofInputs& inputs);
    /// Ends a running proof as failed. The block is removed as after any proof.
    void give_up(const std::string& why);

    /// Returns true if the proof needs charging blocked now.
    bool blocks() const { return state_ == State::running && !released_at_; }
    State state() const { return state_; }
    /// Returns the progress or result of the proof, or an empty string if there was none.
    const std::string& text() const { return text_; }

    static constexpr Amps least = limits::least_to_prove, under{200};  // 2 A
    static constexpr Duration block_lasts = 60s, falls_within = 30s, released_within = 180s;

private:
    void watch(const ProofInputs& inputs);
    void await_release(const ProofInputs& inputs);
    void finish();

    State state_ = State::none;
    Time began_{};
    Amps before_{}, lowest_{};
    std::optional<Time> held_since_, fell_at_, released_at_;
    std::string why_;  ///< reason of failure, or empty if it has not failed
    std::string text_;
};

const char* name_of(ChargeProof::State state);

}  // namespace volt
