// The id of this voltd for another one on the same site: a hash of machine and client id, so that neither is revealed.
#pragma once

#include <string>

namespace volt {

/// The machine's id, or an empty text; at start, since it opens a file.
std::string machine_id(const std::string& path = "/etc/machine-id");

/// The name of this computer, or an empty text; asks the kernel only.
std::string host_name();

/// First 16 hex digits of SHA-256 of both.
std::string controller_id(const std::string& machine, const std::string& client_id);

}  // namespace volt
