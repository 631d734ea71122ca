// BrokerAccess: the password and the address that a connection needs. Reading them may hang, so each try has its own thread, one at
// a time, and the caller waits with a limit.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/mqtt/broker_config.hpp"
#include "drivers/result.hpp"
#include "rules/time.hpp"

namespace volt {

/// Safe from any thread.
class BrokerAccess {
public:
    struct Keys {
        std::string password;
        std::string host;  ///< an address; with TLS the name, which the certificate is checked against
    };

    explicit BrokerAccess(const BrokerConfig& config);

    /// Starts a try, unless one runs or a usable answer has not been taken yet. Returns at once.
    void ask();
    /// The last ask() has finished, successfully or not.
    bool answered() const;
    /// Why no connection can be tried now; empty: one can.
    std::string missing() const;
    /// Asks, and waits until `deadline` or `given_up`. Each call returns the next address of the name; while the name server
    /// fails, the last one is used. The password is kept until forget_password(). Fault::refused: no password.
    Result<Keys> take(Time deadline, const std::function<bool()>& given_up);
    void forget_password();

private:
    struct State;
    static void answer(const std::shared_ptr<State>& state);

    std::shared_ptr<State> state_;  ///< shared with a thread that may hang for good
};

}  // namespace volt
