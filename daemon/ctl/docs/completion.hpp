// What may stand next on a command line of voltctl, for a shell that asks `voltctl complete -- WORD…`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/ctl/docs/command_tree.hpp"

namespace volt::ctl {

/// Where names come from that only a site knows. `kind`: the name of the value (`LOAD`, `OUTPUT`, `SERIES`); `path`: the
/// command.
using SiteNames = std::function<std::vector<std::string>(const std::string& kind, const std::string& path)>;

/// The words that fit the last of `words` (which may be empty); nothing where a file name may stand. A candidate that
/// ends with `=` waits for its value.
std::vector<std::string> candidates(const CLI::App& root, const std::vector<std::string>& words, const SiteNames& names);

}  // namespace volt::ctl
