// Overrides, modes and dry runs as text, and parts of the status for other views. Pure.
#pragma once

#include <string>
#include <vector>

#include "daemon/ctl/views/text.hpp"

namespace volt::ctl {

/// Returns "on until 13:02 (60 min)", "off, without end", "auto: the rules decide".
std::string override_words(const Json& load, const Json& status);
/// Returns the current override and what the rules decide.
std::vector<std::string> override_lines(const Json& load, const Json& status, const Paint& paint);

std::vector<std::string> mode_names();
/// Returns all modes with the current one marked.
std::vector<std::string> mode_lines(const std::string& now, const Paint& paint);

/// Returns one line for each output that a dry run would switch.
std::vector<std::string> would_lines(const Json& answer);

/// Returns true if that voltd switches nothing (`control.commands: shadow`).
bool is_shadow(const Json& status);
/// Returns true if the owner wants temperatures in °F.
bool is_fahrenheit(const Json& status);
/// Returns the rules' decision for a load: "on. Runs at …"; in shadow, what it would be.
std::string rules_text(const Json& load, const Json& status);

}  // namespace volt::ctl
