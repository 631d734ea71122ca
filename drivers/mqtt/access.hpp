// BrokerAccess: password and address for a connection. Reading them may hang, so each try runs on its own thread, one at a time,
// and the caller waits with a limit.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "drivers/mqtt/broker_config.hpp"
#include "drivers/result.hpp"
#include "rules/time.hpp"

namespace volt {

/// Reads password and address. Safe from any thread.
class BrokerAccess {
public:
    struct Keys {
        std::string password;
        std::string host;  ///< an address; with TLS the name, against which the certificate is checked
    };

    explicit BrokerAccess(const BrokerConfig& config);

    /// Starts a try, unless one is running or a usable answer is waiting. Returns at once.
    void ask();
    /// Returns true once the last ask() has finished, successfully or not.
    bool answered() const;
    /// Returns the reason why no connection can be tried now, or an empty string if one can.
    std::string missing() const;
    /// Asks, and waits until `deadline` or `given_up`. Each call returns the next address of the name; while the name server
    /// fails, the last one is used. The password is kept until forget_password(). Fails with Fault::refused without a password.
    Result<Keys> take(Time deadline, const std::function<bool()>& given_up);
    void forget_password();

private:
    struct State;
    static void answer(const std::shared_ptr<State>& state);

    std::shared_ptr<State> state_;  ///< shared with a thread that may hang forever
};

}  // namespace volt
