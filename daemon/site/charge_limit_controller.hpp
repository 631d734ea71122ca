// ChargeLimitController: carries the charge order out on the charge limit of one device, within bounds, and puts back what was there.
//
// Before the first write what was found is in the database: without that nothing is written. Each write is counted and
// stored before it is sent. At most one write a minute and a fixed number a day, because the register is in flash; after that
// only a block by cold, at longer intervals: a frozen cell is worse than a worn register.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/charge_limit_exchange.hpp"

namespace volt {

/// The register as people know it.
struct ChargeTarget {
    std::string device;  ///< "the GX"
    std::string name;    ///< "register 2705 of the GX"
    int tries = 0;  ///< writes of one value without effect before a pause of ChargeLimitController::rest_after_tries; 0: no bound
};
ChargeTarget gx_target();
/// Two tries. REQUIRES: `which` is "the Sol-Ark", or another name of it.
ChargeTarget sol_ark_target(const std::string& which = "the Sol-Ark");

/// What must survive a restart and a kill.
struct ChargeMemory {
    bool ours = false;           ///< the register holds our block, or may hold it
    std::optional<int> found_a;  ///< the previous value; nothing: the register was blocked already
    std::int64_t day = 0;        ///< of `writes`: days since 1970, UTC; never goes back
    int writes = 0;              ///< of that day, permitted ones
    Utc written_at{};            ///< of the last one
    bool operator==(const ChargeMemory&) const = default;
};

/// One tick as the carrier needs it.
struct ChargeInputs {
    Time now{};
    Utc utc{};
    bool blocked = false;    ///< the order of the rules
    bool may_write = false;  ///< `charge_limit: write`, and not in `shadow`
    int back_a = -1;         ///< `charge_limit_a`: put back where nothing was found
    bool stored = false;     ///< memory() as it is now is on the disk
    bool cold = false;       ///< `blocked` because of a battery that is too cold
};

/// Loop thread only; never blocks.
class ChargeLimitController {
public:
    ChargeLimitController(ChargeLimitExchange& desk, ChargeTarget target) : desk_(desk), target_(std::move(target)) {}

    void restore(const ChargeMemory& memory) { memory_ = memory; }
    const ChargeMemory& memory() const { return memory_; }
    const ChargeTarget& target() const { return target_; }

    void look(const ChargeInputs& scene);
    /// The process ends, or its right to write does: an order to put back goes out at once, even within the minute, for nobody
    /// would end the block later; the bound of a day holds. True: wait for done().
    bool put_back(const ChargeInputs& scene);
    /// The device has taken the newest order, or it is too late for it.
    bool done(Time now) const;
    /// The register holds our block, as read back.
    bool holds_block(Time now) const;
    /// The register holds our block, or may hold it.
    bool may_hold_block(Time now) const;
    /// Why no block can be tried and ended within two minutes; empty: it can.
    std::string unready(const ChargeInputs& scene) const;

    /// Why the order is not carried out after a while; empty: it is, or there is time yet.
    const std::string& failure() const { return failure_; }
    /// Sentences about what was done, for log and events, since the last call.
    std::vector<std::string> take_notes();

    static constexpr int most_writes_a_day = 48;
    static constexpr int kept_for_blocks = 8;    ///< of these: the last ones of a day only block
    static constexpr Duration cold_gap = 15min;  ///< between blocks by cold after these: at most 96 more a day
    static constexpr Duration least_gap = 60s;
    static constexpr Duration order_lasts = 10s;
    static constexpr Duration failed_after = 90s;
    static constexpr Duration rest_after_tries = 1h;
    static constexpr Duration seen_lasts = 90s;  ///< a register that was read longer ago is not known

private:
    std::optional<int> goal(const ChargeInputs& scene, int holds);
    void note(const ChargeInputs& scene, int holds);
    std::string want(const ChargeInputs& scene, int limit_a, int holds);
    std::string bound(const ChargeInputs& scene, int limit_a, int more = 1) const;
    bool gives_up(const ChargeInputs& scene, int limit_a);
    bool known(const ChargeSeen& seen, Time now) const { return seen.limit_a && now - seen.read_at <= seen_lasts; }
    bool written_within(const ChargeInputs& scene, Duration gap) const;
    bool used_up(const ChargeInputs& scene, int limit_a, int more) const;
    bool beyond_bound(const ChargeInputs& scene) const;
    std::string over_bound(const ChargeInputs& scene) const;
    void count(Utc utc);
    void give(const ChargeInputs& scene, int limit_a);
    std::string step(const ChargeInputs& scene);
    std::string left_alone(const ChargeInputs& scene);
    std::string reason_of(const ChargeSeen& seen, int limit_a) const;

    ChargeLimitExchange& desk_;
    ChargeTarget target_;
    ChargeMemory memory_;
    std::optional<int> counted_;        ///< a write that is counted and waits for the store
    std::optional<ChargeOrder> given_;  ///< the newest order
    std::optional<Time> given_at_;
    std::uint64_t judged_ = 0;  ///< of the newest order whose write was counted in `vain_`
    int vain_ = 0;              ///< writes of one value in a row that did not hold
    bool given_up_ = false;
    std::optional<Time> open_since_;  ///< what is wanted does not stand since
    std::string failure_;
    std::vector<std::string> notes_;  ///< a few; taken each tick
    bool tell_taken_ = false, told_stranger_ = false;
};

}  // namespace volt
