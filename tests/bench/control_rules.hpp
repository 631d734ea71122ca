// voltd's own rules control the simulated week: correct instruments, relays that obey.
#pragma once

#include <string>

#include "rules/policy.hpp"
#include "tests/bench/control_week.hpp"

namespace volt::control {

/// How the settings, or what the daemon can know, differ from the rows as they are shipped.
struct Variant {
    std::string name;
    std::function<void(Policy&, const Week&)> change;
    int meter_mv = 0;  ///< the voltage is read so much too high
    bool clock_trusted = true;
    bool restarts = false;  ///< each evening at 20:00, with what the daemon keeps
};

Switch rules(const Week& week, const Variant& variant);

}  // namespace volt::control
