// Leaving: the way from `live` to `shadow`, over several turns of the loop. The rules order every load off; once that is
// confirmed, or the time is over, fans take their `on_exit`; then voltd is silent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/output.hpp"
#include "rules/decision.hpp"

namespace volt {

/// What one turn knows of the outputs.
struct LeavingScene {
    const Policy& policy;
    const Decision& decision;
    const std::vector<OutputReport>& reports;
    Time now{};
};

class Leaving {
public:
    static constexpr Duration limit = 30s;      ///< for loads and fans together
    static constexpr Duration try_again = 10s;  ///< a fan is ordered again after

    /// From the next turn on; a shutdown already in progress keeps its time.
    void begin() {
        if (step_ == Step::none) step_ = Step::loads;
    }
    /// Back to `live`, or nothing to leave.
    void cancel() { *this = {}; }
    /// The rules are live and order every load off.
    bool loads_go() const { return step_ == Step::loads; }
    /// Orders may still go out.
    bool active() const { return step_ != Step::none; }

    /// After the orders of a turn went out. True in the turn that ends the first step: the rules command nothing from now on.
    bool see_loads(const LeavingScene& scene);
    /// Gives the fans the orders of their `on_exit` through `outputs`; `state` says what really runs.
    void see_fans(const LeavingScene& scene, const RuleState& state, Outputs& outputs);
    /// The outputs that were not confirmed, once each: they may be on.
    std::vector<Index> take_unconfirmed();

private:
    enum class Step : std::uint8_t { none, loads, fans };
    void give_up_on(Index output) { unconfirmed_.push_back(output); }

    Step step_ = Step::none;
    std::optional<Time> until_;
    std::optional<Time> fans_told_;
    std::vector<Index> unconfirmed_;  ///< at most the outputs of the policy
};

}  // namespace volt
