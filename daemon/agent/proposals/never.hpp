// What no tool may ever change, whatever its configuration says: an owner does it by voltctl. Pure.
#pragma once

#include <string>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// A change may move a voltage by this share of voltage_at_100_percent, and a temperature by these kelvin, at most.
inline constexpr double most_voltage_share = 0.02, most_kelvin = 5;
/// An override by a proposal ends; after this long at the latest.
inline constexpr int most_override_minutes = 120;

/// Why a tool may not name this field of `user_preferences`, `miner_profiles` or `hvac_zones`; empty: it may.
std::string never_field(const std::string& table, const std::string& field);
/// Why a tool may not make these changes, as a trial answers them (`table`, `row`, `what`, `fields` with before and after), by the first
/// that is too much, with the nearest that is allowed; empty: it may. `full_v`: voltage_at_100_percent.
std::string never_changes(const Json& changes, double full_v);

}  // namespace volt::agent
