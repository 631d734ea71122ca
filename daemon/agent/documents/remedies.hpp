// Remedies for a file or folder that is not read, by the given reason. Pure.
#pragma once

#include <string>

namespace volt::agent {

/// Returns the remedy, or an empty string if nothing needs to be done. `place`: the full path.
std::string remedy_for(const std::string& place, const std::string& reason);
/// Returns the remedy for a failed file. For other reasons, the program that created the file may fix it.
std::string remedy_for_failed(const std::string& place, const std::string& reason);

}  // namespace volt::agent
