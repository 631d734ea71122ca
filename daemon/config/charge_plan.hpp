// Plan for stopping the charge: which devices charge the bank, and by which means each is stopped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

/// Configured device that charges the bank, or may charge it.
struct ChargeDevice {
    std::string name;  ///< `victron` | `sol_ark` | `sol_ark_2`
    ChargeLimit limit = ChargeLimit::report;
    /// Always true for a Sol-Ark. True for a GX if it is the only device, has a Multi (`units.vebus`), or its PV is counted.
    bool charges = true;
};
std::vector<ChargeDevice> charge_devices(const Config& config);

/// Returns the means that carry out a block: the charge output if there is one; `write` if every charging device is written to;
/// `none` if only some are; `report` if none is. Independent of shadow.
ChargeMeans charge_means(const Config& config);

/// Returns how one device is stopped: `write | output | none | report`.
ChargeMeans means_of(const ChargeDevice& device, ChargeMeans means);

/// Returns the configuration that a proof covers. A change of means, host or unit changes the text, and the old proof no longer
/// counts.
std::string charge_wiring(const Config& config);

/// Returns the reason the charge guard of `settings` is not reliable, or nothing if no zone guards or the means is proven.
/// `proven`: wiring of the last successful proof, or empty. `parsed` must hold a configuration.
std::optional<Problem> check_charge_guard(const ParsedConfig& parsed, const Settings& settings, const std::string& proven);

/// Warns about a `write` that does not reach every charging device.
void check_charge_limits(const Config& config, Report& report);

}  // namespace volt
