// TurnInputs: collects the input of a turn. Freezes readings, clock, reports and requests into one snapshot.
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

/// Use on the loop thread only.
class TurnInputs {
public:
    /// All arguments must outlive this object.
    TurnInputs(Mailbox& mailbox, Store& store, const WallClock& wall, std::function<bool()> clock_synchronised);

    /// Sets the time of the newest stored row. A wall clock before it is not trusted. Call before the first turn.
    void know_newest_row(Utc newest) { watch_.know_newest_row(newest); }
    /// Applies another configuration. Forgets outputs being released, which belonged to the old one.
    void configure(const Config& config);

    /// Reads the time and whether the wall clock is trusted.
    Moment read_clock(Time now);
    /// Takes the requests that arrived over `io` for the next build_snapshot().
    void take_requests(SiteIo& io, const Policy& policy, Time now, const RequestQueue::SetMode& set_mode);
    /// Builds the snapshot of a turn. `charge_test`: a proof needs the charge output off.
    const SiteSnapshot& build_snapshot(SiteIo& io, const SettingsInForce& settings, Time now, bool charge_test);
    /// Moves the snapshot to another time without new input.
    const SiteSnapshot& move_to(Time now);

    const SiteSnapshot& snapshot() const { return snapshot_; }
    /// Returns the newest readings at the time of the snapshot.
    const LatestReadings& latest() const { return latest_; }
    /// Returns the moment of the snapshot.
    Moment moment() const { return {snapshot_.now, snapshot_.utc, snapshot_.clock_trusted}; }
    /// Returns the overrides that wait for the next turn.
    RequestQueue& requests() { return requests_; }
    const RequestQueue& requests() const { return requests_; }
    /// Returns the proofs of relays' own timers.
    LeaseTrials& lease_trials() { return lease_trials_; }

    /// Marks outputs as being released until configure(): they get no more ON, and the rules keep seeing their
    /// state as of this call.
    void begin_release(const std::vector<std::size_t>& outputs);
    bool is_releasing(std::size_t output) const { return releasing_.contains(output); }
    /// Blocks automatic ON from the next turn on.
    void set_safe_mode(bool on) { snapshot_.safe_mode = on; }
    /// Wakes the loop at the next reading of the deciding voltage, or of any voltage while blind.
    void await_voltage(const Policy& policy, const Decision& decision);
    /// Returns when the newest reading of the awaited source arrived, or nothing if none is awaited.
    const std::optional<Arrival>& voltage_arrived() const { return arrived_; }

private:
    void record_jump(const WallWatch::Jump& jump);

    Mailbox& mailbox_;
    Store& store_;
    const WallClock& wall_;
    std::function<bool()> clock_synchronised_;
    bool vouched_ = false;  ///< the owner confirmed that the clock is right
    SiteSnapshot snapshot_;
    LatestReadings latest_;
    WallWatch watch_;
    RequestQueue requests_;
    LeaseTrials lease_trials_;
    std::optional<Arrival> arrived_;
    std::map<std::size_t, OutputReport> releasing_;  ///< states at the time of release; at most one for each output
};

}  // namespace volt
