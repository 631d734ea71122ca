// Memory of the whole site: base load, reserved power, holds that belong to no load.
#pragma once

#include <optional>
#include <vector>

#include "rules/alarm.hpp"
#include "rules/budget/missed.hpp"
#include "rules/hold.hpp"
#include "rules/policy.hpp"

namespace volt {

/// Power reserved for a load for which others were stopped.
struct Claim {
    Index load = no_index;       ///< load that may use the power
    std::vector<Index> victims;  ///< loads whose OFF is awaited; at most the loads of the policy
    Time since{};
};

struct SiteMemory {
    std::optional<Time> last_tick;
    std::vector<Index> order;          ///< order of the loads in the previous tick
    std::optional<Watts> base_load;    ///< last known base load
    std::optional<Watts> base_before;  ///< base load before the first load that has no reading yet
    BudgetMemory budget;
    MissedMemory missed;
    Hold held_back;
    std::optional<Time> held_start_at;  ///< last start that was made as `held_back`
    ProtectingHold overload;            ///< site load over 110 % of the inverter
    Hold discharge_limited;             ///< the BMS allows less than any load
    std::optional<Claim> claim;
    bool was_critical = false;
    bool charge_tested = false;  ///< SiteSnapshot::charge_test of the previous tick
    std::vector<Alarm> alarms;   ///< alarms of the previous tick, for their `since`
};

}  // namespace volt
