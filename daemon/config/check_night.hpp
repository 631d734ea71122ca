// What the settings leave open for the night: loads that may empty the bank, and a curve that nobody has looked at.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/policy.hpp"

namespace volt {

/// A setting of the night that the owner should look at.
struct NightDoubt {
    std::string key;    ///< the setting
    std::string what;   ///< "nothing keeps the night for the house: …"
    std::string right;  ///< the remedy, in the imperative
};

/// What `voltd --check`, a start and `voltctl status` warn of. `can_run`: the miner's output is in voltd.yaml.
std::vector<NightDoubt> night_doubts(const Preferences& preferences, const std::vector<Miner>& miners,
                                     const std::function<bool(const Miner&)>& can_run);

}  // namespace volt
