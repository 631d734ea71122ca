// The owner's settings in a simulation: the default site, and changes that the database would accept.
#pragma once

#include <cstdint>
#include <string>

#include "rules/policy.hpp"

namespace volt::simulation {

/// The first condition of the settings tables that these break, as their CHECKs have it; empty: none.
std::string refused_by_database(const Policy& policy);

/// `base` with one to three things changed, never so that the database would refuse it. Keeps the revision.
Policy changed(const Policy& base, std::uint64_t seed);

}  // namespace volt::simulation
