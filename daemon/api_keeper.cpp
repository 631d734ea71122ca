#include "daemon/api_keeper.hpp"

#include <fmt/format.h>

#include <exception>
#include <utility>

#include "daemon/api/token.hpp"
#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

ApiKeeper::ApiKeeper(Store& store, std::string path, std::function<void()> wake, std::chrono::milliseconds again)
    : store_(store), path_(std::move(path)), wake_loop_(std::move(wake)), again_(again) {
    begin();
}

ApiKeeper::~ApiKeeper() {
    stop();
}

/// Where the system has no thread to give, it is tried again.
void ApiKeeper::begin() {
    const Time now = monotonic_now();
    if (thread_.joinable() || (begun_ != Time{} && now - begun_ < again_)) return;
    begun_ = now;
    if (start_thread(thread_, "api", [this] { run(); })) return;
    const std::lock_guard lock(mutex_);
    trouble_ = fmt::format("The local API is not to be had: {}", no_thread_text);
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
    begin();
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

/// All that takes time takes place outside the lock.
void ApiKeeper::exchange(std::unique_lock<std::mutex>& lock) {
    const bool fresh = wish_.has_value();
    if (wish_) api_ = *std::exchange(wish_, std::nullopt);
    trying_ = true;
    const ApiConfig api = api_;
    lock.unlock();
    std::string trouble;
    try {
        trouble = try_it(api, fresh);
    } catch (const std::exception& error) {  // no memory, no descriptor: as any other reason
        trouble = fmt::format("The local API is not to be had: {}", error.what());
    }
    lock.lock();
    trying_ = false;
    trouble_ = std::move(trouble);
    tried_.notify_all();
    wake_loop_();
}

/// Empty: as wished.
std::string ApiKeeper::try_it(const ApiConfig& api, bool fresh) {
    const bool served = server_ != nullptr, stays = served && served_.host == api.host && served_.port == api.port;
    const std::string why = stays ? server_->take_token(api.token_file) : move_to(api, fresh);
    if (why.empty()) return {};
    if (stays) return fmt::format("The local API still answers at {}:{} with the token from before: {}", api.host, api.port, why);
    const std::string still = server_ ? fmt::format("; {}:{} still answers", served_.host, served_.port) : "";
    return fmt::format("The local API is not to be had at {}:{}: {}{}", api.host, api.port, why, still);
}

/// Two addresses of one port may exclude each other: then the old one goes first, and comes back where the new one cannot be had.
/// Not at every further try: nobody is served meanwhile.
std::string ApiKeeper::move_to(const ApiConfig& api, bool fresh) {
    if (const auto token = api::load_or_make_token(api.token_file); !token) return token.failure().text;
    const ApiConfig old = served_;
    std::string why = start(api);
    if (why.empty() || !fresh || !server_ || old.port != api.port) return why;
    replace(nullptr).reset();
    why = start(api);
    if (!why.empty()) start(old);
    return why;
}

std::string ApiKeeper::start(const ApiConfig& api) {
    auto server = make();
    const auto port = server->start(api.host, api.port, api.token_file);
    if (!port) return port.failure().text;
    served_ = api;
    replace(std::move(server)).reset();
    return {};
}

/// The one from before, for its end outside the lock.
std::unique_ptr<ApiServer> ApiKeeper::replace(std::unique_ptr<ApiServer> server) {
    const std::lock_guard lock(mutex_);
    return std::exchange(server_, std::move(server));
}

std::unique_ptr<ApiServer> ApiKeeper::make() {
    auto server = std::make_unique<ApiServer>();
    server->on_wanted(wake_loop_);
    server->serve_database(path_, store_);
    return server;
}

}  // namespace volt
