// ApiServer: local HTTP on separate threads, over a Unix socket and TCP. The loop posts pages and runs requests; a handler waits
// for it with a deadline, and the loop never waits for the server.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/access/access.hpp"
#include "daemon/api/access/sessions.hpp"
#include "daemon/api/http/router.hpp"
#include "daemon/api/routes/stats_routes.hpp"
#include "daemon/api/server/door.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "daemon/loop/requests.hpp"
#include "drivers/result.hpp"

namespace volt {

class ApiServer {
public:
    ApiServer();
    ~ApiServer();
    ApiServer(const ApiServer&) = delete;
    ApiServer& operator=(const ApiServer&) = delete;

    /// Adds endpoints. Call before start().
    void add(std::vector<api::Route> routes);
    /// Also serves settings, history and schema. Call before start(). `store` must outlive the server.
    void serve_database(const std::string& path, Store& store);
    /// `wake` nudges the loop when a reader wants a page or a request waits. Call before start().
    void on_wanted(const std::function<void()>& wake) {
        boards_.on_wanted(wake);
        requests_.on_posted(wake);
    }

    // For one thread only:

    /// Serves at this TCP address instead of the previous one, which ends once this one serves. Port 0 means any free one.
    /// Creates the token in `token_file` if this process has not done so there yet, else reads it. Returns the port.
    Result<int> start(const std::string& host, int port, const std::string& token_file);
    /// Stops serving over TCP.
    void close_port();
    /// Serves at the Unix socket `path` instead of the previous one. Anyone who can open it is the owner. Returns an empty string
    /// if it serves, or the reason it does not.
    std::string open_socket(const std::string& path);
    /// Reads or creates the token file again. Rejects any other token from then on. Returns an empty string, or the reason the
    /// previous token remains.
    std::string take_token(const std::string& token_file) { return access_.take_token(token_file); }
    /// Returns the access control and its rejections. Safe from any thread, except use_sessions() and take_token().
    api::Access& access() { return access_; }
    /// Returns the TCP port. 0 means none.
    int port() const;
    /// Ends all connections and threads at once. Does nothing if not started.
    void stop();

    // For any thread:

    /// Ends all waits for the loop or the database, so that stop() will be quick.
    void give_up();
    /// Runs the loop's part of client requests. Call at each wake.
    void serve(LoopContext& loop) noexcept { requests_.serve(loop); }
    /// Returns the boards where the loop posts pages for readers on request.
    Boards& boards() { return boards_; }
    const api::Router& router() const { return router_; }

private:
    void begin();

    std::atomic<bool> ending_ = false;  ///< set: stop waiting for a database
    Boards boards_;
    LoopRequests requests_;
    ModeStored mode_stored_;
    std::function<std::int64_t()> last_change_ = [] { return std::int64_t{0}; };
    api::StatsSources stats_;
    api::Router router_;
    std::unique_ptr<api::Sessions> sessions_;  ///< null: there is no database
    api::Access access_;
    std::string socket_path_;  ///< path of the socket being served
    std::unique_ptr<api::Door> port_door_, socket_door_;
};

}  // namespace volt
