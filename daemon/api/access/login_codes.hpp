// One-time codes by which a browser signs in: few, short-lived, and few tries at them.
#pragma once

#include <deque>
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
    /// So many wrong codes within `try_window`, from all addresses together, close signing in for as long.
    static constexpr std::size_t most_wrong = 10;
    static constexpr Duration try_window = 1min;

    /// A new code; if four are open, the oldest becomes void. Empty: the system provides no random numbers.
    std::optional<std::string> make(const CodeGrant& grant, Time now);

    struct Redeemed {
        std::optional<CodeGrant> grant{};  ///< the code was right, and is used up
        Duration closed_for{};             ///< above 0: nothing was compared, the code may be right
        bool now_closed = false;           ///< this was the try too many
    };
    /// Upper or lower case; spaces and hyphens do not count.
    Redeemed redeem(std::string_view code, Time now);

private:
    struct Open {
        std::string code;
        CodeGrant grant;
        Time until{};
    };
    std::mutex mutex_;
    std::deque<Open> open_;   ///< at most most_open, oldest first
    std::deque<Time> wrong_;  ///< at most most_wrong, oldest first
    std::optional<Time> closed_until_;
};

}  // namespace volt::api
