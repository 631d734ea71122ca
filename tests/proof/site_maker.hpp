// Makes sites: any number of loads, zones and sources, with settings that the database and the file accept.
#pragma once

#include "rules/policy.hpp"
#include "tests/proof/chooser.hpp"

namespace volt::proof {

inline constexpr std::int64_t most_miners = 8, most_zones = 3;

/// Makes a site with 1 to 8 miners and 0 to 3 zones. Some settings are at their limits.
Policy make_site(Chooser& chooser);

// Make one row each, as make_site() does.
Preferences make_preferences(Chooser& chooser);
Miner make_miner(Chooser& chooser, std::size_t number);
Zone make_zone(Chooser& chooser, std::size_t number);
Control make_control(Chooser& chooser);

/// Returns true if the row satisfies the store's own rules and the bounds of the columns.
bool is_accepted(const Preferences& preferences);
bool is_accepted(const Miner& miner);
bool is_accepted(const Zone& zone);

}  // namespace volt::proof
