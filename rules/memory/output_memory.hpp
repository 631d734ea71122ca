// Memory of one output: the current order, its confirmation, and its meter.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/hold.hpp"
#include "rules/verdict.hpp"

namespace volt {

/// The last five times between readings of one meter. Ignores readings that are too close together.
struct MeterPeriods {
    std::optional<Time> last;  ///< `taken` of the newest reading
    std::array<Duration, 5> periods{};
    std::uint32_t count = 0;  ///< periods seen, counted up to 5
    std::uint32_t next = 0;

    void see(Time taken);
    /// Returns the age at which a reading is stale: a multiple of the longest period within bounds, or the upper bound until two
    /// periods are known.
    Duration limit() const;
    bool operator==(const MeterPeriods&) const = default;
};

struct OutputMemory {
    std::string key;       ///< OutputWiring::id
    bool ordered = false;  ///< an order is in force: sent by voltd, or an adopted state
    bool on = false;       ///< state that was ordered
    std::int32_t level = 0;
    OrderReason reason = Reason::hold;  ///< reason of the order
    bool protection = false;            ///< an OFF that sheds, repeated every `confirm_s`
    std::optional<Time> ordered_at;     ///< time when this order was first given, or empty if adopted
    std::optional<Time> sent_at;        ///< last message of this order, including renewals
    std::optional<Time> last_on_at;     ///< last ON sent, including renewals; an OFF does not clear it
    std::optional<Time> try_at;         ///< last try that waits for confirmation
    int tries = 0;                      ///< tries of this order while output and broker were online
    Duration gap{};                     ///< time from `try_at` to the next try
    bool asked_for_try = false;         ///< voltd queried its state since `try_at`
    bool lease_proven = false;          ///< the device's timer was armed when last seen
    bool trial = false;                 ///< this ON proves the device's own timer, so voltd does not renew it
    bool confirmed = false;
    std::optional<Time> confirmed_at;
    OutputState last_confirmed = OutputState::unknown;  ///< last confirmed state, or unknown if never confirmed
    bool interrupted = false;                           ///< output or broker was offline or restarted since the confirmation
    std::optional<Time>
        switched_at;  ///< last switching by anyone: the order, then the confirmation; earlier readings do not count

    bool met = false;  ///< seen in an earlier tick
    bool was_there = false;
    Time available_since{}, broker_since{};
    OutputState reported = OutputState::unknown;  ///< newest live report
    std::int32_t reported_level = 0;
    std::optional<Time> reported_at;
    std::optional<Time> asked_at;  ///< time of a query that is not answered yet
    Duration ask_gap{};
    int unanswered = 0;

    std::optional<Time> fault_until;  ///< end of the fault after five unconfirmed ONs
    std::optional<Time> trip_until;   ///< end of the trip of the device's own protection; no start until then
    OwnProtection tripped_by = OwnProtection::none;
    std::vector<Time> trips;          ///< trips of the last day, at most five
    std::optional<Time> opened_at;    ///< last OFF that voltd did not order, while the output should be on
    std::optional<Time> word_at;      ///< newest report of the device's protection that was judged
    bool not_following = false;       ///< five tries of the current order were not confirmed
    std::optional<Time> power_on_at;  ///< time when it came up ON by itself
    MeterPeriods meter;
    std::optional<Time> meter_asked_at;
    Hold gone;                              ///< offline although the broker is online
    std::optional<Time> external_at;        ///< last time that someone else switched it
    std::vector<Time> disputes;             ///< last three external switches soon after an order
    std::optional<Time> external_again_at;  ///< time of three disputes within limits::external_memory
    Hold idle, stuck, over;                 ///< draws too little while on; draws while off; draws far above nominal
};

/// Returns true if the output may not start for a time: it did not confirm its orders, or its own protection tripped.
inline bool is_at_fault(const OutputMemory& m) { return m.fault_until || m.trip_until; }

/// Returns true if the output did not confirm its orders.
inline bool does_not_follow(const OutputMemory& m) { return m.fault_until || m.not_following; }

/// Returns true if the meter is due for a query: 10 s after each switching, and after every 60 s of silence. `taken` is the time
/// of its newest reading.
bool meter_is_due(const OutputMemory& m, std::optional<Time> taken, Time now);

}  // namespace volt
