// Sources whose values add up to the site's power.
#pragma once

#include <string>
#include <vector>

namespace volt {

/// Names of the sources whose values are added, as in `power_sources`.
struct PowerSources {
    std::vector<std::string> pv, load, grid;
    /// Inverters in parallel, each of which sees its own share of the battery's power and current. Empty if there are none.
    std::vector<std::string> battery = {};
    bool operator==(const PowerSources&) const = default;
};

}  // namespace volt
