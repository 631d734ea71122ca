// ChargeProof: one proof that charging can be stopped. Blocks for a minute while the battery charges, and checks that its
// current falls. A pure machine over the loop's turns: it asks for a block and never for its end where the rules block.
//
// Whatever dies meanwhile, the block is one of voltd's own and noted as such before it is written: the next start puts it back.
#pragma once

#include <optional>
#include <string>

#include "rules/limits.hpp"
#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

/// The values of a turn that the proof uses.
struct ProofInputs {
    Time now{};
    bool blocked = false;  ///< by the rules
    bool blind = false;
    std::optional<Amps> current;  ///< of the battery, positive = charging; usable ones only
    Time current_taken{};
    bool holds = false;   ///< each means holds the block, as read back or confirmed
    bool stands = false;  ///< a means holds the block, or has an order to
    std::string failure;  ///< of the means; empty: none
    std::string acts_if;  ///< what the means may lack where the current does not fall; empty: nothing is known
};

class ChargeProof {
public:
    enum class State { none, running, proven, failed };

    /// REQUIRES: not running, and the battery charges with more than `least`.
    void begin(Time now, Amps current);
    void update(const ProofInputs& inputs);
    /// Ends a running one as failed; the block is put back as after any.
    void give_up(const std::string& why);

    /// The charging is to be blocked for it now.
    bool blocks() const { return state_ == State::running && !released_at_; }
    State state() const { return state_; }
    /// What it does or what came of it; empty: none yet.
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
    std::string why_;  ///< it failed; empty: not so far
    std::string text_;
};

const char* name_of(ChargeProof::State state);

}  // namespace volt
