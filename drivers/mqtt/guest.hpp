// GuestConnection: a second connection, for a program that listens and sends queries for a while. It has its own id and no last
// will, publishes nothing retained, and does not reconnect.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/mqtt/client.hpp"

namespace volt {

/// The connection. For one thread only.
class GuestConnection {
public:
    struct Refusal {
        std::string text;
        bool auth = false;  ///< the broker rejected the login
    };

    /// Creates the connection. No other client may use `config.client_id`.
    explicit GuestConnection(BrokerConfig config);
    /// Ends cleanly, and waits for that under 2 s.
    ~GuestConnection();
    GuestConnection(const GuestConnection&) = delete;
    GuestConnection& operator=(const GuestConnection&) = delete;

    /// Connects within `limit`, blocking; calls `go_on` between two waits. Returns empty on success.
    std::optional<Refusal> connect(Duration limit, const std::function<bool()>& go_on);
    void subscribe(const std::vector<std::string>& filters);
    /// Sends one message, not retained.
    void ask(const Message& question);
    /// Sets the largest payload: see Client::accept_payloads.
    void accept_payloads(std::size_t most) { client_->accept_payloads(most); }
    /// Returns the messages since the last call.
    std::vector<Received> take();
    /// Returns the filters and topics that the broker denied, without duplicates.
    const std::vector<std::string>& denied() const { return denied_; }
    /// Returns true if the connection was lost.
    bool lost() const { return lost_; }

private:
    void collect();

    std::shared_ptr<TaskThread> courier_;
    std::shared_ptr<BrokerAccess> access_;
    std::unique_ptr<Client> client_;
    std::vector<Received> messages_;
    std::vector<LinkEvent> events_;
    std::vector<std::string> denied_;
    bool lost_ = false;
};

}  // namespace volt
