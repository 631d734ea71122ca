// Manual pages made of what the program knows already: voltctl(1) of its command line, voltd.yaml(5) of the JSON Schema,
// voltd-settings(5) of the table of settings. Pure: text out.
#pragma once

#include <string>

#include "daemon/ctl/docs/command_tree.hpp"

namespace volt::ctl {

std::string voltctl_manual(const CLI::App& root);
std::string config_manual(const std::string& schema);
std::string settings_manual();

/// Text as troff reads it: nothing in it is taken as a request.
std::string roff(const std::string& text);

}  // namespace volt::ctl
