// Runs stories at other banks. A story is written for a bank of 56.00 V at 100 %, and all its volts are scaled in proportion.
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

/// Returns the policy of the story for this bank: thresholds, curve, spike and internal resistance.
Policy in_bank(const Policy& told, const Bank& bank);
/// Converts volts of the story to this bank, to the nearest step. A voltage above or below a threshold of `told` (the policy in
/// the story's volts) remains so in `there` (the policy for this bank).
Volts in_bank(Volts volts, const Policy& told, const Policy& there, const Bank& bank);
/// Returns true if two voltages of the story (two digits) differ only by rounding to steps of this bank.
bool same_volts(const std::string& expected, const std::string& seen, const Bank& bank);
/// Converts volts of the bank to volts of the story.
std::int64_t in_story(std::int64_t steps, const Bank& bank);

}  // namespace volt::stories
