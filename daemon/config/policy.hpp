// From wiring and settings to the Policy that the rules see: every name an index, every default in its place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"
#include "rules/policy.hpp"

namespace volt {

/// Names of all units that are polled.
std::vector<std::string> polled_sources(const Config& config);

/// Joins both. Outputs keep the order of the file, miners and zones that of the settings. A name that is not in the
/// file becomes `no_index`; so does an output that may not serve (the charge output, a load's output that is not safe
/// off), or that another row has already: enabled rows first, miners before heaters before fans.
Policy build_policy(const Config& config, const Settings& settings, std::uint64_t revision);

}  // namespace volt
