// The owner's settings in a simulation: the default site, and changes that the database would accept.
#pragma once

#include <cstdint>
#include <string>

#include "rules/policy.hpp"

namespace volt::simulation {

/// Returns the first CHECK of the settings tables that this policy violates, or an empty string if none.
std::string refused_by_database(const Policy& policy);

/// Returns `base` with one to three changes that the database accepts. Keeps the revision.
Policy changed(const Policy& base, std::uint64_t seed);

}  // namespace volt::simulation
