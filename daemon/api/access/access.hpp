// Access: identifies the sender of a TCP request by the owner's token, a program's key or a browser's cookie.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "daemon/api/access/guard.hpp"
#include "daemon/api/access/refusals.hpp"
#include "daemon/api/access/sessions.hpp"

namespace volt::api {

/// Facts that the page may show before sign-in. Host and port make its address for a request over the Unix socket, which has
/// none.
struct PageFacts {
    std::string site{};
    bool view_open = false;
    std::string host{};  ///< address and port where the server listens
    int port = 0;
};

/// Safe from any thread, except use_sessions() and take_token().
class Access {
public:
    Access();

    /// Sets the sessions. Without them, only the token counts. Call before the server starts; they must outlive this object.
    void use_sessions(Sessions& sessions) { sessions_ = &sessions; }
    void trust_clock(bool trusted) {
        if (sessions_ != nullptr) sessions_->trust_clock(trusted);
    }
    /// Reads the token file, or creates it if this process has not done so yet. Returns an empty string, or the reason the
    /// previous token remains.
    std::string take_token(const std::string& file);
    /// Sets the guard's settings (it finds the machine's name itself) and the site's name for the page.
    void guard_by(GuardSettings guard, const std::string& site);
    /// Sets the address of the port.
    void set_listening(const std::string& host, int port);
    PageFacts page_facts();
    Refusals& refusals() { return refusals_; }

    Admitted admit(const RequestHead& head);

private:
    Caller identify(const RequestHead& head, const std::string& token, const std::string& client);

    Sessions* sessions_ = nullptr;
    std::mutex mutex_;
    std::string token_;
    std::string token_file_;  ///< file where this process created its token; used by the thread that takes it
    GuardSettings guard_;
    PageFacts page_;
    Refusals refusals_;
};

}  // namespace volt::api
