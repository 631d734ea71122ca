// ApiKeeper: the local API's life. A thread of its own starts, exchanges and ends the server, and tries again while it
// cannot listen; the loop never waits for it.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "daemon/api/server.hpp"
#include "daemon/config/config.hpp"

namespace volt {

class ApiKeeper {
public:
    /// `store` and the database at `path` are what it serves; `wake` nudges the loop. `again`: how long after a try that
    /// failed the next one comes.
    ApiKeeper(Store& store, std::string path, std::function<void()> wake, std::chrono::milliseconds again = std::chrono::seconds{10});
    ~ApiKeeper();
    ApiKeeper(const ApiKeeper&) = delete;
    ApiKeeper& operator=(const ApiKeeper&) = delete;

    /// Listens there from now on; what listened elsewhere ends first. At most one wish is kept, the newest. Again with the
    /// same address: tried at once where it failed before.
    void want(const ApiConfig& api);
    /// Waits until the newest wish was tried once, at most so long. Only before the loop runs.
    void wait_for_try(std::chrono::milliseconds at_most);

    /// The loop's part of what clients want done, at each wake.
    void serve(LoopSide& loop);
    bool wanted();
    void post(StatusPage page);
    /// Why nobody is served, with the address; empty: it listens, or was not tried yet.
    std::string trouble();
    /// Ends all connections and the thread. A handler that waits for a locked database gives up at once.
    void stop();

private:
    std::unique_ptr<ApiServer> make();
    void run();
    void exchange(std::unique_lock<std::mutex>& lock);

    Store& store_;
    const std::string path_;
    const std::function<void()> wake_loop_;
    const std::chrono::milliseconds again_;
    std::mutex mutex_;  ///< held for moments only: the loop takes it at each wake
    std::condition_variable wake_, tried_;
    std::optional<ApiConfig> wish_;  ///< not taken up yet
    ApiConfig api_;
    bool trying_ = false, stop_ = false;
    std::string trouble_;
    std::unique_ptr<ApiServer> server_;  ///< null while nobody is served
    std::thread thread_;
};

}  // namespace volt
