// Fixed names of enum values, used by topics, API, database and replay.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/decision.hpp"

namespace volt {

const char* name_of(Reason reason);
const char* name_of(ZoneReason reason);
const char* name_of(OrderReason reason);
const char* name_of(GateName gate);
const char* name_of(Stage stage);
const char* name_of(Quality quality);
const char* name_of(LoadState state);
const char* name_of(OverrideKind kind);
const char* name_of(SiteMode mode);
const char* name_of(OperatingMode mode);
const char* name_of(HeatSource source);
const char* name_of(FanMode mode);
const char* name_of(ChargeReason reason);
const char* name_of(AlarmCode code);
const char* name_of(Lease lease);
const char* name_of(OutputState state);
const char* name_of(OutputKind kind);
const char* name_of(ChargeLimit limit);
const char* name_of(ChargeMeans means);
const char* name_of(TemperatureRole role);
/// Returns `foreign_hand`, `lease_ended`, `restarted_off`, `restarted_on` or `strayed`.
const char* name_of(OutputMove move);
/// Returns `critical` or `warning`.
const char* severity_of(AlarmCode code);

/// Result of name_of() for a value without a name.
inline constexpr std::string_view no_name = "?";

/// Returns all names of an enum in its order. The compiler keeps the list complete: name_of() needs a case for each value.
template <class Enum>
std::vector<const char*> names_of() {
    std::vector<const char*> names;
    for (std::uint8_t i = 0; name_of(static_cast<Enum>(i)) != no_name; ++i) names.push_back(name_of(static_cast<Enum>(i)));
    return names;
}

/// Returns the value with this name, or empty if there is none.
template <class Enum>
std::optional<Enum> parse(std::string_view name) {
    for (std::uint8_t i = 0; name_of(static_cast<Enum>(i)) != no_name; ++i)
        if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
    return std::nullopt;
}

/// Parses an override by name: `auto`, `on`, `off`. A level is written as a number.
std::optional<OverrideKind> parse_override(std::string_view name);

}  // namespace volt
