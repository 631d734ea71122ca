// Subject of an override, a command or a decision, by name: `<miner>`, `<zone>/fan`, `<zone>/heat`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rules/policy.hpp"
#include "rules/snapshot.hpp"

namespace volt {

inline constexpr std::string_view fan_end = "/fan", heat_end = "/heat";

inline std::string fan_of(std::string_view zone) { return std::string(zone).append(fan_end); }
inline std::string heat_of(std::string_view zone) { return std::string(zone).append(heat_end); }

/// Returns the kind of target that a name denotes. A name without a suffix is a miner.
inline TargetKind target_kind_of(std::string_view load) {
    if (load.ends_with(fan_end)) return TargetKind::fan;
    return load.ends_with(heat_end) ? TargetKind::heat : TargetKind::miner;
}

struct Target {
    TargetKind kind = TargetKind::miner;
    std::size_t index = 0;  ///< index of the miner, or of the zone for fan and heat
};

/// Returns the miner or zone with that name, or empty if there is none. The zone need not have a fan or heater.
std::optional<Target> find_target(const Policy& policy, std::string_view load);

}  // namespace volt
