// Simulated days of the site in voltd's storage format: raw rows and runs in a database.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"
#include "drivers/store/sqlite/sqlite.hpp"
#include "drivers/store/telemetry/raw_rows.hpp"
#include "rules/snapshot.hpp"

namespace volt::test {

/// Returns a GX with battery unit, a Sol-Ark, and the outputs of the default settings.
Config simulated_wiring();

/// Adds each device's answer in this tick to `rows`.
void store_readings(const SiteSnapshot& now, const Policy& policy, RawRows& rows);

struct SimulatedDays {
    std::uint64_t seed = 1;
    std::int64_t begin_s = 1'750'510'800;  ///< 2025-06-21 06:00 in San José
    std::int64_t hours = 48;
    std::int64_t changed_after_h = 0;                          ///< hours after which `change` applies
    std::function<void(Settings&)> change = [](Settings&) {};  ///< change of the earlier settings
    std::function<void(Settings&)> owner = [](Settings&) {};   ///< change of the default settings from the beginning on
};

/// Runs the site; stores its rows and runs in `db`, if given. Returns for each miner (slug) the seconds it ran after
/// `changed_after_h`.
std::map<std::string, std::int64_t> simulate_days(const SimulatedDays& days, Connection* db);

}  // namespace volt::test
