// One-time codes for signing in a browser: few, short-lived, with few tries.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/api/http/roles.hpp"
#include "rules/time.hpp"

namespace volt::api {

/// Rights that a code grants.
struct CodeGrant {
    std::string user_id{};  ///< id in `users`
    Role role = Role::view;
    int days = 0;         ///< length of the session
    std::string name{};   ///< name of the session if the browser gives none
    std::string maker{};  ///< session that made the code, which the new one cannot outlast, or empty for the owner
};

/// Safe from any thread. `now` is monotonic.
class LoginCodes {
public:
    static constexpr Duration lifetime = 10min;
    static constexpr std::size_t most_open = 4, length = 8;
    /// This many wrong codes within `try_window` from one client block that client's sign-in for the same time.
    static constexpr std::size_t most_wrong = 10;
    /// This many from all clients together block everyone: 39 bits withstand them for centuries.
    static constexpr std::size_t most_wrong_in_all = 600;
    /// Maximum clients whose wrong codes are counted. A new one replaces the one that was quiet for longest.
    static constexpr std::size_t most_clients = 256;
    static constexpr Duration try_window = 1min;

    /// Returns a new code, or nothing if the system has no random numbers. If four are open, the oldest becomes void.
    std::optional<std::string> make(const CodeGrant& grant, Time now);

    struct Redeemed {
        std::optional<CodeGrant> grant{};  ///< the code was right and is now used up
        Duration closed_for{};             ///< above 0: nothing was compared, and the code may be right
        bool now_closed = false;           ///< this try exceeded the limit
    };
    /// Redeems a code. Ignores case, spaces and hyphens. `client`: address of the caller.
    Redeemed redeem(std::string_view code, const std::string& client, Time now);

private:
    struct Open {
        std::string code;
        CodeGrant grant;
        Time until{};
    };
    /// Wrong codes within the last `try_window`.
    struct Tries {
        std::deque<Time> wrong;  ///< at most the limit, oldest first
        std::optional<Time> closed_until{};
        Duration closed_for(Time now) const { return closed_until && now < *closed_until ? *closed_until - now : Duration{}; }
        /// Returns true if this try exceeded the limit.
        bool note(Time now, std::size_t most);
    };
    Tries& tries_of(const std::string& client);

    std::mutex mutex_;
    std::deque<Open> open_;               ///< at most most_open, oldest first
    std::map<std::string, Tries> tries_;  ///< by client, at most most_clients
    Tries all_;
};

}  // namespace volt::api
