// Changes that no tool may ever make, whatever its configuration says; an owner makes them with voltctl. Pure.
#pragma once

#include <string>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// Maximum change of a voltage as a share of voltage_at_100_percent, and of a temperature in kelvin.
inline constexpr double most_voltage_share = 0.02, most_kelvin = 5;
/// Maximum duration of a proposed override, which always ends.
inline constexpr int most_override_minutes = 120;

/// Returns the reason a tool may not name this field of `user_preferences`, `miner_profiles` or `hvac_zones`, or an empty string
/// if it may.
std::string never_field(const std::string& table, const std::string& field);
/// Returns the reason a tool may not make these changes, with the nearest allowed value, or an empty string if it may. The
/// changes have the format of a trial's answer (`table`, `row`, `what`, `fields` with before and after); the first that is too
/// large counts. `full_v`: voltage_at_100_percent.
std::string never_changes(const Json& changes, double full_v);

}  // namespace volt::agent
