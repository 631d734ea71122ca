// Check that the numbers in an answer come from the site. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/agent/protocol/message.hpp"

namespace volt::agent {

/// Returns the numbers with a unit in a text (`52.3 V`, `1,200 W`, `3 hours`) that are in none of the results: neither unchanged,
/// nor rounded to their digits, nor in another unit of the same kind. Each once, in its original form. Ignores clock times and
/// numbers without a unit. A sign only counts for temperatures. The unit may also be in brackets, before the number (`Voltage
/// (V): 52.3`), in the head of a table's column, or in another cell of its row.
std::vector<std::string> unknown_numbers(const std::string& text, const std::vector<Json>& results);
/// Returns the numbers with a unit in a text, with their signs.
std::vector<std::string> numbers_in(const std::string& text);

}  // namespace volt::agent
