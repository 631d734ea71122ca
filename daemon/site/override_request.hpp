// Override request by load name, and its conversion to indexes of the current policy. Used by HTTP and MQTT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

struct NamedOverride {
    std::string load;  ///< `<miner>`, `<zone>/fan`, `<zone>/heat`
    OverrideKind kind = OverrideKind::automatic;
    std::int32_t level = 0;         ///< for `level`, fans only
    std::optional<Duration> lasts;  ///< nothing: no time limit
    std::string who{};              ///< for HTTP: who sent the request
};

/// Reason an override request is rejected.
struct OverrideProblem {
    enum class Kind : std::uint8_t {
        unknown,  ///< no such miner or zone
        lacking,  ///< the zone has no fan or heater
        level,    ///< above the fan's highest level, or the load has no levels
    };
    Kind kind = Kind::unknown;
    std::string text;
    std::vector<std::string> known;  ///< for `unknown`: valid loads
    std::string need;                ///< for `level`: valid levels
};

/// Fills `request`. Returns nothing if it fits. Valid for this policy only: indexes change with the settings.
std::optional<OverrideProblem> resolve(const NamedOverride& named, const Policy& policy, OverrideRequest& request);

/// Returns the loads that can be overridden, in the order of the settings.
std::vector<std::string> loads_of(const Policy& policy);

}  // namespace volt
