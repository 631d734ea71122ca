// Path from voltctl to voltd: the socket or address, the credentials, and the name of the person at the terminal.
#pragma once

#include <optional>
#include <string>

#include "daemon/config/reach.hpp"
#include "daemon/ctl/talk/api_client.hpp"

namespace volt::ctl {

/// Default configuration file.
inline constexpr const char* default_config = "/etc/voltd/voltd.yaml";

/// Source of the daemon's address. An option overrides the configuration.
struct AddressOptions {
    std::optional<std::string> config, url, token_file;
    bool json = false;  ///< print errors as JSON
};

/// Returns how to reach voltd and its database, from voltd.yaml. A mistake in the file is one line on stderr and not fatal.
Reach reach_of(const AddressOptions& options);

/// Returns voltd's own socket, or with `--url` that address and the token for it.
ApiAddress find_address(const AddressOptions& options);

/// Returns who runs the command, for the history of settings: `pi`, `root for pi`.
std::string operator_name();

/// Reads the token file again. Returns false if the token is the same, or none can be read.
bool take_new_token(ApiAddress& address);

}  // namespace volt::ctl
