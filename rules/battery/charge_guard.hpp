// Chooses the temperature that guards charging, and its limit. For charge*.cpp only.
#pragma once

#include <optional>

#include "rules/battery/charge.hpp"

namespace volt {

/// The guard's source and its current value.
struct Guard {
    Index source = no_index;   ///< into the battery temperatures, or into the sensors if there are none
    std::optional<Celsius> t;  ///< usable value
};

/// Returns the temperature below which charging is blocked: the highest limit of the enabled zones that guard, or empty if none
/// does.
std::optional<Celsius> charge_limit(const Policy& policy);

/// Chooses the guard and remembers it in `state`.
Guard choose_guard(const Policy& policy, const Readings& readings, ChargeState& state);

}  // namespace volt
