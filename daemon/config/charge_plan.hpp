// What of the wiring can stop the charging: which devices charge the bank, and which means reaches each of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"

namespace volt {

/// A device of the file that charges the bank, or may.
struct ChargeDevice {
    std::string name;  ///< `victron` | `sol_ark` | `sol_ark_2`
    ChargeLimit limit = ChargeLimit::report;
    /// A Sol-Ark always does. A GX does where it is the only device, has a Multi (`units.vebus`), or its PV is counted.
    bool charges = true;
};
std::vector<ChargeDevice> charge_devices(const Config& config);

/// What carries a block out: the charge output before all; `write` where each device that charges is written to; `none`
/// where some are; `report` where none is. Shadow is no matter here.
ChargeMeans charge_means(const Config& config);

/// How one device is stopped: `write | output | none | report`.
std::string means_word(const ChargeDevice& device, ChargeMeans means);

/// The configuration that a proof covers. A change of means, host or unit changes the text, and the old proof no longer counts.
std::string charge_wiring(const Config& config);

/// Why the charge guard of `settings` cannot be relied on; nothing: no zone guards, or the means is proven.
/// `proven`: the wiring of the last proof that succeeded; empty: none did. `parsed` must hold a configuration.
std::optional<Problem> check_charge_guard(const ParsedConfig& parsed, const Settings& settings, const std::string& proven);

/// Warns of a `write` that does not reach all that charges.
void check_charge_limits(const Config& config, Report& report);

}  // namespace volt
