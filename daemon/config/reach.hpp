// What a command needs of voltd.yaml to reach a running voltd and its database, whatever else is wrong with the file.
#pragma once

#include <string>

#include "daemon/config/config.hpp"

namespace volt {

struct Reach {
    ApiConfig api;
    std::string database = Config{}.database;  ///< links followed
    std::string trouble;                       ///< what is wrong with the file, in one line; empty: nothing
};

/// Where voltd's socket is: in the runtime directory systemd gave it ($RUNTIME_DIRECTORY), else beside the token file.
std::string socket_path(const std::string& token_file, const std::string& runtime_directory = {});
/// The same of the package's service.
inline constexpr const char* service_socket = "/run/voltd/api.sock";

/// Reads `api` and `database` of the file at `path`. Each top-level section is read by itself, so that a mistake elsewhere does
/// not hide them; what cannot be read has its default. Never throws, never blocks on a pipe.
Reach read_reach(const std::string& path);

}  // namespace volt
