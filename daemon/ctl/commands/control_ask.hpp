// The arguments of `voltctl override` and `mode`, parsed and checked; and the results as text. Pure.
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

/// "on until 13:02 (60 min)", "off, without end", "auto: the rules decide".
std::string override_words(const Json& load, const Json& status);
/// The override in force and what the rules decide.
std::vector<std::string> override_lines(const Json& load, const Json& status, const Paint& paint);

std::vector<std::string> mode_names();
/// All modes, the one in force marked.
std::vector<std::string> mode_lines(const std::string& now, const Paint& paint);

/// One line for each output that a dry run would switch.
std::vector<std::string> would_lines(const Json& answer);

/// Whether that voltd switches nothing (`control.commands: shadow`).
bool is_shadow(const Json& status);
/// Whether the owner wants temperatures in °F.
bool is_fahrenheit(const Json& status);
/// What the rules decide for a load: "on. Runs at …"; in shadow, what they would.
std::string rules_text(const Json& load, const Json& status);

}  // namespace volt::ctl
