#include "daemon/api_keeper.hpp"

#include <fmt/format.h>

#include <utility>

namespace volt {

ApiKeeper::ApiKeeper(Store& store, std::string path, std::function<void()> wake, std::chrono::milliseconds again)
    : store_(store), path_(std::move(path)), wake_loop_(std::move(wake)), again_(again), thread_([this] { run(); }) {}

ApiKeeper::~ApiKeeper() {
    stop();
}

void ApiKeeper::want(const ApiConfig& api) {
    {
        const std::lock_guard lock(mutex_);
        wish_ = api;
    }
    wake_.notify_one();
}

void ApiKeeper::wait_for_try(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    tried_.wait_for(lock, at_most, [this] { return !wish_ && !trying_; });
}

void ApiKeeper::serve(LoopSide& loop) {
    const std::lock_guard lock(mutex_);
    if (server_) server_->serve(loop);
}

bool ApiKeeper::wanted() {
    const std::lock_guard lock(mutex_);
    return server_ && server_->wanted();
}

void ApiKeeper::post(StatusPage page) {
    const std::lock_guard lock(mutex_);
    if (server_) server_->post(std::move(page));
}

std::string ApiKeeper::trouble() {
    const std::lock_guard lock(mutex_);
    return trouble_;
}

void ApiKeeper::stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void ApiKeeper::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        const auto news = [this] { return stop_ || wish_; };
        if (trouble_.empty()) wake_.wait(lock, news);
        else wake_.wait_for(lock, again_, news);
        if (!stop_) exchange(lock);
    }
    const auto last = std::move(server_);
    lock.unlock();
}

/// The old one first: both may want the same port. Its end and the start of the new one take place outside the lock.
void ApiKeeper::exchange(std::unique_lock<std::mutex>& lock) {
    if (wish_) api_ = *std::exchange(wish_, std::nullopt);
    trying_ = true;
    auto old = std::exchange(server_, nullptr);
    const ApiConfig api = api_;
    lock.unlock();
    old.reset();
    auto server = make();
    const auto port = server->start(api.host, api.port, api.token_file);
    lock.lock();
    trying_ = false;
    trouble_ = port ? "" : fmt::format("The local API is not to be had at {}:{}: {}", api.host, api.port, port.failure().text);
    if (port) server_ = std::move(server);
    tried_.notify_all();
    wake_loop_();
}

std::unique_ptr<ApiServer> ApiKeeper::make() {
    auto server = std::make_unique<ApiServer>();
    server->on_wanted(wake_loop_);
    server->serve_database(path_, store_);
    return server;
}

}  // namespace volt
