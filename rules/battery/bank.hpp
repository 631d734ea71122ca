// Values that follow from the owner's bank: the plausible voltages, and the scale of the rules' fixed volts.
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

/// Returns the voltages that the bank and its charger can produce; others are refused. 35.00 to 65.00 V with default settings.
inline VoltageRange plausible_range(const Preferences& p) {
    assert(p.curve.size() >= 2);
    const std::int64_t empty = p.curve.front().voltage.steps, whole = p.curve.back().voltage.steps;
    return {{std::min(empty * 7 / 9, p.shutdown.steps * 35 / 44)},
            {std::max(ceil_div(whole * 65, 56), ceil_div(p.absolute_max.steps * 65, 60))}};
}

/// Returns the site load above which the inverter is overloaded; it withstands more only for a short time.
inline Watts overload_limit(const Preferences& p) { return {p.inverter_max.steps * limits::overload_percent / 100}; }

/// Scales volts defined for a bank with 56.00 V at 100 % to this bank. Rounds up to 10 mV, at least 50 mV.
inline Volts scaled(Volts fixed, const Preferences& p) {
    assert(!p.curve.empty());
    return std::max(5_cV, Volts{ceil_div(fixed.steps * p.curve.back().voltage.steps, 5600)});
}

}  // namespace volt
