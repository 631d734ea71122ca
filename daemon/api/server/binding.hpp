// ApiBinding: addresses of the API's server. Opens the socket and the port, and moves from one address to another.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "daemon/api/server/server.hpp"
#include "daemon/config/config.hpp"

namespace volt {

/// Only server() may be called from more than one thread.
class ApiBinding {
public:
    /// `runtime_directory`: systemd's directory for the socket, if any.
    explicit ApiBinding(std::string runtime_directory) : runtime_directory_(std::move(runtime_directory)) {}

    ApiServer& server() { return server_; }
    /// Listens as requested; without `request`, retries the last one. Blocks. Returns an empty string, or the failure and whether
    /// a previous address still answers.
    std::string apply(const std::optional<ApiConfig>& request);

private:
    std::string apply_port(bool first_try);
    std::string move_port(bool first_try);
    std::string start(const ApiConfig& api);

    const std::string runtime_directory_;
    ApiServer server_;
    ApiConfig wanted_;
    ApiConfig served_;  ///< address of the open port, if any
};

}  // namespace volt
