// Payloads of other people's devices: read with limits, and nothing believed that is not plainly there.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "rules/units.hpp"

namespace volt {

inline constexpr int most_json_depth = 16;

/// A JSON object; nothing for anything else, beyond 64 kB, or nested deeper than 16.
std::optional<nlohmann::json> parse_object(const std::string& payload);

/// The text of `field` (a key, or keys joined by dots) of a JSON object; an empty `field` is the payload itself, trimmed.
/// Numbers as written by JSON, `true`, `false`, `null`; nothing for objects, lists and what cannot be read.
std::optional<std::string> field_text(const std::string& payload, const std::string& field);

/// A finite decimal number and nothing else; NaN, infinity, commas and units are refused.
std::optional<double> number_of(std::string_view text);

/// The nearest integer, halves away from 0; `number` must be within ±1e15.
std::int64_t rounded(double number);

/// A power within ±1 MW, rounded to whole watts.
std::optional<Watts> watts_of(double watts);

std::string_view trimmed(std::string_view text);
/// Equal but for the case of ASCII letters.
bool same_word(std::string_view a, std::string_view b);
/// Text is valid UTF-8.
bool is_utf8(std::string_view text);

}  // namespace volt
