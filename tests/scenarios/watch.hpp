// Compares what a step expects with what the rules decided, and describes differences.
#pragma once

#include <string>
#include <vector>

#include "tests/scenarios/site.hpp"

namespace volt::stories {

/// The present value of `key`, as a story writes it: `on:running`, `blocks:52.30/54.50:`, `optimal`.
/// Throws BadWord for a key that names nothing.
std::string seen_of(const Site& site, const std::string& key);
/// Parts between `:` are compared one by one, as far as they are given; `*` fits all, times by their length.
/// Volts but for what the bank's own steps make of them.
bool fits(const std::string& expected, const std::string& seen, const Bank& bank);
/// Nothing where all is as expected (of `all:` words only if `each_tick`); else one line for each difference with the
/// gates.
std::string differences(const Site& site, const Step& step, bool each_tick);
/// All gates of a load with have, need and time left.
std::string gates_of(const Site& site, std::size_t load);

}  // namespace volt::stories
