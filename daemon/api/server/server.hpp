// ApiServer: local HTTP on threads of its own, by a Unix socket and by TCP. The loop posts pages and runs requests; a handler
// waits for it with a deadline, it never waits for us.
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

    /// More endpoints; before start().
    void add(std::vector<api::Route> routes);
    /// Settings, history and schema too; before start(). `store` must outlive the server.
    void serve_database(const std::string& path, Store& store);
    /// `wake` nudges the loop when a reader wants a page or something is to be done; before start().
    void on_wanted(const std::function<void()>& wake) {
        boards_.on_wanted(wake);
        requests_.on_posted(wake);
    }

    // Of one thread:

    /// Serves at this TCP address, in the place of the one from before (which ends once this one serves); port 0: any free one. The token
    /// is made anew in `token_file` where this process has not made it there yet, else read from it. Returns the port.
    Result<int> start(const std::string& host, int port, const std::string& token_file);
    /// Ends what serves by TCP.
    void close_port();
    /// Serves at the Unix socket `path`, in the place of the one from before; who can open it is the owner. Empty: done, or it is
    /// so already; else why not.
    std::string open_socket(const std::string& path);
    /// Reads or makes the token file again; who comes with another token is refused from then on. Empty: done, else why the
    /// one from before stays.
    std::string take_token(const std::string& token_file) { return access_.take_token(token_file); }
    /// Who may come in, and what was refused; of any thread but for use_sessions() and take_token().
    api::Access& access() { return access_; }
    /// The port of TCP; 0: none.
    int port() const;
    /// Ends all connections and threads, at once. Does nothing when not started.
    void stop();

    // Of any thread:

    /// No thread waits for the loop or the database any more: stop() will be quick.
    void give_up();
    /// The loop's part of what clients want done, at each wake.
    void serve(LoopContext& loop) noexcept { requests_.serve(loop); }
    /// What the loop posts for readers, when they want it.
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
    std::string socket_path_;  ///< of the socket that is served
    std::unique_ptr<api::Door> port_door_, socket_door_;
};

}  // namespace volt
