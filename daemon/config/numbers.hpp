// Numbers of the file, exactly: decimal text into whole steps, without a float between.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace volt {

/// A number read from text, or why it is not one.
struct ReadNumber {
    std::optional<std::int64_t> steps;
    std::string what;   ///< what is wrong
    std::string right;  ///< how it would be right; empty: the bounds say it
};

/// Reads a plain decimal (`-1`, `0.25`) into steps, `scale` (a power of ten) of which make one. Refused: octal,
/// hexadecimal, exponents, units, commas, plus signs, nan and infinity, more than 15 digits, and what is no whole step.
ReadNumber read_number(const std::string& text, std::int64_t scale);

}  // namespace volt
