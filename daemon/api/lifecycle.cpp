#include "daemon/api/lifecycle.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "daemon/config/reach.hpp"
#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

ApiLifecycle::ApiLifecycle(Store& store, const std::string& path, std::function<void()> wake, std::string runtime_directory,
                           std::chrono::milliseconds again)
    : wake_loop_(std::move(wake)), runtime_directory_(std::move(runtime_directory)), again_(again) {
    server_.on_wanted(wake_loop_);
    server_.serve_database(path, store);
    begin();
}

ApiLifecycle::~ApiLifecycle() { stop(); }

/// Where the system has no thread to give, it is tried again.
void ApiLifecycle::begin() {
    const Time now = monotonic_now();
    if (thread_.joinable() || (begun_ != Time{} && now - begun_ < again_)) return;
    begun_ = now;
    if (start_thread(thread_, "api", [this] { run(); })) return;
    const std::lock_guard lock(mutex_);
    trouble_ = fmt::format("The local API is unavailable: {}", no_thread_text);
}

void ApiLifecycle::want(const ApiConfig& api) {
    {
        const std::lock_guard lock(mutex_);
        wish_ = api;
    }
    wake_.notify_one();
}

void ApiLifecycle::wait_for_try(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    tried_.wait_for(lock, at_most, [this] { return !wish_ && !trying_; });
}

std::string ApiLifecycle::trouble() {
    begin();
    const std::lock_guard lock(mutex_);
    return trouble_;
}

void ApiLifecycle::stop() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    server_.give_up();
    if (thread_.joinable()) thread_.join();
}

void ApiLifecycle::run() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
        const auto news = [this] { return stop_ || wish_; };
        if (trouble_.empty()) wake_.wait(lock, news);
        else wake_.wait_for(lock, again_, news);
        if (!stop_) exchange(lock);
    }
    lock.unlock();
    server_.stop();
}

/// All that takes time takes place outside the lock.
void ApiLifecycle::exchange(std::unique_lock<std::mutex>& lock) {
    const bool fresh = wish_.has_value();
    if (wish_) api_ = *std::exchange(wish_, std::nullopt);
    trying_ = true;
    const ApiConfig api = api_;
    lock.unlock();
    std::string trouble;
    try {
        trouble = try_it(api, fresh);
    } catch (const std::exception& error) {  // no memory, no descriptor: as any other reason
        trouble = fmt::format("The local API is unavailable: {}", error.what());
    }
    lock.lock();
    trying_ = false;
    trouble_ = std::move(trouble);
    tried_.notify_all();
    wake_loop_();
}

/// Empty: as wished.
std::string ApiLifecycle::try_it(const ApiConfig& api, bool fresh) {
    const std::string socket = socket_path(api.token_file, runtime_directory_), why = server_.open_socket(socket);
    const std::string port_trouble = try_port(api, fresh);
    if (why.empty()) return port_trouble;
    const std::string text = fmt::format("voltctl cannot reach voltd: {}", why);
    return port_trouble.empty() ? text : text + ". " + port_trouble;
}

std::string ApiLifecycle::try_port(const ApiConfig& api, bool fresh) {
    const bool served = server_.port() != 0, stays = served && served_.host == api.host && served_.port == api.port;
    const std::string why = stays ? server_.take_token(api.token_file) : move_to(api, fresh);
    if (why.empty()) return {};
    if (stays) return fmt::format("The local API at {}:{} still answers with the previous token: {}", api.host, api.port, why);
    const std::string still = server_.port() != 0 ? fmt::format("; {}:{} still answers", served_.host, served_.port) : "";
    return fmt::format("The local API at {}:{} is unavailable: {}{}", api.host, api.port, why, still);
}

/// Two addresses of one port may exclude each other: then the old one goes first, and comes back where the new one cannot be had.
/// Not at every retry: no client is served in the meantime.
std::string ApiLifecycle::move_to(const ApiConfig& api, bool fresh) {
    if (const std::string why = server_.take_token(api.token_file); !why.empty()) return why;
    const ApiConfig old = served_;
    std::string why = start(api);
    if (why.empty() || !fresh || server_.port() == 0 || old.port != api.port) return why;
    server_.close_port();
    why = start(api);
    if (!why.empty()) start(old);
    return why;
}

std::string ApiLifecycle::start(const ApiConfig& api) {
    const auto port = server_.start(api.host, api.port, api.token_file);
    if (!port) return port.failure().text;
    served_ = api;
    return {};
}

}  // namespace volt
