// Exact numbers of the file: decimal text to whole steps, without floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace volt {

/// Number read from text, or the reason it is not one.
struct ReadNumber {
    std::optional<std::int64_t> steps;
    std::string what;   ///< problem
    std::string right;  ///< remedy, or empty if the bounds say it
};

/// Reads a plain decimal (`-1`, `0.25`) into steps, `scale` (a power of ten) of which make one. Rejects octal, hexadecimal,
/// exponents, units, commas, plus signs, nan and infinity, more than 15 digits, and fractions of a step.
ReadNumber read_number(const std::string& text, std::int64_t scale);

}  // namespace volt
