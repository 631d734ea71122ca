// Id that identifies this voltd to another one on the same site: a hash of machine and client id, so that neither is revealed.
#pragma once

#include <string>

namespace volt {

/// Returns the machine's id, or an empty text. Call at start, because it opens a file.
std::string machine_id(const std::string& path = "/etc/machine-id");

/// Returns the name of this computer, or an empty text. Asks only the kernel.
std::string host_name();

/// Returns the first 16 hex digits of SHA-256 of both.
std::string controller_id(const std::string& machine, const std::string& client_id);

}  // namespace volt
