// Orders to outputs: sent once, confirmed or repeated, renewed while ON is wanted.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// What an output should be.
struct OutputTarget {
    bool on = false;
    std::int32_t level = 0;  ///< of a level output while on
    OrderReason reason = Reason::hold;
    bool protection = false;  ///< an OFF that sheds
    bool may_renew = true;    ///< ON may be sent again in this tick
};

/// Takes over a state that was found: no command follows while the wish stays the same.
void adopt_state(OutputMemory& output, bool on, std::int32_t level, bool confirmed, Time now);

/// Notes a wish; a new one begins its tries from the start.
void give_order(OutputMemory& output, const OutputTarget& wish, Time now);

/// Sends what is due for the current order: first try, repetition or renewal.
void send_due(Tick& tick, Index output, const OutputTarget& wish);

/// True when a sixth ON would be due and none was confirmed.
bool on_failed(const OutputMemory& output, const OutputTick& seen, Time now);

/// Orders the outputs of loads.
void order_loads(Tick& tick);

/// Switches off an output whose load was removed or moved to another output: nothing else would, not even at shutdown.
void order_orphans(Tick& tick);

/// Orders the output that lets chargers charge.
void order_charge_output(Tick& tick);

}  // namespace volt
