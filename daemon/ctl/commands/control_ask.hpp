// Arguments of `voltctl override`, parsed and checked. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// Override as typed: `auto | on | off` or a fan's level, and `--for`.
struct OverrideWords {
    std::string state;
    std::optional<std::string> lasts;  ///< a duration, or `ever`
    bool fan = false;
};

/// Body of the request, or the reason there is none.
struct OverrideBody {
    Json body;              ///< `{"override":"on","minutes":60}`
    std::string error;      ///< with the rule and the nearest allowed value, or empty if none
    bool bad_span = false;  ///< `--for` is not a time: a usage error
};
OverrideBody override_body(const OverrideWords& words);

/// Returns those of the possible loads that accept this state: a level is for fans.
std::vector<std::string> overridden_by(std::vector<std::string> meant, const std::string& state,
                                       const std::vector<std::string>& known);

/// Returns the names of the loads in `/api/explain` that can be overridden.
std::vector<std::string> overridable(const Json& explanations);

}  // namespace volt::ctl
