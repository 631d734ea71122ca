// BackgroundSync: syncs of the service on a separate thread, on request and every documents_sync_h.
#pragma once

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "daemon/agent/documents/documents.hpp"

namespace volt::agent {

/// Safe from any thread. The first sync of the timer runs at once.
class BackgroundSync {
public:
    /// `every_h`: hours between two syncs of the timer; 0 means only on request. `documents` must outlive this object.
    BackgroundSync(const Documents& documents, int every_h);
    /// Waits for the running sync.
    ~BackgroundSync() { stop(); }
    BackgroundSync(const BackgroundSync&) = delete;
    BackgroundSync& operator=(const BackgroundSync&) = delete;

    /// Requests a sync of this source (empty: all) and waits until it has begun. Returns the id of its row in the history: that
    /// of the first source that is not private. Fails with Fault::refused if another one is running, in any process.
    Result<std::int64_t> request(const std::string& source);
    bool running() const;
    /// Returns the reason the last one did nothing or only part of it, or an empty string.
    std::string error() const;
    void stop();

private:
    using Begun = std::promise<Result<std::int64_t>>;
    struct Asked {
        std::string source;
        Begun begun;
    };

    SyncReport sync(const SyncRequest& request) const;
    SyncReport sync_asked(Asked asked) const;
    void run();
    bool wait(std::unique_lock<std::mutex>& lock);

    const Documents& documents_;
    const std::chrono::hours every_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<Asked> asked_{};
    std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::now();
    bool running_ = false, ending_ = false;
    std::string error_{};
    std::thread thread_{};
};

}  // namespace volt::agent
