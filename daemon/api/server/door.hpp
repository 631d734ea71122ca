// Door: listener of the API with its own threads and connection limit, so that a crowded door does not block the others.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/api/access/guard.hpp"
#include "daemon/api/access/listening.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::api {

/// Decides about a request by its head. Must be safe from any thread.
using Gate = std::function<Admitted(const RequestHead&)>;

/// Limits for one request. A route can override body size and timeout.
struct DoorLimits {
    std::chrono::seconds time{10};       ///< for an admitted one
    std::size_t body = most_body_bytes;  ///< in bytes
    std::vector<std::string> headers{};  ///< names of the headers passed to handlers
};

class Door {
public:
    /// Serves at most `places` connections at once after open(). `router` must outlive it.
    Door(std::vector<Listening> listening, const Router& router, Gate gate, std::size_t places, DoorLimits limits = {});
    /// Ends all connections and threads.
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    /// Starts serving. Returns false if the system has no thread to give.
    bool open();
    int port() const;  ///< port of the first listening socket
    bool in_place() const;

private:
    class Server;
    std::unique_ptr<Server> server_;
};

}  // namespace volt::api
