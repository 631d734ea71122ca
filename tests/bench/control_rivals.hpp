// Rival controls that an owner could buy: a voltage relay, and a surplus control with a perfect battery monitor.
#pragma once

#include "tests/bench/control_week.hpp"

namespace volt::control {

/// Voltage relay: on at or above one voltage, off at or below another, for each load.
struct Thermostat {
    std::array<double, 2> on, off;
    Loads operator()(const Seen& seen) const;
};
/// Returns one setting for every place and curve.
std::vector<Thermostat> thermostats();

/// Surplus control: on above one charge if the surplus covers the draw or sun is held back, off at another charge. It knows the
/// true charge.
struct Surplus {
    std::array<double, 2> on_pct, off_pct;
    Loads operator()(const Seen& seen) const;
};
std::vector<Surplus> surplus_controls();

}  // namespace volt::control
