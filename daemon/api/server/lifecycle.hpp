// ApiLifecycle: separate thread that opens, moves and closes the local API, and retries while it cannot listen. The loop never
// waits for it.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "daemon/api/server/binding.hpp"

namespace volt {

class ApiLifecycle {
public:
    /// Serves `store` and the database at `path`; `wake` nudges the loop. `runtime_directory`: systemd's directory for the
    /// socket, if any. `again`: pause after a failed try.
    ApiLifecycle(Store& store, const std::string& path, std::function<void()> wake, std::string runtime_directory = {},
                 std::chrono::milliseconds again = std::chrono::seconds{10});
    ~ApiLifecycle();
    ApiLifecycle(const ApiLifecycle&) = delete;
    ApiLifecycle& operator=(const ApiLifecycle&) = delete;

    /// Listens there from now on. The previous address answers until then. A repeated address rereads the token and retries at
    /// once. Only the newest request is kept.
    void request(const ApiConfig& api);
    /// Waits until the newest request was tried once, at most this long. Only before the loop runs.
    void wait_for_try(std::chrono::milliseconds at_most);

    /// Runs the loop's part of client requests. Call at each wake.
    void serve(LoopContext& loop) noexcept { server().serve(loop); }
    /// Returns the boards that readers wait for.
    Boards& boards() { return server().boards(); }
    void trust_clock(bool trusted) { server().access().trust_clock(trusted); }
    /// Returns log lines about rejected requests.
    std::vector<std::string> refusals(Time now) { return server().access().refusals().take(now); }
    /// Returns the failure of the newest request and whether a previous address still answers, or an empty string if there is
    /// none or it was not tried yet. Call at each turn: it also starts a missing thread.
    std::string failure();
    /// Ends all connections and the thread. A handler that waits for a locked database gives up at once.
    void stop();

private:
    void begin();
    void run();
    void try_request(std::unique_lock<std::mutex>& lock);
    ApiServer& server() { return binding_.server(); }

    const std::function<void()> wake_loop_;
    const std::chrono::milliseconds again_;
    ApiBinding binding_;  ///< used by the thread
    std::mutex mutex_;    ///< held only briefly: the loop locks it at each wake
    std::condition_variable wake_, tried_;
    std::optional<ApiConfig> request_;  ///< not started yet
    bool trying_ = false, stop_ = false;
    std::string failure_;
    std::thread thread_;
    Time begun_{};  ///< when the thread was last tried; used by the loop
};

}  // namespace volt
