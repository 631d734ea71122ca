// Invented sites: any number of loads, zones and sources, with settings that the database and the file accept.
#pragma once

#include "rules/policy.hpp"
#include "tests/proof/chooser.hpp"

namespace volt::proof {

inline constexpr std::int64_t most_miners = 8, most_zones = 3;

/// A site of 1 to 8 miners and 0 to 3 zones; some of its settings stand at their very limits.
Policy make_site(Chooser& chooser);

// One row each, as make_site() makes them.
Preferences make_preferences(Chooser& chooser);
Miner make_miner(Chooser& chooser, std::size_t number);
Zone make_zone(Chooser& chooser, std::size_t number);
Control make_control(Chooser& chooser);

/// True where the store's own rules and the bounds of the columns hold.
bool is_accepted(const Preferences& preferences);
bool is_accepted(const Miner& miner);
bool is_accepted(const Zone& zone);

}  // namespace volt::proof
