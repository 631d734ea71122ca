// Controls that an owner could buy instead: a voltage relay, and a surplus control with a perfect battery monitor.
#pragma once

#include "tests/bench/control_week.hpp"

namespace volt::control {

/// On at or above one voltage, off at or under another, for each load: what a voltage relay does.
struct Thermostat {
    std::array<double, 2> on, off;
    Loads operator()(const Seen& seen) const;
};
/// One setting for every place and curve.
std::vector<Thermostat> thermostats();

/// On from a charge on where the surplus covers the draw or sun is held back, off at another charge. It knows the true charge.
struct Surplus {
    std::array<double, 2> on_pct, off_pct;
    Loads operator()(const Seen& seen) const;
};
std::vector<Surplus> surplus_controls();

}  // namespace volt::control
