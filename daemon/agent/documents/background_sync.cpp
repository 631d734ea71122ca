#include "daemon/agent/documents/background_sync.hpp"

#include <exception>
#include <utility>

#include "drivers/thread.hpp"

namespace volt::agent {

namespace {

constexpr std::chrono::seconds retry_after{10};  ///< pause of the timer's sync while another one is running

}  // namespace

BackgroundSync::BackgroundSync(const Documents& documents, int every_h) : documents_(documents), every_(every_h) {
    start_thread(thread_, "documents", [this] { run(); });
}

Result<std::int64_t> BackgroundSync::request(const std::string& source) {
    std::future<Result<std::int64_t>> begun;
    {
        const std::lock_guard lock(mutex_);
        if (ending_ || !thread_.joinable()) return Failure{Fault::retry, no_thread_text};
        if (running_ || asked_) return Failure{Fault::refused, "another sync is running"};
        asked_.emplace().source = source;
        begun = asked_->begun.get_future();
        wake_.notify_all();
    }
    return begun.get();
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

/// Waits until a sync is requested or the service ends. Returns false if the timer starts one.
bool BackgroundSync::wait(std::unique_lock<std::mutex>& lock) {
    const auto called = [this] { return ending_ || asked_.has_value(); };
    if (every_.count() == 0) wake_.wait(lock, called);
    else if (!wake_.wait_until(lock, due_, called)) return false;
    return true;
}

/// Catches everything, because an exception in this thread would end the program.
SyncReport BackgroundSync::sync(const SyncRequest& request) const {
    try {
        return documents_.sync(request);
    } catch (const std::exception& error) {
        SyncReport report;
        report.error = std::string("the sync failed: ") + error.what();
        return report;
    }
}

SyncReport BackgroundSync::sync_asked(Asked asked) const {
    bool answered = false;
    const auto answer = [&](Result<std::int64_t> with) {
        if (!std::exchange(answered, true)) asked.begun.set_value(std::move(with));
    };
    SyncReport report = sync({asked.source, "hand", false, {}, answer});
    answer(
        Failure{report.busy ? Fault::refused : Fault::retry, report.error.empty() ? "there is nothing to sync" : report.error});
    return report;
}

void BackgroundSync::run() {
    std::unique_lock lock(mutex_);
    while (!ending_) {
        const bool called = wait(lock);
        if (ending_) break;
        if (!called) due_ = std::chrono::steady_clock::now() + every_;
        std::optional<Asked> asked = std::exchange(asked_, std::nullopt);
        running_ = true;
        lock.unlock();
        SyncReport report = asked ? sync_asked(std::move(*asked)) : sync({"", "timer", false, {}, {}});
        lock.lock();
        running_ = false;
        if (!called && report.busy) due_ = std::chrono::steady_clock::now() + retry_after;
        error_ = std::move(report.error);
    }
    if (asked_) asked_->begun.set_value(Failure{Fault::retry, no_thread_text});
}

}  // namespace volt::agent
