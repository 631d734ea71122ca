// Door: one place where the API listens, with threads and places of its own: who crowds one door leaves the others free.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/api/listening.hpp"
#include "daemon/api/router.hpp"

namespace volt::api {

/// What a request brings to say who asks.
struct Credentials {
    std::string authorization, volt_who;
};
/// Must be safe from any thread.
using Identify = std::function<Caller(const Credentials&)>;

class Door {
public:
    /// Serves once it is open, at most `places` connections at once; `router` must outlive it.
    Door(Listening listening, const Router& router, Identify identify, std::size_t places);
    /// Ends all connections and threads.
    ~Door();
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    /// Serves from now on; false: the system has no thread to give.
    bool open();
    int port() const;
    bool in_place() const;

private:
    class Server;
    std::unique_ptr<Server> server_;
};

}  // namespace volt::api
