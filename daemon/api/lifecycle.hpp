// ApiLifecycle: the local API's life. A thread of its own opens, exchanges and closes what it listens at, and tries again while
// it cannot listen; the loop never waits for it.
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

class ApiLifecycle {
public:
    /// `store` and the database at `path` are what it serves; `wake` nudges the loop. `runtime_directory`: where systemd gave one,
    /// for the socket. `again`: how long after a try that failed the next one comes.
    ApiLifecycle(Store& store, const std::string& path, std::function<void()> wake, std::string runtime_directory = {},
                 std::chrono::milliseconds again = std::chrono::seconds{10});
    ~ApiLifecycle();
    ApiLifecycle(const ApiLifecycle&) = delete;
    ApiLifecycle& operator=(const ApiLifecycle&) = delete;

    /// Listens there from now on; what listens elsewhere goes on until that is so. Again with the same address: the token is
    /// read anew, and what failed before is tried at once. At most one wish is kept, the newest.
    void want(const ApiConfig& api);
    /// Waits until the newest wish was tried once, at most so long. Only before the loop runs.
    void wait_for_try(std::chrono::milliseconds at_most);

    /// The loop's part of what clients want done, at each wake.
    void serve(LoopContext& loop) noexcept { server_.serve(loop); }
    bool wanted() const { return server_.wanted(); }
    void post(StatusSnapshot page) { server_.post(std::move(page)); }
    /// What of the newest wish could not be had, and whether an address from before still answers; empty: all is as wished, or
    /// was not tried yet.
    std::string trouble();
    /// Ends all connections and the thread. A handler that waits for a locked database gives up at once.
    void stop();

private:
    void begin();
    void run();
    void exchange(std::unique_lock<std::mutex>& lock);
    std::string try_it(const ApiConfig& api, bool fresh);
    std::string try_port(const ApiConfig& api, bool fresh);
    std::string move_to(const ApiConfig& api, bool fresh);
    std::string start(const ApiConfig& api);

    const std::function<void()> wake_loop_;
    const std::string runtime_directory_;
    const std::chrono::milliseconds again_;
    ApiServer server_;  ///< its doors are the thread's
    std::mutex mutex_;  ///< held for moments only: the loop takes it at each wake
    std::condition_variable wake_, tried_;
    std::optional<ApiConfig> wish_;  ///< not taken up yet
    ApiConfig api_;
    bool trying_ = false, stop_ = false;
    std::string trouble_;
    ApiConfig served_;  ///< what it listens at; of the thread
    std::thread thread_;
    Time begun_{};  ///< when the thread was tried; of the loop
};

}  // namespace volt
