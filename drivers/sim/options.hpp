// Converts the command line of voltsim to a site's configuration.
#pragma once

#include <string>
#include <vector>

#include "drivers/sim/site.hpp"

namespace volt::sim {

/// Options as typed, not yet interpreted.
struct TypedOptions {
    std::string start = "2025-06-21T06:00";
    std::string zone = "America/Los_Angeles";
    std::string bank = "site", sky = "fair", sol_ark_wire = "tcp";
    int cells = usual_cells;
    double soc_pct = 55;
    std::uint64_t seed = 7;
    std::vector<std::string> outputs;  ///< TOPIC:KIND:NUMBER each, or empty for the six of the example
    std::vector<std::string> hold;     ///< pins, as in `set`
    std::string broker = "127.0.0.1:1883";
    bool no_broker = false;
    std::int64_t miner_boot_s = 6, miner_ramp_s = 14, tele_period_s = 10, device_timer_s = 300;
    double sol_ark_current_scale = 0.01;
};

/// Interprets the typed options into `config`. Throws std::invalid_argument with the error.
void understand(const TypedOptions& typed, SiteConfig& config);

/// Returns milliseconds since 1970 UTC of a local time "2025-06-21T06:00". Throws std::invalid_argument.
std::int64_t utc_ms_of(const std::string& local, const std::string& zone);

}  // namespace volt::sim
