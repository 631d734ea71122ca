// What follows from the owner's bank: which voltages are plausible, and how the fixed volts of the rules scale.
#pragma once

#include <algorithm>
#include <cassert>

#include "rules/limits.hpp"
#include "rules/policy.hpp"

namespace volt {

struct VoltageRange {
    Volts lowest, highest;
    constexpr bool holds(Volts voltage) const { return voltage >= lowest && voltage <= highest; }
};

/// What the bank and its charger can show; anything else is refused. 35.00 to 65.00 V by the default settings.
inline VoltageRange plausible_range(const Preferences& p) {
    assert(p.curve.size() >= 2);
    const std::int64_t empty = p.curve.front().voltage.steps, whole = p.curve.back().voltage.steps;
    return {{std::min(empty * 7 / 9, p.shutdown.steps * 35 / 44)},
            {std::max(ceil_div(whole * 65, 56), ceil_div(p.absolute_max.steps * 65, 60))}};
}

/// A site load above this for a short time overloads the inverter.
inline Watts overload_limit(const Preferences& p) { return {p.inverter_max.steps * limits::overload_percent / 100}; }

/// Volts that are fixed for a bank of 56.00 V at 100 %, for this bank: rounded up to 10 mV, at least 50 mV.
inline Volts scaled(Volts fixed, const Preferences& p) {
    assert(!p.curve.empty());
    return std::max(5_cV, Volts{ceil_div(fixed.steps * p.curve.back().voltage.steps, 5600)});
}

}  // namespace volt
