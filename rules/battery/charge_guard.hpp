// Which temperature guards charging, and its limit. For charge*.cpp only.
#pragma once

#include <optional>

#include "rules/battery/charge.hpp"

namespace volt {

/// The guard's source and its present value.
struct Guard {
    Index source = no_index;   ///< into the battery temperatures, or into the sensors if there are none
    std::optional<Celsius> t;  ///< usable
};

/// Charging is blocked below this: the highest limit of the enabled zones that guard; empty: no guard.
std::optional<Celsius> charge_limit(const Policy& policy);

/// Finds the guard and remembers it.
Guard choose_guard(const Policy& policy, const Readings& readings, ChargeState& state);

}  // namespace volt
