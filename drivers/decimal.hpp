// Converts stored decimal numbers to integers of whole steps and back, without silent rounding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace volt {

/// Returns `value` as a count of steps of 10^-decimals (0..3). Empty unless it is exactly the number nearest to a whole step
/// (52.3 with two decimals is 5230), finite and at most 1,000,000 in size.
std::optional<std::int64_t> whole_steps(double value, int decimals);

/// Formats a count of steps of 10^-decimals: 5230 and 2 give `52.30`.
std::string decimal(std::int64_t steps, int decimals);

/// Formats it without trailing zeros but at least one decimal: `52.3`, `50.0`. No decimal point if decimals is 0.
std::string short_decimal(std::int64_t steps, int decimals);

}  // namespace volt
