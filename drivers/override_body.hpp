// Parses `{"override":"on","minutes":60}` and the site mode for HTTP, MQTT and a replay: one set of bounds and rules.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "rules/snapshot.hpp"

namespace volt {

struct OverrideValue {
    OverrideKind kind = OverrideKind::automatic;
    std::int32_t level = 0;         ///< for `level`
    std::optional<Duration> lasts;  ///< empty if it has no end, or for `auto`
};

/// Reason why a member is refused.
struct OverrideBodyProblem {
    const char* field;
    std::string text;
    std::string need;  ///< allowed values
};

/// Returns the values of a site mode: "aggressive, balanced, conservative, off".
std::string mode_need();
/// Returns the values of `override`. Only a fan has levels.
std::string override_need(bool fan);
/// Sets kind and level from a name, or a whole number from 0 to `limits::highest_level`.
std::optional<OverrideBodyProblem> read_override(const nlohmann::json& given, bool fan, OverrideValue& value);
/// Sets `lasts` once the kind is known. A null pointer means the default; JSON null means no end, for `off` only.
std::optional<OverrideBodyProblem> read_minutes(const nlohmann::json* given, OverrideValue& value);

}  // namespace volt
