#include "daemon/api/access/access.hpp"

#include <chrono>

#include "daemon/api/access/token.hpp"
#include "daemon/host/machine_id.hpp"
#include "drivers/source.hpp"

namespace volt::api {

Access::Access() : guard_{host_name()} {}

std::string Access::take_token(const std::string& file) {
    const auto token = file == token_file_ ? load_or_make_token(file) : make_token(file);
    if (!token) return token.failure().text;
    token_file_ = file;
    const std::lock_guard lock(mutex_);
    token_ = token.value();
    return {};
}

void Access::guard_by(GuardSettings guard, const std::string& site) {
    guard.machine = host_name();
    const std::lock_guard lock(mutex_);
    page_.site = site;
    page_.view_open = guard.view_open;
    guard_ = std::move(guard);
}

void Access::set_listening(const std::string& host, int port) {
    const std::lock_guard lock(mutex_);
    page_.host = host;
    page_.port = port;
}

PageFacts Access::page_facts() {
    const std::lock_guard lock(mutex_);
    return page_;
}

Admitted Access::admit(const RequestHead& head) {
    GuardSettings guard;
    std::string token;
    {
        const std::lock_guard lock(mutex_);
        guard = guard_;
        token = token_;
    }
    Admitted admitted{.refused = refuse_foreign(head, guard), .client = client_text(head, guard)};
    if (admitted.refused) {
        if (admitted.refused->status == 421) refusals_.note(RefusalKind::name, admitted.client);
        if (admitted.refused->status == 403) refusals_.note(RefusalKind::page, admitted.client);
        return admitted;
    }
    admitted.origin = (is_https(head, guard) ? "https://" : "http://") + head.hosts.front();
    admitted.caller = identify(head, token, admitted.client);
    if (!guard.view_open) return admitted;
    // A wrong key or token is always rejected.
    admitted.caller.open_view = admitted.caller.role == Role::none && head.authorization.empty();
    for (const std::string& origin : guard.frames) admitted.frames += (admitted.frames.empty() ? "" : " ") + origin;
    return admitted;
}

/// Identifies the caller. The better role of key and cookie counts. A wrong key or token has no role, whatever the cookie.
Caller Access::identify(const RequestHead& head, const std::string& token, const std::string& client) {
    Caller caller;
    if (!head.authorization.empty()) {
        if (is_loopback_address(head.peer) && authorized(head.authorization, token)) return {Role::owner, false, "owner"};
        if (sessions_ != nullptr) caller = sessions_->by_key(bearer_of(head.authorization), wall_now());
        if (caller.role == Role::none) {
            refusals_.note(RefusalKind::key, client);
            return caller;
        }
    }
    const std::vector<std::string> cookies = session_cookies(head);
    if (sessions_ == nullptr || cookies.empty()) return caller;
    const Caller browser = sessions_->by_cookie(cookies.front(), wall_now());
    if (browser.role == Role::none) refusals_.note(RefusalKind::session, client);
    return browser.role >= caller.role ? browser : caller;
}

}  // namespace volt::api
