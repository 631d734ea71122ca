// Access: who a request by TCP comes from, by the owner's token, a program's key or a browser's cookie.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "daemon/api/access/guard.hpp"
#include "daemon/api/access/refusals.hpp"
#include "daemon/api/access/sessions.hpp"

namespace volt::api {

/// Facts that the page may show before sign-in; host and port make its address for a request by the Unix socket, which has none.
struct PageFacts {
    std::string site{};
    bool view_open = false;
    std::string host{};  ///< that the port is listening at
    int port = 0;
};

/// Safe from any thread, but for use_sessions() and take_token().
class Access {
public:
    Access();

    /// Without any, only the token counts. Before the server starts; they must outlive this.
    void use_sessions(Sessions& sessions) { sessions_ = &sessions; }
    void trust_clock(bool trusted) {
        if (sessions_ != nullptr) sessions_->trust_clock(trusted);
    }
    /// Reads the token file, or makes it anew where this process has not yet. Empty: done, else why the token from before stays.
    std::string take_token(const std::string& file);
    /// All but the machine's name, which it finds itself; and the site's name, for the page.
    void guard_by(GuardSettings guard, const std::string& site);
    /// Where the port is.
    void set_listening(const std::string& host, int port);
    PageFacts page_facts();
    Refusals& refusals() { return refusals_; }

    Admitted admit(const RequestHead& head);

private:
    Caller identify(const RequestHead& head, const std::string& token, const std::string& client);

    Sessions* sessions_ = nullptr;
    std::mutex mutex_;
    std::string token_;
    std::string token_file_;  ///< where this process made its token; of the thread that takes it
    GuardSettings guard_;
    PageFacts page_;
    Refusals refusals_;
};

}  // namespace volt::api
