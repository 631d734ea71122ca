// Values that the site takes from its GX, derived from the configuration by the daemon.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/time.hpp"

namespace volt {

namespace modbus {
class KnownHoles;
}

/// Values that the site takes from its GX.
struct GxUse {
    bool power = false;  ///< PV, load and grid of the system unit (power_sources names victron.system)
    /// Names of all voltage sources of the site, first choice first.
    std::vector<std::string> voltages{"victron.battery", "victron.system"};
    Duration slow = 5s;                                 ///< between two polls of values that no decision waits for
    std::shared_ptr<modbus::KnownHoles> known_holes{};  ///< holes of its units, kept over a restart
};

}  // namespace volt
