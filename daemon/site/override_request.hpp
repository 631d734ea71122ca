// An override request that names its load; converted to indexes of the policy in force. Used by HTTP and MQTT.
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
    std::int32_t level = 0;         ///< of `level`, fans only
    std::optional<Duration> lasts;  ///< nothing: without end
    std::string who{};              ///< of a request by HTTP: who asks
};

/// Why an override request is rejected.
struct OverrideProblem {
    enum class Kind : std::uint8_t {
        unknown,  ///< no such miner or zone
        lacking,  ///< the zone has no fan, or no heater
        level,    ///< above the fan's highest, or of something that has no levels
    };
    Kind kind = Kind::unknown;
    std::string text;
    std::vector<std::string> known;  ///< of `unknown`: the loads there are
    std::string need;                ///< of `level`: what would fit
};

/// Fills `request`; nothing: it fits. Valid for this policy only: indexes move when the settings change.
std::optional<OverrideProblem> resolve(const NamedOverride& named, const Policy& policy, OverrideRequest& request);

/// The loads that can be overridden, in the order of the settings.
std::vector<std::string> loads_of(const Policy& policy);

}  // namespace volt
