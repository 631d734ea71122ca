// RequestQueue: overrides that were asked for between two turns, by HTTP or MQTT.
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

/// Loop thread only.
class RequestQueue {
public:
    static constexpr std::size_t most = 64;  ///< named overrides between two turns
    using SetMode = std::function<void(SiteMode)>;

    /// By name, for the policy of the next turn; false: the queue is full.
    bool add(const NamedOverride& request);
    /// The commands of `io`, with all that was added before; a mode goes to `set_mode`. What the policy does not know any
    /// more is dropped: its load is gone.
    void take(SiteIo& io, const Policy& policy, const Moment& moment, const SetMode& set_mode);
    /// The commands of an `io` that is about to be replaced: by name, since its policy goes too.
    void keep(SiteIo& io, const Policy& policy, const Moment& moment, const SetMode& set_mode);
    /// Something was added that no turn has taken yet.
    bool waits() const { return !named_.empty() || !accepted_.empty(); }
    /// A battery temperature that leaped was checked by hand: its value counts from the next turn on.
    void accept_temperature(const std::string& source) { accepted_ = source; }
    /// Its name, for the snapshot of this turn; empty: none.
    std::string take_accepted() { return std::exchange(accepted_, {}); }
    /// For the snapshot of this turn.
    std::vector<OverrideRequest> drain();

private:
    std::string accepted_;
    std::vector<NamedOverride> named_;
    std::vector<OverrideRequest> requests_;  ///< at most `most` and what one turn of the broker brings
};

}  // namespace volt
