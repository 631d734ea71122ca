// One-time codes by which a browser signs in: few, short-lived, and few tries at them.
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

/// What a code lets its reader have.
struct CodeGrant {
    std::string user_id{};  ///< of `users`
    Role role = Role::view;
    int days = 0;         ///< of the session
    std::string name{};   ///< of the session, where the browser gives none
    std::string maker{};  ///< session that made the code, which the new one does not outlast; empty: the owner
};

/// Safe from any thread. `now` is monotonic.
class LoginCodes {
public:
    static constexpr Duration lifetime = 10min;
    static constexpr std::size_t most_open = 4, length = 8;
    /// This many wrong codes within `try_window` from one client close signing in to that client for as long.
    static constexpr std::size_t most_wrong = 10;
    /// This many from all clients together close it to everyone: 39 bits withstand them for centuries.
    static constexpr std::size_t most_wrong_in_all = 600;
    /// Clients whose wrong codes are counted. A new one replaces the one that has been quiet for longest.
    static constexpr std::size_t most_clients = 256;
    static constexpr Duration try_window = 1min;

    /// A new code; if four are open, the oldest becomes void. Empty: the system provides no random numbers.
    std::optional<std::string> make(const CodeGrant& grant, Time now);

    struct Redeemed {
        std::optional<CodeGrant> grant{};  ///< the code was right, and is used up
        Duration closed_for{};             ///< above 0: nothing was compared, the code may be right
        bool now_closed = false;           ///< this was the try too many
    };
    /// Upper or lower case; spaces and hyphens do not count. `client`: the address that tries.
    Redeemed redeem(std::string_view code, const std::string& client, Time now);

private:
    struct Open {
        std::string code;
        CodeGrant grant;
        Time until{};
    };
    /// Wrong codes of the last `try_window`.
    struct Tries {
        std::deque<Time> wrong;  ///< at most the limit, oldest first
        std::optional<Time> closed_until{};
        Duration closed_for(Time now) const { return closed_until && now < *closed_until ? *closed_until - now : Duration{}; }
        /// Returns true if this was the try too many.
        bool note(Time now, std::size_t most);
    };
    Tries& tries_of(const std::string& client);

    std::mutex mutex_;
    std::deque<Open> open_;               ///< at most most_open, oldest first
    std::map<std::string, Tries> tries_;  ///< by client, at most most_clients
    Tries all_;
};

}  // namespace volt::api
