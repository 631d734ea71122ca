// Manual pages from the program's own data: voltctl(1) from its command line, voltd.yaml(5) from the JSON Schema,
// voltd-settings(5) from the table of settings. Pure: returns text.
#pragma once

#include <string>

#include "daemon/ctl/docs/command_tree.hpp"

namespace volt::ctl {

std::string voltctl_manual(const CLI::App& root);
std::string config_manual(const std::string& schema);
std::string settings_manual();

/// Escapes text for troff, so that nothing in it is a request.
std::string roff(const std::string& text);

}  // namespace volt::ctl
