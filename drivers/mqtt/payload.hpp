// Untrusted payloads of devices: parsed with limits, and only what is clearly valid is used.
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

/// A JSON object; empty for anything else, over `most` bytes (64 kB), or nested deeper than 16.
std::optional<nlohmann::json> parse_object(const std::string& payload, std::size_t most = most_payload_bytes);

/// The member of an object; null if it is missing or this is not an object.
const nlohmann::json* member(const nlohmann::json& object, const std::string& key);
/// A finite number, also if written as text; empty for anything else.
std::optional<double> number_in(const nlohmann::json* value);
/// A power in W, as number_in().
std::optional<Watts> watts_in(const nlohmann::json* value);
/// A number as text, in units of `unit_w` watts.
std::optional<Watts> power_of(std::string_view text, int unit_w);
/// A counter of `amount` steps of `wh` watt-hours each (kWh: 1000, watt-minutes: 1/60); empty below 0 or over 1e12.
std::optional<std::int64_t> watt_hours(std::optional<double> amount, double wh);
/// At most 80 characters of a device's text, only printable ASCII.
std::string printable(std::string_view text);

/// The text of `field` (a key, keys joined by dots, a list's entry by its number from 0) of a JSON object; an empty `field` is the payload itself, trimmed.
/// Numbers as written by JSON, `true`, `false`, `null`; empty for objects, lists and unreadable payloads.
std::optional<std::string> field_text(const std::string& payload, const std::string& field);

/// A finite decimal number and nothing else; NaN, infinity, commas and units are refused.
std::optional<double> number_of(std::string_view text);

/// The nearest integer, halves away from 0; `number` must be within ±1e15.
std::int64_t rounded(double number);

/// A power within ±1 MW, rounded to whole watts.
std::optional<Watts> watts_of(double watts);

/// `2025-06-21T19:00:00Z`, optionally with a fraction of a second and an offset like `+02:00`; empty for anything else.
std::optional<Utc> utc_of(const std::string& iso);

std::string_view trimmed(std::string_view text);
/// Equal, ignoring the case of ASCII letters.
bool same_text(std::string_view a, std::string_view b);
/// Text is valid UTF-8.
bool is_utf8(std::string_view text);

}  // namespace volt
