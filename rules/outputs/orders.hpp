// Orders to outputs: sent once, confirmed or repeated, renewed while ON is wanted.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// What an output should be.
struct OutputTarget {
    bool on = false;
    std::int32_t level = 0;  ///< of a level output while on
    OrderReason reason = Reason::hold;
    bool protection = false;  ///< an OFF that sheds a load
    bool may_renew = true;    ///< ON may be sent again in this tick
};

/// Adopts the state an output was found in: no command follows while the target stays the same.
void adopt_state(OutputMemory& output, bool on, std::int32_t level, bool confirmed, Time now);

/// Sets the order to `target`; a new order restarts the tries.
void give_order(OutputMemory& output, const OutputTarget& target, Time now);

/// Sends what is due for the current order: first try, repetition or renewal.
void send_due(Tick& tick, Index output, const OutputTarget& target);

/// True when a sixth ON would be due and none of the first five was confirmed.
bool on_failed(const OutputMemory& output, const OutputTick& seen, Time now);

/// The output reports off, as ordered, and its own meter shows more than 10 % of the nominal draw on a reading taken since.
bool off_denied(const LoadTick& load, const OutputMemory& order);

/// Returns true once a proven lease has ended since the last ON sent, plus 5 s. An output that is away counts as off from then.
bool lease_is_over(const OutputMemory& order, Duration lease, Time now);

/// A denied OFF that the site load has room for: the contact may be welded.
bool may_be_welded(const LoadTick& load, const OutputMemory& order, const std::optional<Watts>& site_load);

/// Orders the outputs of loads.
void order_loads(Tick& tick);

/// Switches off an output whose load was removed or moved to another output: nothing else does, not even shutdown.
void order_orphans(Tick& tick);

/// The zone is in use, and so is its fan.
bool uses_fan(const Zone& zone);

/// Orders the fans, and switches off one whose zone no longer uses it.
void order_fans(Tick& tick);

/// Orders the output that enables the chargers.
void order_charge_output(Tick& tick);

}  // namespace volt
