// Completion of a voltctl command line, for a shell that runs `voltctl complete -- WORD…`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/ctl/docs/command_tree.hpp"

namespace volt::ctl {

/// Returns names that only a site knows. `kind`: name of the value (`LOAD`, `OUTPUT`, `SERIES`). `path`: the command.
using SiteNames = std::function<std::vector<std::string>(const std::string& kind, const std::string& path)>;

/// Returns the words that fit the last of `words` (which may be empty), or nothing if a file name may follow. A candidate that
/// ends with `=` needs a value.
std::vector<std::string> candidates(const CLI::App& root, const std::vector<std::string>& words, const SiteNames& names);

}  // namespace volt::ctl
