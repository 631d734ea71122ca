// The arguments of `voltctl override`, parsed and checked. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// An override as it was typed: `auto | on | off` or a fan's level, and `--for`.
struct OverrideWords {
    std::string state;
    std::optional<std::string> lasts;  ///< a span, or `ever`
    bool fan = false;
};

/// The body of the request, or why there is none.
struct OverrideBody {
    Json body;              ///< `{"override":"on","minutes":60}`
    std::string error;      ///< with the rule and the nearest allowed value; empty: none
    bool bad_span = false;  ///< `--for` is not a time: a usage error
};
OverrideBody override_body(const OverrideWords& words);

/// Of the loads that a name may mean, those that accept this state: a level is for fans.
std::vector<std::string> overridden_by(std::vector<std::string> meant, const std::string& state,
                                       const std::vector<std::string>& known);

/// The names of the loads that can be overridden, of `/api/explain`.
std::vector<std::string> overridable(const Json& explanations);

}  // namespace volt::ctl
