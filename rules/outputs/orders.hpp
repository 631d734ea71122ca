// Orders to outputs: sent once, confirmed or repeated, and renewed while the output should be on.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Target state of an output.
struct OutputTarget {
    bool on = false;
    std::int32_t level = 0;  ///< level of a level output while on
    OrderReason reason = Reason::hold;
    bool protection = false;  ///< an OFF that sheds a load
    bool may_renew = true;    ///< ON may be sent again in this tick
};

/// Adopts the state in which an output was found: no command follows while the target stays the same.
void adopt_state(OutputMemory& output, bool on, std::int32_t level, bool confirmed, Time now);

/// Sets the order to `target`. A new order restarts the tries.
void give_order(OutputMemory& output, const OutputTarget& target, Time now);

/// Sends the due message of the current order: first try, repetition or renewal.
void send_due(Tick& tick, Index output, const OutputTarget& target);

/// Returns true if a sixth ON would be due and none of the first five was confirmed.
bool on_failed(const OutputMemory& output, const OutputTick& seen, Time now);

/// Returns true if the output reports off, as ordered, but its own meter later shows more than 10 % of the nominal draw.
bool off_denied(const LoadTick& load, const OutputMemory& order);

/// Returns true if no load, fan or charger uses the output any longer.
bool is_orphan(const Tick& tick, Index output);

/// Returns true if the meter of such an output denies its OFF. It has no nominal draw any longer, so a fixed limit counts.
bool orphan_denied(const Tick& tick, Index output);

/// Returns true once a proven lease has ended since the last ON sent, plus 5 s. An unavailable output counts as off from then.
bool lease_is_over(const OutputMemory& order, Duration lease, Time now);

/// Returns true if the site load leaves room for a denied OFF: the contact may be welded.
bool may_be_welded(const LoadTick& load, const OutputMemory& order, const std::optional<Watts>& site_load);

/// Orders the outputs of loads.
void order_loads(Tick& tick);

/// Switches off an output whose load was removed or moved to another output. Nothing else does, not even shutdown.
void order_orphans(Tick& tick);

/// Returns true if both the zone and its fan are in use.
bool uses_fan(const Zone& zone);

/// Orders the fans, and switches off a fan that its zone no longer uses.
void order_fans(Tick& tick);

/// Orders the output that enables the chargers.
void order_charge_output(Tick& tick);

}  // namespace volt
