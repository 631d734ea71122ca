// Door: one listener of the API with its own threads and connection limit, so that a crowded door does not block the others.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/api/access/guard.hpp"
#include "daemon/api/access/listening.hpp"
#include "daemon/api/http/router.hpp"

namespace volt::api {

/// Must be safe from any thread.
using Gate = std::function<Admitted(const RequestHead&)>;

/// What one request may take; a route may have less of a body, and another time.
struct DoorLimits {
    std::chrono::seconds time{10};       ///< of an admitted one
    std::size_t body = most_body_bytes;  ///< in bytes
    std::vector<std::string> headers{};  ///< names of those that handlers get
};

class Door {
public:
    /// Serves once it is open, at most `places` connections at once; `router` must outlive it.
    Door(std::vector<Listening> listening, const Router& router, Gate gate, std::size_t places, DoorLimits limits = {});
    /// Ends all connections and threads.
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    /// Serves from now on; false: the system has no thread to give.
    bool open();
    int port() const;  ///< of the first listening
    bool in_place() const;

private:
    class Server;
    std::unique_ptr<Server> server_;
};

}  // namespace volt::api
