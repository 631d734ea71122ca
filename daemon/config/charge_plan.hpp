// How charging can be stopped: which devices charge the bank, and by which means each is stopped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

/// A configured device that charges the bank, or may charge it.
struct ChargeDevice {
    std::string name;  ///< `victron` | `sol_ark` | `sol_ark_2`
    ChargeLimit limit = ChargeLimit::report;
    /// A Sol-Ark always does. A GX does if it is the only device, has a Multi (`units.vebus`), or its PV is counted.
    bool charges = true;
};
std::vector<ChargeDevice> charge_devices(const Config& config);

/// What carries out a block: the charge output if there is one; `write` if every charging device is written to; `none` if
/// only some are; `report` if none is. Independent of shadow.
ChargeMeans charge_means(const Config& config);

/// How one device is stopped: `write | output | none | report`.
ChargeMeans means_of(const ChargeDevice& device, ChargeMeans means);

/// The configuration that a proof covers. A change of means, host or unit changes the text, and the old proof no longer counts.
std::string charge_wiring(const Config& config);

/// Why the charge guard of `settings` is not reliable; empty: no zone guards, or the means is proven.
/// `proven`: the wiring of the last successful proof; empty: none. `parsed` must hold a configuration.
std::optional<Problem> check_charge_guard(const ParsedConfig& parsed, const Settings& settings, const std::string& proven);

/// Warns of a `write` that does not reach every charging device.
void check_charge_limits(const Config& config, Report& report);

}  // namespace volt
