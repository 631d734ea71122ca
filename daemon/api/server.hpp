// ApiServer: local HTTP on threads of its own. The loop posts pages and runs errands; a handler waits for it with a
// deadline, it never waits for us.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/errands.hpp"
#include "daemon/api/router.hpp"
#include "daemon/api/status_page.hpp"
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
    /// Reads or makes the token file, then binds and serves; port 0: any free one. Returns the port.
    Result<int> start(const std::string& host, int port, const std::string& token_file);
    /// Reads or makes the token file again; who comes with another token is refused from then on. Empty: done, else why the
    /// one from before stays. After start(), on the same thread.
    std::string take_token(const std::string& token_file);
    /// `wake` nudges the loop when a reader wants a page or something is to be done; before start().
    void on_wanted(const std::function<void()>& wake) {
        board_.on_wanted(wake);
        errands_.on_posted(wake);
    }
    /// The loop's part of what clients want done, at each wake.
    void serve(LoopSide& loop) noexcept { errands_.serve(loop); }
    bool wanted() const { return board_.wanted(); }
    /// Shows this page from now on. Safe from any thread.
    void post(StatusPage page);
    int port() const;
    const api::Router& router() const { return router_; }
    /// Ends all connections and threads, at once. Does nothing when not started.
    void stop();

private:
    struct Running;
    std::atomic<bool> ending_ = false;  ///< nobody shall wait for a database any more
    Board board_;
    Errands errands_;
    ModeStored mode_stored_;
    api::Router router_;
    std::unique_ptr<Running> running_;
};

}  // namespace volt
