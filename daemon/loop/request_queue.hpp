// RequestQueue: overrides requested over HTTP or MQTT between two turns.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/site/override_request.hpp"
#include "daemon/site/site_io.hpp"
#include "rules/snapshot.hpp"
#include "rules/time.hpp"

namespace volt {

/// Use on the loop thread only.
class RequestQueue {
public:
    static constexpr std::size_t most = 64;  ///< maximum named overrides between two turns
    using SetMode = std::function<void(SiteMode)>;

    /// Queues an override by name for the policy of the next turn. Returns false if the queue is full.
    bool add(const NamedOverride& request);
    /// Takes the commands of `io` and everything added before. Passes modes to `set_mode`. Drops overrides of loads that the
    /// policy no longer has.
    void take(SiteIo& io, const Policy& policy, const Moment& moment, const SetMode& set_mode);
    /// Keeps the commands of an `io` that is about to be replaced. Stores them by name, because its policy is replaced too.
    void keep(SiteIo& io, const Policy& policy, const Moment& moment, const SetMode& set_mode);
    /// Returns true if a request is waiting for a turn.
    bool waits() const { return !named_.empty() || !accepted_.empty(); }
    /// Accepts the current value of a battery temperature that jumped and that someone checked by hand. It counts from the next
    /// turn on.
    void accept_temperature(const std::string& source) { accepted_ = source; }
    /// Returns the accepted source once, for the snapshot of this turn, or an empty string if there is none.
    std::string take_accepted() { return std::exchange(accepted_, {}); }
    /// Returns the queued requests for the snapshot of this turn and clears the queue.
    std::vector<OverrideRequest> drain();

private:
    std::string accepted_;
    std::vector<NamedOverride> named_;
    std::vector<OverrideRequest> requests_;  ///< at most `most`, plus what the broker delivers in one turn
};

}  // namespace volt
