// Quantities as integers of their smallest step, so that every machine decides the same and no NaN exists.
#pragma once

#include <compare>
#include <cstdint>

namespace volt {

/// An integer count of the smallest step of one physical unit. Different units do not mix.
template <class Tag>
struct Quantity {
    std::int64_t steps = 0;

    constexpr auto operator<=>(const Quantity&) const = default;
    constexpr Quantity operator+(Quantity other) const { return {steps + other.steps}; }
    constexpr Quantity operator-(Quantity other) const { return {steps - other.steps}; }
    constexpr Quantity operator-() const { return {-steps}; }
    constexpr Quantity& operator+=(Quantity other) {
        steps += other.steps;
        return *this;
    }
    constexpr Quantity& operator-=(Quantity other) {
        steps -= other.steps;
        return *this;
    }
};

using Volts = Quantity<struct VoltsTag>;      ///< 10 mV per step
using Watts = Quantity<struct WattsTag>;      ///< 1 W per step
using Amps = Quantity<struct AmpsTag>;        ///< 10 mA per step
using Celsius = Quantity<struct CelsiusTag>;  ///< 0.1 K per step, for degrees or differences
using Percent = Quantity<struct PercentTag>;  ///< 0.01 % per step

constexpr Volts operator""_cV(unsigned long long centivolts) { return {static_cast<std::int64_t>(centivolts)}; }
constexpr Watts operator""_W(unsigned long long watts) { return {static_cast<std::int64_t>(watts)}; }
constexpr Celsius operator""_dK(unsigned long long tenths) { return {static_cast<std::int64_t>(tenths)}; }

template <class Tag>
constexpr Quantity<Tag> abs(Quantity<Tag> q) {
    return q.steps < 0 ? -q : q;
}

/// Returns the quotient rounded up; `divisor` must be above 0. Used for losses, to stay on the safe side.
constexpr std::int64_t ceil_div(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t quotient = dividend / divisor;
    return quotient + ((dividend % divisor) > 0 ? 1 : 0);
}

/// Returns the drop of the bank's voltage in mV when `draw` is switched on: ceil(draw * mOhm * 100 / V in steps of 10 mV).
/// Example: 3,878 W at 10 mOhm and 52.30 V is 742 mV. `at` must be above 0.
constexpr std::int64_t sag_mv(Watts draw, std::int64_t resistance_mohm, Volts at) {
    return ceil_div(draw.steps * resistance_mohm * 100, at.steps);
}

}  // namespace volt
