// TurnInputs: what a turn works on. Readings, clock, reports and requests, frozen into one snapshot.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "daemon/config/config.hpp"
#include "daemon/loop/lease_trials.hpp"
#include "daemon/loop/request_queue.hpp"
#include "daemon/loop/settings_in_force.hpp"
#include "daemon/loop/turn_timing.hpp"
#include "daemon/loop/wall_watch.hpp"
#include "daemon/site/snapshot_builder.hpp"
#include "drivers/store/store.hpp"
#include "rules/decision.hpp"

namespace volt {

/// Loop thread only.
class TurnInputs {
public:
    /// All of it outlives this.
    TurnInputs(Mailbox& mailbox, Store& store, const WallClock& wall, std::function<bool()> clock_synchronised);

    /// Time of the newest stored row, before the first turn: a wall clock before it is not trusted.
    void know_newest_row(Utc newest) { watch_.know_newest_row(newest); }
    /// Applies another configuration. Outputs being released belonged to the old one and are forgotten.
    void configure(const Config& config);

    /// The time, and whether the wall clock is trusted.
    Moment read_clock(Time now);
    /// The requests that came over `io`, for the next build_snapshot().
    void take_requests(SiteIo& io, const Policy& policy, Time now, const RequestQueue::SetMode& set_mode);
    /// The snapshot of a turn; `charge_test`: the charge output is to be off for a proof.
    const SiteSnapshot& build_snapshot(SiteIo& io, const SettingsInForce& settings, Time now, bool charge_test);
    /// The snapshot at another time, with nothing new in it.
    const SiteSnapshot& move_to(Time now);

    const SiteSnapshot& snapshot() const { return snapshot_; }
    /// The newest readings as of the snapshot.
    const LatestReadings& latest() const { return latest_; }
    /// The moment of the snapshot.
    Moment moment() const { return {snapshot_.now, snapshot_.utc, snapshot_.clock_trusted}; }
    /// Overrides that wait for the next turn.
    RequestQueue& requests() { return requests_; }
    const RequestQueue& requests() const { return requests_; }
    /// Proofs of relays' own timers.
    LeaseTrials& lease_trials() { return lease_trials_; }

    /// These outputs are on their way out, until configure(): they get no ON any more, and the rules see them as they are now.
    void begin_release(const std::vector<std::size_t>& outputs);
    bool is_releasing(std::size_t output) const { return releasing_.contains(output); }
    /// No automatic ON from the next turn on.
    void set_safe_mode(bool on) { snapshot_.safe_mode = on; }
    /// The next reading of the voltage that decides is to wake the loop; while blind, of any voltage.
    void await_voltage(const Policy& policy, const Decision& decision);
    /// When the newest reading of the awaited source came in; nothing while none is.
    const std::optional<Arrival>& voltage_arrived() const { return arrived_; }

private:
    void record_jump(const WallWatch::Jump& jump);

    Mailbox& mailbox_;
    Store& store_;
    const WallClock& wall_;
    std::function<bool()> clock_synchronised_;
    bool vouched_ = false;  ///< the owner says that the clock is right
    SiteSnapshot snapshot_;
    LatestReadings latest_;
    WallWatch watch_;
    RequestQueue requests_;
    LeaseTrials lease_trials_;
    std::optional<Arrival> arrived_;
    std::map<std::size_t, OutputReport> releasing_;  ///< as they were; at most the outputs there are
};

}  // namespace volt
