// Between stored decimal numbers and integers of whole steps, without rounding in silence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace volt {

/// `value` as a count of steps of 10^-decimals (0..3). Nothing unless it is exactly the number nearest to a whole step
/// (52.3 with two decimals is 5230), finite and of at most 1,000,000 in size.
std::optional<std::int64_t> whole_steps(double value, int decimals);

/// A count of steps of 10^-decimals as text: 5230 and 2 give `52.30`.
std::string decimal(std::int64_t steps, int decimals);

/// The same without zeros at the end, one digit behind the point kept: `52.3`, `50.0`; no point where decimals is 0.
std::string short_decimal(std::int64_t steps, int decimals);

}  // namespace volt
