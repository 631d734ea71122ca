// What a command needs from voltd.yaml to reach a running voltd and its database, even if the file has other errors.
#pragma once

#include <string>

#include "daemon/config/config.hpp"

namespace volt {

struct Reach {
    ApiConfig api;
    std::string database = Config{}.database;  ///< links followed
    std::string trouble;                       ///< what is wrong with the file, in one line; empty: no error
    std::string site;                          ///< empty: not known
};

/// Where voltd's socket is: in systemd's runtime directory ($RUNTIME_DIRECTORY), else next to the token file.
std::string socket_path(const std::string& token_file, const std::string& runtime_directory = {});
/// The socket of the package's service.
inline constexpr const char* service_socket = "/run/voltd/api.sock";

/// The text of a regular file, at most as much as a configuration may have; empty: it cannot be read.
std::string config_text(const std::string& path);

/// Reads `api`, `database` and `site` of the file at `path`. Each top-level section is read separately, so that a mistake elsewhere does
/// not hide them; an unreadable value gets its default. Never throws, never blocks on a pipe.
Reach read_reach(const std::string& path);

}  // namespace volt
