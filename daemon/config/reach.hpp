// Data that a command needs from voltd.yaml to reach a running voltd and its database, even if the file has other errors.
#pragma once

#include <string>

#include "daemon/config/config.hpp"

namespace volt {

struct Reach {
    ApiConfig api;
    std::string database = Config{}.database;  ///< links followed
    std::string trouble;                       ///< error of the file in one line, or empty if none
    std::string site;                          ///< empty if unknown
};

/// Returns the path of voltd's socket: in systemd's runtime directory ($RUNTIME_DIRECTORY), else next to the token file.
std::string socket_path(const std::string& token_file, const std::string& runtime_directory = {});
/// Socket of the package's service.
inline constexpr const char* service_socket = "/run/voltd/api.sock";

/// Returns the text of a regular file, up to the maximum size of a configuration, or an empty text if it cannot be read.
std::string config_text(const std::string& path);

/// Reads `api`, `database` and `site` of the file at `path`. Reads each top-level section separately, so that a mistake elsewhere
/// does not hide them. An unreadable value gets its default. Never throws, never blocks on a pipe.
Reach read_reach(const std::string& path);

}  // namespace volt
