#include "drivers/mqtt/access.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "drivers/host_address.hpp"
#include "drivers/mqtt/password.hpp"
#include "drivers/source.hpp"
#include "drivers/thread.hpp"

namespace volt {

namespace {

constexpr Duration step = 20ms;  // interval for checking whether the caller gave up

}  // namespace

struct BrokerAccess::State {
    explicit State(const BrokerConfig& broker)
        : config(broker), addresses(numeric_address(broker.host)), numeric(!addresses.empty()) {
        if (config.password_file.empty()) password = "";
    }
    bool asks_nobody() const { return password && numeric; }
    bool usable() const { return password && !addresses.empty(); }
    Failure missing() const;

    const BrokerConfig config;
    mutable std::mutex mutex;  ///< held briefly; guards the members below
    std::condition_variable wake;
    bool busy = false, fresh = false;
    bool reading = false;  ///< reads the password, before the name is resolved
    std::optional<std::string> password;
    std::vector<HostAddress> addresses;  ///< addresses of the last good answer, IPv4 first
    const bool numeric;
    std::size_t next = 0;
    Failure no_password, no_address;
};

/// Requires the lock, and not usable().
Failure BrokerAccess::State::missing() const {
    if (!password) {
        if (reading) return {Fault::refused, "password file " + config.password_file + " does not answer"};
        return no_password.text.empty() ? Failure{Fault::refused, "password file " + config.password_file + " was not read"}
                                        : no_password;
    }
    const std::string why = busy || no_address.text.empty() ? "no answer in time" : no_address.text;
    return {Fault::reconnect, "name " + config.host + " does not resolve: " + why + " (an IP address needs no name server)"};
}

BrokerAccess::BrokerAccess(const BrokerConfig& config) : state_(std::make_shared<State>(config)) {}

void BrokerAccess::ask() {
    const std::lock_guard lock(state_->mutex);
    if (state_->busy || (state_->fresh && state_->usable()) || state_->asks_nobody()) return;
    std::thread thread;
    state_->busy = start_thread(thread, "mqtt-access", [state = state_] { answer(state); });
    if (state_->busy) thread.detach();
    else state_->no_password = state_->no_address = {Fault::reconnect, no_thread_text};
}

void BrokerAccess::answer(const std::shared_ptr<State>& state) {
    std::unique_lock lock(state->mutex);
    try {
        if (!state->password) {
            state->reading = true;
            lock.unlock();
            Result<std::string> read = read_password(state->config.password_file);
            lock.lock();
            state->reading = false;
            if (read) state->password = std::move(read.value());
            else state->no_password = read.failure();
        }
        if (!state->numeric) {
            lock.unlock();
            auto found = look_up(state->config.host);
            if (found)
                std::stable_partition(found.value().begin(), found.value().end(), [](const HostAddress& one) { return !one.v6; });
            lock.lock();
            if (found) state->addresses = std::move(found.value());
            else state->no_address = found.failure();
        }
    } catch (...) {  // out of memory: the next try may succeed
        if (!lock.owns_lock()) lock.lock();
        state->reading = false;
    }
    state->busy = false;
    state->fresh = true;
    state->wake.notify_all();
}

bool BrokerAccess::answered() const {
    const std::lock_guard lock(state_->mutex);
    return !state_->busy;
}

std::string BrokerAccess::missing() const {
    const std::lock_guard lock(state_->mutex);
    return state_->usable() ? "" : state_->missing().text;
}

Result<BrokerAccess::Keys> BrokerAccess::take(Time deadline, const std::function<bool()>& given_up) {
    ask();
    std::unique_lock lock(state_->mutex);
    while (state_->busy && monotonic_now() < deadline && !given_up()) state_->wake.wait_for(lock, step);
    state_->fresh = false;
    if (!state_->usable()) return state_->missing();
    const HostAddress& address = state_->addresses[state_->next++ % state_->addresses.size()];
    return Keys{*state_->password, state_->config.tls ? state_->config.host : address.text};
}

void BrokerAccess::forget_password() {
    const std::lock_guard lock(state_->mutex);
    if (!state_->config.password_file.empty()) state_->password.reset();
}

}  // namespace volt
