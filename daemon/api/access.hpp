// Access: who a request by TCP comes from, by the owner's token, a program's key or a browser's cookie.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "daemon/api/guard.hpp"
#include "daemon/api/sessions.hpp"

namespace volt::api {

/// Safe from any thread, but for use_sessions() and take_token().
class Access {
public:
    Access();

    /// Without any, only the token counts. Before the server starts; they must outlive this.
    void use_sessions(Sessions& sessions) { sessions_ = &sessions; }
    /// Reads the token file, or makes it anew where this process has not yet. Empty: done, else why the token from before stays.
    std::string take_token(const std::string& file);
    /// Names of this machine beside its own, and proxies whose X-Forwarded-Proto counts.
    void guard_by(std::vector<std::string> hosts, std::vector<std::string> proxies);
    /// Where a browser on this machine finds the page, `http://127.0.0.1:8480`.
    void set_page_address(std::string address);
    std::string page_address();

    Admitted admit(const RequestHead& head);

private:
    Caller identify(const RequestHead& head, const std::string& token) const;

    Sessions* sessions_ = nullptr;
    std::mutex mutex_;
    std::string token_;
    std::string token_file_;  ///< where this process made its token; of the thread that takes it
    GuardSettings guard_;
    std::string page_address_;
};

}  // namespace volt::api
