// Untrusted payloads of devices: parses them with limits, and uses only clearly valid values.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/mqtt/bus.hpp"
#include "rules/time.hpp"
#include "rules/units.hpp"

namespace volt {

inline constexpr int most_json_depth = 16;

/// Parses a JSON object. Empty for anything else, over `most` bytes (64 kB), or nested deeper than 16.
std::optional<nlohmann::json> parse_object(const std::string& payload, std::size_t most = most_payload_bytes);

/// Returns the member of an object, or null if it is missing or this is not an object.
const nlohmann::json* member(const nlohmann::json& object, const std::string& key);
/// Returns a finite number, also if written as text, or empty for anything else.
std::optional<double> number_in(const nlohmann::json* value);
/// Returns a power in W, parsed like number_in().
std::optional<Watts> watts_in(const nlohmann::json* value);
/// Parses a number as text, in units of `unit_w` watts.
std::optional<Watts> power_of(std::string_view text, int unit_w);
/// Returns a counter of `amount` steps of `wh` watt-hours each (kWh: 1000, watt-minutes: 1/60), or empty below 0 or over 1e12.
std::optional<std::int64_t> watt_hours(std::optional<double> amount, double wh);
/// Returns at most 80 characters of a device's text, only printable ASCII.
std::string printable(std::string_view text);

/// Returns the text of `field` (a key, keys joined by dots, a list's entry by its number from 0) of a JSON object. An empty
/// `field` is the payload itself, trimmed. Numbers as written by JSON, `true`, `false`, `null`, or empty for objects, lists and
/// unreadable payloads.
std::optional<std::string> field_text(const std::string& payload, const std::string& field);

/// Parses a finite decimal number and nothing else. Refuses NaN, infinity, commas and units.
std::optional<double> number_of(std::string_view text);

/// Returns the nearest integer, halves away from 0. `number` must be within ±1e15.
std::int64_t rounded(double number);

/// Returns a power within ±1 MW, rounded to whole watts.
std::optional<Watts> watts_of(double watts);

/// Parses `2025-06-21T19:00:00Z`, optionally with a fraction of a second and an offset like `+02:00`. Empty for anything else.
std::optional<Utc> utc_of(const std::string& iso);

std::string_view trimmed(std::string_view text);
/// Returns true if equal, ignoring the case of ASCII letters.
bool same_text(std::string_view a, std::string_view b);
/// Returns true if the text is valid UTF-8.
bool is_utf8(std::string_view text);

}  // namespace volt
