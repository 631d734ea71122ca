// Changes of the default site in a story: `set s21.min_on 0s`, or `set.s21.enabled=no` within a step.
#pragma once

#include <stdexcept>
#include <string>

#include "rules/policy.hpp"

namespace volt::stories {

/// The error in a word of a step, without its place.
struct BadWord : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Changes one setting and the policy's revision. Throws BadWord for an unknown key or an invalid value.
void change_setting(Policy& policy, const std::string& key, const std::string& value);

Volts volts_of(const std::string& text);
Watts watts_of(const std::string& text);
Celsius celsius_of(const std::string& text);
Duration duration_of(const std::string& text);
bool yes_of(const std::string& text);
SiteMode mode_of(const std::string& text);
/// Returns the index of a miner (`s21`, `s19`) or a zone (`heat-room`, `main-room`) in the policy. Throws BadWord.
std::size_t miner_at(const Policy& policy, const std::string& id);
std::size_t zone_at(const Policy& policy, const std::string& id);
/// Returns the output of a miner (`s21`), of a zone's fan (`heat-room.fan`) or heater (`heat-room.heater`). Throws BadWord.
Index output_at(const Policy& policy, const std::string& name);

}  // namespace volt::stories
