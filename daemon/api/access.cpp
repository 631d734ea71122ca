#include "daemon/api/access.hpp"

#include <unistd.h>

#include <array>
#include <chrono>

#include "daemon/api/token.hpp"

namespace volt::api {

namespace {

Utc wall_now() { return std::chrono::duration_cast<Utc>(std::chrono::system_clock::now().time_since_epoch()); }

std::string host_name() {
    std::array<char, 256> room{};
    return ::gethostname(room.data(), room.size() - 1) == 0 ? room.data() : "";
}

}  // namespace

Access::Access() : guard_{host_name()} {}

std::string Access::take_token(const std::string& file) {
    const auto token = file == token_file_ ? load_or_make_token(file) : make_token(file);
    if (!token) return token.failure().text;
    token_file_ = file;
    const std::lock_guard lock(mutex_);
    token_ = token.value();
    return {};
}

void Access::guard_by(std::vector<std::string> hosts, std::vector<std::string> proxies) {
    const std::lock_guard lock(mutex_);
    guard_ = {host_name(), std::move(hosts), std::move(proxies)};
}

void Access::set_page_address(std::string address) {
    const std::lock_guard lock(mutex_);
    page_address_ = std::move(address);
}

std::string Access::page_address() {
    const std::lock_guard lock(mutex_);
    return page_address_;
}

Admitted Access::admit(const RequestHead& head) {
    GuardSettings guard;
    std::string token;
    {
        const std::lock_guard lock(mutex_);
        guard = guard_;
        token = token_;
    }
    Admitted admitted{.refused = refuse_foreign(head, guard)};
    if (admitted.refused) return admitted;
    admitted.origin = (is_https(head, guard) ? "https://" : "http://") + head.hosts.front();
    admitted.caller = identify(head, token);
    return admitted;
}

/// Of a key and a cookie the better role counts; a wrong key or token is nobody's, whatever the cookie.
Caller Access::identify(const RequestHead& head, const std::string& token) const {
    Caller caller;
    if (!head.authorization.empty()) {
        if (is_loopback_address(head.peer) && authorized(head.authorization, token)) return {Role::owner, false, "owner"};
        if (sessions_ != nullptr) caller = sessions_->by_key(bearer_of(head.authorization), wall_now());
        if (caller.role == Role::none) return caller;
    }
    const std::vector<std::string> cookies = session_cookies(head);
    if (sessions_ == nullptr || cookies.empty()) return caller;
    const Caller browser = sessions_->by_cookie(cookies.front(), wall_now());
    return browser.role >= caller.role ? browser : caller;
}

}  // namespace volt::api
