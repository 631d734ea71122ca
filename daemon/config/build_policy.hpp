// Builds the rules' Policy from voltd.yaml and the settings: names become indexes, defaults are filled in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "drivers/store/settings/settings.hpp"
#include "rules/policy.hpp"

namespace volt {

/// Returns the names of all polled units.
std::vector<std::string> polled_sources(const Config& config);

/// Builds the policy. Outputs keep the order of the file; miners and zones that of the settings. A name that is not in the file
/// becomes `no_index`. So does an unusable output (the charge output, or a load's output that is not safe off) and one that
/// another row already uses: enabled rows come first, miners before heaters before fans.
Policy build_policy(const Config& config, const Settings& settings, std::uint64_t revision);

}  // namespace volt
