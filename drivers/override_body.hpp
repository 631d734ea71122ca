// `{"override":"on","minutes":60}` and the site mode, as HTTP, MQTT and a replay read them: one set of bounds and rules.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "rules/snapshot.hpp"

namespace volt {

struct OverrideValue {
    OverrideKind kind = OverrideKind::automatic;
    std::int32_t level = 0;         ///< of `level`
    std::optional<Duration> lasts;  ///< empty: no end, or `auto`
};

/// Why a member is refused.
struct OverrideBodyProblem {
    const char* field;
    std::string text;
    std::string need;  ///< the values that are allowed
};

/// The values of a site mode: "aggressive, balanced, conservative, off".
std::string mode_need();
/// The values of `override`; only a fan has levels.
std::string override_need(bool fan);
/// Sets kind and level: a name, or a whole number from 0 to `limits::highest_level`.
std::optional<OverrideBodyProblem> read_override(const nlohmann::json& given, bool fan, OverrideValue& value);
/// Sets `lasts` once the kind is known. Null pointer: the default; JSON null: no end, for `off` only.
std::optional<OverrideBodyProblem> read_minutes(const nlohmann::json* given, OverrideValue& value);

}  // namespace volt
