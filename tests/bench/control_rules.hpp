// Controls the simulated week by voltd's own rules, with correct instruments and obedient relays.
#pragma once

#include <string>

#include "rules/policy.hpp"
#include "tests/bench/control_week.hpp"

namespace volt::control {

/// Differences of the settings, or of the daemon's knowledge, from the shipped rows.
struct Variant {
    std::string name;
    std::function<void(Policy&, const Week&)> change;
    int meter_mv = 0;  ///< error added to the measured voltage
    bool clock_trusted = true;
    bool restarts = false;  ///< each evening at 20:00, with the state that the daemon stores
};

Switch rules(const Week& week, const Variant& variant);

}  // namespace volt::control
