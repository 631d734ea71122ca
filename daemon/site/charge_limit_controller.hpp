// ChargeLimitController: carries out the charge order through the charge limit of one device, within bounds, and restores the
// previous limit.
//
// It writes nothing until the previous limit is in the database. It counts and stores each write before sending it. It writes at
// most once a minute and a fixed number of times a day, because the register is in flash. Beyond that it only sends blocks by
// cold, at longer intervals: a frozen cell is worse than a worn register.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/site/charge_orders.hpp"
#include "daemon/site/charge_writes.hpp"

namespace volt {

/// Register, by the names that people use for it.
struct ChargeTarget {
    std::string device;   ///< "the GX"
    std::string name;     ///< "register 2705 of the GX"
    int tries = 0;        ///< see ChargeOrders
    std::string acts_if;  ///< possible reason if a charger ignores the register
};
ChargeTarget gx_target();
/// Returns the target with two tries. REQUIRES: `which` is "the Sol-Ark", or another name of it.
ChargeTarget sol_ark_target(const std::string& which = "the Sol-Ark");

/// State that must survive a restart and a kill.
struct ChargeMemory {
    bool ours = false;           ///< the register holds our block, or may hold it
    std::optional<int> found_a;  ///< previous value, or nothing if the register was blocked already
    ChargeWrites writes;
    bool operator==(const ChargeMemory&) const = default;
};

/// Orders of one tick.
struct ChargeInputs {
    Time now{};
    Utc utc{};
    bool blocked = false;    ///< order of the rules
    bool may_write = false;  ///< `charge_limit: write`, and not in `shadow`
    int back_a = -1;         ///< `charge_limit_a`: restored if no previous limit is known
    bool stored = false;     ///< the current memory() is on the disk
    bool cold = false;       ///< blocked because the battery is too cold
};

/// Use on the loop thread only. Never blocks.
class ChargeLimitController {
public:
    ChargeLimitController(ChargeLimitExchange& exchange, const ChargeTarget& target)
        : target_(target), orders_(exchange, target.tries) {}

    void restore(const ChargeMemory& memory) { memory_ = memory; }
    const ChargeMemory& memory() const { return memory_; }
    const ChargeTarget& target() const { return target_; }

    void update(const ChargeInputs& inputs);
    /// Restores the previous limit at once because voltd exits or may no longer write. Ignores the one-minute gap, since nothing
    /// else would end the block, but keeps the daily write limit. Returns true if the caller must wait for done().
    bool put_back(const ChargeInputs& inputs);
    /// Returns true if the device has accepted the newest order, or the order has expired.
    bool done(Time now) const { return orders_.done(now); }
    /// Returns true if the register holds our block, as read back.
    bool holds_block(Time now) const;
    /// Returns true if the register holds our block, or may hold it.
    bool may_hold_block(Time now) const;
    /// Returns the reason a block cannot be tried and ended within two minutes, or an empty string if it can.
    std::string unready(const ChargeInputs& inputs) const;

    /// Returns the reason the order is overdue, or an empty string if it is in effect or still has time.
    const std::string& failure() const { return failure_; }
    /// Returns the sentences for log and events since the last call.
    std::vector<std::string> take_notes();

    static constexpr Duration cold_gap = 15min;  ///< gap between blocks by cold beyond the daily limit: at most 96 more
    static constexpr Duration least_gap = 60s;
    static constexpr Duration failed_after = 90s;
    static constexpr Duration seen_lasts = 90s;  ///< maximum age of a register value; an older one counts as unknown

private:
    std::string pending(const ChargeInputs& inputs);
    std::string report_own_block(const ChargeInputs& inputs);
    std::optional<int> goal(const ChargeInputs& inputs, int holds);
    void keep_previous(const ChargeInputs& inputs, int holds);
    void end_block(int holds);
    std::string write(const ChargeInputs& inputs, int limit_a, int holds);
    std::string out_of_budget(const ChargeInputs& inputs, int limit_a, int more = 1) const;
    bool written_within(const ChargeInputs& inputs, Duration gap) const;

    ChargeTarget target_;
    ChargeOrders orders_;
    ChargeMemory memory_;
    std::optional<int> counted_;  ///< counted write that waits for the store
    bool exhausted_ = false;
    std::optional<Time> pending_since_;  ///< since when the register has not held the limit
    std::string failure_;
    std::vector<std::string> notes_;  ///< a few; taken each tick
    bool confirm_ = false;            ///< report once the register holds the limit that was sent
    bool external_block_ = false;     ///< register held 0 A before any order of voltd, as reported
};

}  // namespace volt
