// Overrides, modes and dry runs as text, and what of the status other views need. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

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
