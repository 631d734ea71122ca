// ShadowTransition: from `live` to `shadow` over several turns. The rules order every load off; once that is confirmed, or
// its time is over, fans take their `on_exit`; then nothing is ordered any more.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/output.hpp"
#include "rules/decide.hpp"

namespace volt {

/// Loop thread only.
class ShadowTransition {
public:
    static constexpr Duration limit = 30s;      ///< for loads and fans together
    static constexpr Duration try_again = 10s;  ///< a fan is ordered again after

    /// From the next turn on; one already in progress keeps its time.
    void begin() {
        if (phase_ == Phase::none) phase_ = Phase::loads;
    }
    /// Back to `live`, or nothing to leave.
    void cancel();
    /// Orders may still go out.
    bool active() const { return phase_ != Phase::none; }
    /// The rules are still live, and order every load off.
    bool loads_go() const { return phase_ == Phase::loads; }

    /// What one turn came to.
    struct Step {
        bool loads_done = false;         ///< the rules order nothing from now on
        bool charger_stays_off = false;  ///< because of the cold; nothing will switch it on again
        bool ended = false;
        std::vector<std::string> unconfirmed;  ///< ids of outputs that may still be on
        /// What the charger and the fans were ordered, and whether it was sent; a fan's repetitions are not in it.
        std::vector<std::pair<Command, bool>> commands;
    };
    /// After the orders of a turn went out.
    Step turn(const Policy& policy, const Decision& decision, const SiteSnapshot& snapshot, Outputs& outputs);

    /// Ids of all outputs that were not confirmed, since this was asked last.
    std::vector<std::string> take_left_on() { return std::exchange(left_on_, {}); }

private:
    enum class Phase : std::uint8_t { none, loads, fans };
    struct Transition;
    bool end_loads(const Transition& transition, Step& step);
    void order_fans(const Transition& transition, Outputs& outputs, Step& step);

    Phase phase_ = Phase::none;
    std::optional<Time> until_;
    std::optional<Time> fans_ordered_;
    std::vector<std::string> left_on_;  ///< at most the outputs of the policies since
};

}  // namespace volt
