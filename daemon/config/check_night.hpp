// Settings that put the night at risk: loads that may drain the bank, and a default curve.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/policy.hpp"

namespace volt {

/// Setting that the owner should check.
struct NightDoubt {
    std::string key;    ///< the setting
    std::string what;   ///< "no energy is reserved for the house overnight: …"
    std::string right;  ///< the remedy, in the imperative
};

/// Returns the warnings for `voltd --check`, a start and `voltctl status`. `can_run`: the miner's output is in voltd.yaml.
std::vector<NightDoubt> night_doubts(const Preferences& preferences, const std::vector<Miner>& miners,
                                     const std::function<bool(const Miner&)>& can_run);

}  // namespace volt
