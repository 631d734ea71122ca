// ShadowTransition: leads from `live` to `shadow` over several turns. The rules order every load off. Once that is confirmed or
// times out, fans take their `on_exit` state, and nothing is ordered from then on.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/output.hpp"
#include "rules/decide.hpp"

namespace volt {

/// Use on the loop thread only.
class ShadowTransition {
public:
    static constexpr Duration limit = 30s;      ///< time limit for loads and fans together
    static constexpr Duration try_again = 10s;  ///< pause before a fan is ordered again

    /// Starts with the next turn. A transition in progress keeps its deadline.
    void begin() {
        if (phase_ == Phase::none) phase_ = Phase::loads;
    }
    /// Cancels the transition: control is back to `live`, or nothing is running.
    void cancel();
    /// Returns true while orders may still be sent.
    bool active() const { return phase_ != Phase::none; }
    /// Returns true while the rules are still live and order every load off.
    bool loads_go() const { return phase_ == Phase::loads; }

    /// Result of one turn.
    struct Step {
        bool loads_done = false;         ///< the rules order nothing from now on
        bool charger_stays_off = false;  ///< because of the cold; voltd will not switch it on again
        bool ended = false;
        std::vector<std::string> unconfirmed;  ///< ids of outputs that may still be on
        /// Commands to the charger and the fans, each with whether it was sent. Repeated fan commands are not included.
        std::vector<std::pair<Command, bool>> commands;
    };
    /// Advances the transition. Call after the orders of a turn were sent.
    Step turn(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot, Outputs& outputs);

    /// Returns the ids of all unconfirmed outputs since the last call.
    std::vector<std::string> take_left_on() { return std::exchange(left_on_, {}); }

private:
    enum class Phase : std::uint8_t { none, loads, fans };
    struct Transition;
    bool end_loads(const Transition& transition, Step& step);
    void order_fans(const Transition& transition, Outputs& outputs, Step& step);

    Phase phase_ = Phase::none;
    std::optional<Time> until_;
    std::optional<Time> fans_ordered_;
    std::vector<std::string> left_on_;  ///< at most the outputs of the policies used since then
};

}  // namespace volt
