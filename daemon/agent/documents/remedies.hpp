// What an owner can do about a file or a folder that is not read, by the reason that is given. Pure.
#pragma once

#include <string>

namespace volt::agent {

/// `place`: the whole path. Empty: nothing is to be done.
std::string remedy_for(const std::string& place, const std::string& reason);
/// As that; a file that failed for a reason of its own may be mended by the program that made it.
std::string remedy_for_failed(const std::string& place, const std::string& reason);

}  // namespace volt::agent
