// Exact numbers of the file: decimal text to whole steps, without floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace volt {

/// A number read from text, or why it is not one.
struct ReadNumber {
    std::optional<std::int64_t> steps;
    std::string what;   ///< what is wrong
    std::string right;  ///< what would be right; empty: see the bounds
};

/// Reads a plain decimal (`-1`, `0.25`) into steps, `scale` (a power of ten) of which make one. Refused: octal,
/// hexadecimal, exponents, units, commas, plus signs, nan and infinity, more than 15 digits, and what is not a whole step.
ReadNumber read_number(const std::string& text, std::int64_t scale);

}  // namespace volt
