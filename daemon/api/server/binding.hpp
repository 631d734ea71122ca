// ApiBinding: where the API's server listens. Opens the socket and the port, and moves from one address to another.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "daemon/api/server/server.hpp"
#include "daemon/config/config.hpp"

namespace volt {

/// Only server() is for more than one thread.
class ApiBinding {
public:
    /// `runtime_directory`: where systemd gave one, for the socket.
    explicit ApiBinding(std::string runtime_directory) : runtime_directory_(std::move(runtime_directory)) {}

    ApiServer& server() { return server_; }
    /// Listens as `request` asks; without one, tries again what was requested last. Blocks. Empty: done; else what failed, and
    /// whether an address from before still answers.
    std::string apply(const std::optional<ApiConfig>& request);

private:
    std::string apply_port(bool first_try);
    std::string move_port(bool first_try);
    std::string start(const ApiConfig& api);

    const std::string runtime_directory_;
    ApiServer server_;
    ApiConfig wanted_;
    ApiConfig served_;  ///< where the port is open, if it is
};

}  // namespace volt
