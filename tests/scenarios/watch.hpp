// Compares the expectations of a step with the rules' decision, and describes differences.
#pragma once

#include <string>
#include <vector>

#include "tests/scenarios/site.hpp"

namespace volt::stories {

/// Returns the current value of `key` in a story's notation: `on:running`, `blocks:52.30/54.50:`, `optimal`. Throws BadWord for
/// an unknown key.
std::string seen_of(const Site& site, const std::string& key);
/// Compares the given parts between `:` one by one. `*` fits all, and times are compared by length. Volts may differ by rounding
/// to the bank's steps.
bool fits(const std::string& expected, const std::string& seen, const Bank& bank);
/// Returns an empty string if all is as expected (only `all:` words if `each_tick`), else one line per difference with the gates.
std::string differences(const Site& site, const Step& step, bool each_tick);
/// Returns all gates of a load with have, need and time left.
std::string gates_of(const Site& site, std::size_t load);

}  // namespace volt::stories
