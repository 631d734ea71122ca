// A story is written for a bank of 56.00 V at 100 %. Here it runs at another bank: all its volts in proportion.
#pragma once

#include <optional>
#include <string>

#include "rules/policy.hpp"

namespace volt::stories {

struct Bank {
    std::string name;
    Volts whole = 5600_cV;  ///< at 100 %

    bool as_written() const { return whole == 5600_cV; }
};

/// The policy of the story for this bank: thresholds, curve, spike and internal resistance.
Policy in_bank(const Policy& told, const Bank& bank);
/// Volts of the story as this bank has them, to the nearest step. What lies above or below a threshold of `told` (the
/// policy in the story's volts) lies so in `there` (the policy for this bank).
Volts in_bank(Volts volts, const Policy& told, const Policy& there, const Bank& bank);
/// True where two numbers of the story with two digits (volts) are the same but for what rounding to steps of this bank
/// makes of them.
bool same_volts(const std::string& expected, const std::string& seen, const Bank& bank);
/// The volts that a bank shows, in those of the story.
std::int64_t in_story(std::int64_t steps, const Bank& bank);

}  // namespace volt::stories
