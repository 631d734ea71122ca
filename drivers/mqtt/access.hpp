// Access: what a connection needs beforehand, and what may hang: the password's file and the name server. Each question has
// a thread of its own, one at a time; who waits for the answer waits with a limit.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/mqtt/config.hpp"
#include "drivers/result.hpp"
#include "rules/time.hpp"

namespace volt {

/// Safe from any thread.
class Access {
public:
    struct Keys {
        std::string password;
        std::string host;  ///< an address; with TLS the name, which the certificate is checked against
    };

    explicit Access(const BrokerConfig& config);

    /// Begins to look, unless it does so already or has a usable answer that nobody has taken yet. Returns at once.
    void ask();
    /// The last ask() has finished, with whatever result.
    bool answered() const;
    /// Why no connection can be tried with what is known now; empty: one can.
    std::string missing() const;
    /// Asks and waits until `deadline`, or until `given_up`. The address is new with each call, the next one of the name each
    /// time; while the name server is ill the last one serves. The password is kept until forget_password(). Fault::refused:
    /// no password.
    Result<Keys> take(Time deadline, const std::function<bool()>& given_up);
    void forget_password();

private:
    struct State;
    static void answer(const std::shared_ptr<State>& state);

    std::shared_ptr<State> state_;  ///< shared with a thread that may hang for good
};

}  // namespace volt
