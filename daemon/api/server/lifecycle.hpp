// ApiLifecycle: a thread of its own opens, moves and closes the local API, and tries again while it cannot listen; the loop never
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
    /// `store` and the database at `path` are what it serves; `wake` nudges the loop. `runtime_directory`: where systemd gave one,
    /// for the socket. `again`: how long after a failed try the next one follows.
    ApiLifecycle(Store& store, const std::string& path, std::function<void()> wake, std::string runtime_directory = {},
                 std::chrono::milliseconds again = std::chrono::seconds{10});
    ~ApiLifecycle();
    ApiLifecycle(const ApiLifecycle&) = delete;
    ApiLifecycle& operator=(const ApiLifecycle&) = delete;

    /// Listens there from now on; an address from before answers until that is so. Again with the same address: the token is
    /// read again, and what failed before is tried at once. At most one request is kept, the newest.
    void request(const ApiConfig& api);
    /// Waits until the newest request was tried once, at most this long. Only before the loop runs.
    void wait_for_try(std::chrono::milliseconds at_most);

    /// The loop's part of what clients request, at each wake.
    void serve(LoopContext& loop) noexcept { server().serve(loop); }
    /// What readers wait for.
    Boards& boards() { return server().boards(); }
    void trust_clock(bool trusted) { server().access().trust_clock(trusted); }
    /// Lines for the log, of requests that were refused.
    std::vector<std::string> refusals(Time now) { return server().access().refusals().take(now); }
    /// What failed of the newest request, and whether an address from before still answers; empty: nothing, or it was not tried
    /// yet. At each turn: also starts the thread where there is none.
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
    ApiBinding binding_;  ///< of the thread
    std::mutex mutex_;    ///< held for moments only: the loop takes it at each wake
    std::condition_variable wake_, tried_;
    std::optional<ApiConfig> request_;  ///< not taken up yet
    bool trying_ = false, stop_ = false;
    std::string failure_;
    std::thread thread_;
    Time begun_{};  ///< when the thread was tried; of the loop
};

}  // namespace volt
