// A missed night: the bank became critical although loads had run only on spare energy. Finds what the plan got wrong, and
// raises the floor for the next nights.
#pragma once

#include "rules/budget/budget.hpp"

namespace volt {

/// The plan of the load that ran last: as of its start, or of the last full bank during its run.
struct NightPlan {
    Index load = no_index;
    Time last_ran{};
    Watts house{};
    Energy sun{}, in_bank{};         ///< sun still to come; charge from 0 % of the curve
    Energy used{}, come{}, given{};  ///< by house, sun and bank since
    Duration age{};
    bool known = false;  ///< the numbers above; after a restart only the load and its time are
    bool operator==(const NightPlan&) const = default;
};

struct MissedMemory {
    std::optional<NightPlan> plan;
    std::optional<MissedNight> missed;  ///< until the raised floor is back to normal
    bool was_critical = false;
    bool judged = false;  ///< this run was judged; the next one counts again
    bool operator==(const MissedMemory&) const = default;
};

struct MissedInputs {
    Index running = no_index;         ///< the last in order of the miners on without an `on` override
    bool critical = false;            ///< stage `critical` or `shutdown`
    MissedBy alarm = MissedBy::none;  ///< that stands and explains a missed night
};

/// Once a tick, after the stops and starts. Raises the floor of `budget` after a missed night.
void judge_missed(const BudgetInputs& inputs, const MissedInputs& site, const Preferences& preferences, const BudgetView& view,
                  BudgetMemory& budget, MissedMemory& memory);

}  // namespace volt
