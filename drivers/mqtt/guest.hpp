// GuestConnection: a connection beside voltd's, for a program that listens and asks for a while. It has an id of its own and no last
// will, publishes nothing retained, and does not reconnect.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/mqtt/client.hpp"

namespace volt {

/// One thread only.
class GuestConnection {
public:
    struct Refusal {
        std::string text;
        bool auth = false;  ///< the broker rejected the login
    };

    /// `config.client_id` must be one that no other client uses.
    explicit GuestConnection(BrokerConfig config);
    /// Ends cleanly; waits for that, under 2 s.
    ~GuestConnection();
    GuestConnection(const GuestConnection&) = delete;
    GuestConnection& operator=(const GuestConnection&) = delete;

    /// Connects within `limit`, blocking; `go_on` is asked between two waits. Empty: connected.
    std::optional<Refusal> connect(Duration limit, const std::function<bool()>& go_on);
    void subscribe(const std::vector<std::string>& filters);
    /// Sends one message, not retained.
    void ask(const Message& question);
    /// As Client::accept_payloads.
    void accept_payloads(std::size_t most) { client_->accept_payloads(most); }
    /// Messages since the last call.
    std::vector<Received> take();
    /// Filters and topics that the broker denied, none twice.
    const std::vector<std::string>& denied() const { return denied_; }
    /// The connection was lost.
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
