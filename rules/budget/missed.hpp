// Missed nights: the bank became critical although loads had run only on spare energy. Finds the error in the plan, and raises
// the floor for the next nights.
#pragma once

#include "rules/budget/budget.hpp"

namespace volt {

/// Plan for the load that ran last, from its start or from the last full bank during its run.
struct NightPlan {
    Index load = no_index;
    Time last_ran{};
    Watts house{};
    Energy sun{}, in_bank{};         ///< sun still to come; charge from 0 % of the curve
    Energy used{}, come{}, given{};  ///< actual energy of house, sun and bank since the plan
    Duration age{};
    bool known = false;  ///< the numbers above are known; after a restart only the load and its time are
    bool operator==(const NightPlan&) const = default;
};

struct MissedMemory {
    std::optional<NightPlan> plan;
    std::optional<MissedNight> missed;  ///< kept until the raised floor is back to normal
    bool was_critical = false;
    bool judged = false;  ///< this run was judged; the next run is judged again
    bool operator==(const MissedMemory&) const = default;
};

struct MissedInputs {
    Index running = no_index;         ///< the last in order among the running miners without an `on` override
    bool critical = false;            ///< the stage is `critical` or `shutdown`
    MissedBy alarm = MissedBy::none;  ///< active alarm that explains a missed night
};

/// Raises the floor of `budget` after a missed night. Call once per tick, after stops and starts.
void judge_missed(const BudgetInputs& inputs, const MissedInputs& site, const Preferences& preferences, const BudgetView& view,
                  BudgetMemory& budget, MissedMemory& memory);

}  // namespace volt
