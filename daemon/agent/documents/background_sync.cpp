#include "daemon/agent/documents/background_sync.hpp"

#include <exception>

#include "drivers/thread.hpp"

namespace volt::agent {

BackgroundSync::BackgroundSync(const Documents& documents, int every_h) : documents_(documents), every_(every_h) {
    start_thread(thread_, "documents", [this] { run(); });
}

std::string BackgroundSync::request(const std::string& source) {
    const std::lock_guard lock(mutex_);
    if (!thread_.joinable()) return no_thread_text;
    if (running_ || asked_) return "a sync runs already";
    asked_ = SyncRequest{source, "hand", false, {}};
    wake_.notify_all();
    return {};
}

bool BackgroundSync::running() const {
    const std::lock_guard lock(mutex_);
    return running_ || asked_.has_value();
}

std::string BackgroundSync::error() const {
    const std::lock_guard lock(mutex_);
    return error_;
}

void BackgroundSync::stop() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        wake_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

/// What is asked for, or what the timer wants.
SyncRequest BackgroundSync::next(std::unique_lock<std::mutex>& lock) {
    const auto called = [this] { return ending_ || asked_.has_value(); };
    if (every_.count() == 0) wake_.wait(lock, called);
    else if (!wake_.wait_until(lock, due_, called)) {
        due_ = std::chrono::steady_clock::now() + every_;
        return {"", "timer", false, {}};
    }
    SyncRequest request = asked_.value_or(SyncRequest{});
    asked_.reset();
    return request;
}

/// What is thrown in this thread would end the program.
SyncReport BackgroundSync::sync(const SyncRequest& request) const {
    try {
        return documents_.sync(request);
    } catch (const std::exception& error) {
        SyncReport report;
        report.error = std::string("the sync failed: ") + error.what();
        return report;
    }
}

void BackgroundSync::run() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
        const SyncRequest request = next(lock);
        if (ending_) return;
        running_ = true;
        lock.unlock();
        SyncReport report = sync(request);
        lock.lock();
        running_ = false;
        error_ = std::move(report.error);
    }
}

}  // namespace volt::agent
