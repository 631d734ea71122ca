// ChargeLimitController: carries the charge order out on the charge limit of one device, within bounds, and restores the
// previous limit.
//
// Before the first write the previous limit is in the database: without that nothing is written. Each write is counted and
// stored before it is sent. At most one write a minute and a fixed number a day, because the register is in flash; after that
// only a block by cold, at longer intervals: a frozen cell is worse than a worn register.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/site/charge_orders.hpp"
#include "daemon/site/charge_writes.hpp"

namespace volt {

/// The register as people know it.
struct ChargeTarget {
    std::string device;   ///< "the GX"
    std::string name;     ///< "register 2705 of the GX"
    int tries = 0;        ///< as of ChargeOrders
    std::string acts_if;  ///< what a charger that ignores the register may lack
};
ChargeTarget gx_target();
/// Two tries. REQUIRES: `which` is "the Sol-Ark", or another name of it.
ChargeTarget sol_ark_target(const std::string& which = "the Sol-Ark");

/// What must survive a restart and a kill.
struct ChargeMemory {
    bool ours = false;           ///< the register holds our block, or may hold it
    std::optional<int> found_a;  ///< the previous value; nothing: the register was blocked already
    ChargeWrites writes;
    bool operator==(const ChargeMemory&) const = default;
};

/// What one tick orders.
struct ChargeInputs {
    Time now{};
    Utc utc{};
    bool blocked = false;    ///< the order of the rules
    bool may_write = false;  ///< `charge_limit: write`, and not in `shadow`
    int back_a = -1;         ///< `charge_limit_a`: restored where no previous limit is known
    bool stored = false;     ///< memory() as it is now is on the disk
    bool cold = false;       ///< `blocked` because of a battery that is too cold
};

/// Loop thread only; never blocks.
class ChargeLimitController {
public:
    ChargeLimitController(ChargeLimitExchange& exchange, const ChargeTarget& target)
        : target_(target), orders_(exchange, target.tries) {}

    void restore(const ChargeMemory& memory) { memory_ = memory; }
    const ChargeMemory& memory() const { return memory_; }
    const ChargeTarget& target() const { return target_; }

    void update(const ChargeInputs& inputs);
    /// voltd ends, or may no longer write: restores the previous limit at once, even within a minute of the last write, since
    /// nothing would end the block later. The daily write limit still applies. True: wait for done().
    bool put_back(const ChargeInputs& inputs);
    /// The device has taken the newest order, or it is too late for it.
    bool done(Time now) const { return orders_.done(now); }
    /// The register holds our block, as read back.
    bool holds_block(Time now) const;
    /// The register holds our block, or may hold it.
    bool may_hold_block(Time now) const;
    /// Why no block can be tried and ended within two minutes; empty: it can.
    std::string unready(const ChargeInputs& inputs) const;

    /// Why the order is not carried out after a while; empty: it is, or there is time yet.
    const std::string& failure() const { return failure_; }
    /// Sentences about what was done, for log and events, since the last call.
    std::vector<std::string> take_notes();

    static constexpr Duration cold_gap = 15min;  ///< between blocks by cold after the bound of a day: at most 96 more
    static constexpr Duration least_gap = 60s;
    static constexpr Duration failed_after = 90s;
    static constexpr Duration seen_lasts = 90s;  ///< a register that was read longer ago is not known

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
    std::optional<int> counted_;  ///< a write that is counted and waits for the store
    bool exhausted_ = false;
    std::optional<Time> pending_since_;  ///< the register does not hold the limit since
    std::string failure_;
    std::vector<std::string> notes_;  ///< a few; taken each tick
    bool confirm_ = false;            ///< report once the register holds the limit that was sent
    bool external_block_ = false;     ///< 0 A that was there before any order of voltd, as reported
};

}  // namespace volt
