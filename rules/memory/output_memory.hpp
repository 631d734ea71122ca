// What the rules remember of one output: the current order, its confirmation, and its meter.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/hold.hpp"
#include "rules/verdict.hpp"

namespace volt {

/// The last five times between readings of one meter. Readings that are too close together do not count as a period.
struct MeterPeriods {
    std::optional<Time> last;  ///< `taken` of the newest reading
    std::array<Duration, 5> periods{};
    std::uint32_t count = 0;  ///< of periods ever seen, stops counting at 5
    std::uint32_t next = 0;

    void see(Time taken);
    /// Age at which a reading is stale: a multiple of the longest period within bounds; the upper bound until two are known.
    Duration limit() const;
    bool operator==(const MeterPeriods&) const = default;
};

struct OutputMemory {
    std::string key;       ///< OutputWiring::id
    bool ordered = false;  ///< an order is in force: sent by voltd, or an adopted state
    bool on = false;       ///< the order
    std::int32_t level = 0;
    OrderReason reason = Reason::hold;  ///< of the order
    bool protection = false;            ///< an OFF that sheds: repeated every `confirm_s`
    std::optional<Time> ordered_at;     ///< when this order was first given; empty: adopted
    std::optional<Time> sent_at;        ///< last message of this order, renewals included
    std::optional<Time> last_on_at;     ///< last ON sent, renewals included; an OFF keeps it
    std::optional<Time> try_at;         ///< last try that waits for confirmation
    int tries = 0;                      ///< of this order while output and broker were online
    Duration gap{};                     ///< from `try_at` to the next try
    bool asked_for_try = false;         ///< its state was queried since `try_at`
    bool lease_proven = false;          ///< the device had its timer armed when last seen
    bool trial = false;                 ///< this ON proves the device's own timer: it is not renewed
    bool confirmed = false;
    std::optional<Time> confirmed_at;
    OutputState last_confirmed = OutputState::unknown;  ///< last confirmed state; unknown: never confirmed
    bool interrupted = false;                           ///< output or broker was offline or restarted since the confirmation
    std::optional<Time>
        switched_at;  ///< last switching by anyone: the order, then the confirmation; earlier readings do not count

    bool met = false;  ///< seen in a tick before
    bool was_there = false;
    Time available_since{}, broker_since{};
    OutputState reported = OutputState::unknown;  ///< newest live report
    std::int32_t reported_level = 0;
    std::optional<Time> reported_at;
    std::optional<Time> asked_at;  ///< a query that is not answered yet
    Duration ask_gap{};
    int unanswered = 0;

    std::optional<Time> fault_until;  ///< ON was not confirmed five times
    std::optional<Time> trip_until;   ///< the device's own protection opened it: no start until then
    OwnProtection tripped_by = OwnProtection::none;
    std::vector<Time> trips;          ///< of the last day, at most five
    std::optional<Time> opened_at;    ///< last OFF that voltd did not order, while it should be on
    std::optional<Time> word_at;      ///< the device's newest word that was judged
    bool not_following = false;       ///< five tries of the present order were not confirmed
    std::optional<Time> power_on_at;  ///< when it came up ON by itself
    MeterPeriods meter;
    std::optional<Time> meter_asked_at;
    Hold gone;                              ///< offline although the broker is online
    std::optional<Time> external_at;        ///< last switched by someone else at
    std::vector<Time> disputes;             ///< the last three of them soon after an order
    std::optional<Time> external_again_at;  ///< three disputes within limits::external_memory
    Hold idle, stuck, over;                 ///< draws too little while on; draws while off; draws far above nominal
};

/// Blocks starts for a time: it did not confirm its orders, or its own protection tripped.
inline bool is_at_fault(const OutputMemory& m) { return m.fault_until || m.trip_until; }

/// It did not confirm its orders.
inline bool does_not_follow(const OutputMemory& m) { return m.fault_until || m.not_following; }

/// Whether a meter whose newest reading is from `taken` is queried now: 10 s after each switching, and every 60 s of silence.
bool meter_is_due(const OutputMemory& m, std::optional<Time> taken, Time now);

}  // namespace volt
