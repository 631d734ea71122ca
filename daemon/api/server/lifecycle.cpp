#include "daemon/api/server/lifecycle.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

ApiLifecycle::ApiLifecycle(Store& store, const std::string& path, std::function<void()> wake, std::string runtime_directory,
                           std::chrono::milliseconds again)
    : wake_loop_(std::move(wake)), again_(again), binding_(std::move(runtime_directory)) {
    server().on_wanted(wake_loop_);
    server().serve_database(path, store);
    begin();
}

ApiLifecycle::~ApiLifecycle() { stop(); }

/// Starts the thread. If the system has none to give, tries again later.
void ApiLifecycle::begin() {
    const Time now = monotonic_now();
    if (thread_.joinable() || (begun_ != Time{} && now - begun_ < again_)) return;
    begun_ = now;
    if (start_thread(thread_, "api", [this] { run(); })) return;
    const std::lock_guard lock(mutex_);
    failure_ = fmt::format("The local API is unavailable: {}", no_thread_text);
}

void ApiLifecycle::request(const ApiConfig& api) {
    {
        const std::lock_guard lock(mutex_);
        request_ = api;
    }
    wake_.notify_one();
}

void ApiLifecycle::wait_for_try(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    tried_.wait_for(lock, at_most, [this] { return !request_ && !trying_; });
}

std::string ApiLifecycle::failure() {
    begin();
    const std::lock_guard lock(mutex_);
    return failure_;
}

void ApiLifecycle::stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    server().give_up();
    if (thread_.joinable()) thread_.join();
}

void ApiLifecycle::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        const auto requested = [this] { return stop_ || request_; };
        if (failure_.empty()) wake_.wait(lock, requested);
        else wake_.wait_for(lock, again_, requested);
        if (!stop_) try_request(lock);
    }
    lock.unlock();
    server().stop();
}

/// Runs everything slow outside the lock.
void ApiLifecycle::try_request(std::unique_lock<std::mutex>& lock) {
    const std::optional<ApiConfig> request = std::exchange(request_, std::nullopt);
    trying_ = true;
    lock.unlock();
    std::string failure;
    try {
        failure = binding_.apply(request);
    } catch (const std::exception& error) {  // out of memory or descriptors: like any other failure
        failure = fmt::format("The local API is unavailable: {}", error.what());
    }
    lock.lock();
    trying_ = false;
    failure_ = std::move(failure);
    tried_.notify_all();
    wake_loop_();
}

}  // namespace volt
