// Where voltctl finds voltd: the socket or address, the credentials, and the name of the person at the terminal.
#pragma once

#include <optional>
#include <string>

#include "daemon/config/reach.hpp"
#include "daemon/ctl/talk/api_client.hpp"

namespace volt::ctl {

/// The configuration that is read where none is named.
inline constexpr const char* default_config = "/etc/voltd/voltd.yaml";

/// Where the address of the daemon comes from; an option overrides the configuration.
struct AddressOptions {
    std::optional<std::string> config, url, token_file;
    bool json = false;  ///< print errors as JSON
};

/// How to reach voltd and its database, from voltd.yaml; a mistake in the file is one line on stderr and not fatal.
Reach reach_of(const AddressOptions& options);

/// voltd's own socket; with `--url` that address, and the token for it.
ApiAddress find_address(const AddressOptions& options);

/// Who runs the command, for the history of settings: `pi`, `root for pi`.
std::string operator_name();

/// Reads the token file again; false: the token is the same, or none can be read.
bool take_new_token(ApiAddress& address);

}  // namespace volt::ctl
