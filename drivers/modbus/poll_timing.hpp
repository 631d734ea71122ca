// Timing of polling one device: periods, gaps after failures, and how long old answers are used.
#pragma once

#include "rules/time.hpp"

namespace volt::modbus {

struct PollTiming {
    Duration period = 1s;
    Duration absent_gap = 30s;  ///< until an absent unit is retried
    Duration first_gap = 1s;    ///< after a failure; doubled by each further one
    Duration longest_gap = 60s;
    Duration keep_block = 30s;   ///< time for which the last answer of a further block is used while it fails
    Duration slow_period = 10s;  ///< for the slow blocks, and for units that no decision waits for; under `keep_block`
    /// Time that one poll may search for registers that a device rejects. A later poll continues the search. The other units of
    /// the gateway wait meanwhile.
    Duration split_time = 2s;
    /// Gaps until rejected registers are retried, since the device may have been starting. The gap doubles from the first to the
    /// longest while they are rejected, except for those that a decision needs.
    Duration ask_holes_first = 5s, ask_holes = 10min;
    /// Time that an identity outlives its connection. Without it, a gateway that closes each connection after one answer would
    /// only ever be identified. After it the device is identified again, on the new connection.
    Duration keep_identity = 5s;
    Duration search_gap = 1s;     ///< between two candidates in a search
    Duration search_pause = 60s;  ///< after the first round of all candidates; doubled 4 times
};

}  // namespace volt::modbus
