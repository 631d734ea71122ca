// ChargeCarrier: carries the charge order out on register 2705 of a GX, within bounds, and puts back what was there.
//
// Before the first write what was found is in the database: without that nothing is written. Each write is counted and
// stored before it goes out. One a minute, and so many a day: a GX keeps the register in its flash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/charge_desk.hpp"

namespace volt {

/// What must survive a restart and a kill.
struct ChargeMemory {
    bool ours = false;               ///< a block of ours stands in the register, or may
    std::optional<int> found_a;      ///< what it held before; nothing: the block stood already
    std::int64_t day = 0;            ///< of `writes`: days since 1970, UTC; never goes back
    int writes = 0;                  ///< of that day, permitted ones
    Utc written_at{};                ///< of the last one
    bool operator==(const ChargeMemory&) const = default;
};

/// One tick as the carrier needs it.
struct ChargeScene {
    Time now{};
    Utc utc{};
    bool blocked = false;       ///< the order of the rules
    bool may_write = false;     ///< `charge_limit: write`, and not in `shadow`
    int back_a = -1;            ///< `charge_limit_a`: put back where nothing was found
    bool stored = false;        ///< memory() as it is now is on the disk
};

/// Loop thread only; never blocks.
class ChargeCarrier {
public:
    explicit ChargeCarrier(ChargeDesk& desk) : desk_(desk) {}

    void restore(const ChargeMemory& memory) { memory_ = memory; }
    const ChargeMemory& memory() const { return memory_; }

    void look(const ChargeScene& scene);
    /// The process ends: an order to put back goes out at once, where the bounds allow it. True: wait for done().
    bool put_back(const ChargeScene& scene);
    /// The GX has taken the newest order, or it is too late for it.
    bool done(Time now) const;

    /// Why the order is not carried out after a while; empty: it is, or there is time yet.
    const std::string& failure() const { return failure_; }
    /// Sentences about what was done, for log and events, since the last call.
    std::vector<std::string> take_notes();

    static constexpr int most_writes_a_day = 48;
    static constexpr int kept_for_blocks = 8;        ///< of these: the last ones of a day only block
    static constexpr Duration least_gap = 60s;
    static constexpr Duration order_lasts = 10s;
    static constexpr Duration failed_after = 90s;
    static constexpr Duration seen_lasts = 90s;      ///< a register that was read longer ago is not known

private:
    std::optional<int> goal(const ChargeScene& scene, int holds);
    void note(const ChargeScene& scene, int holds);
    std::string want(const ChargeScene& scene, int limit_a, int holds);
    std::string bound(const ChargeScene& scene, int limit_a) const;
    bool too_soon(const ChargeScene& scene) const;
    void count(Utc utc);
    void give(const ChargeScene& scene, int limit_a);
    std::string step(const ChargeScene& scene);
    std::string left_alone(const ChargeScene& scene);
    std::string reason_of(const ChargeSeen& seen, int limit_a) const;

    ChargeDesk& desk_;
    ChargeMemory memory_;
    std::optional<int> counted_;        ///< a write that is counted and waits for the store
    std::optional<ChargeOrder> given_;  ///< the newest order
    std::optional<Time> given_at_;
    std::optional<Time> open_since_;    ///< what is wanted does not stand since
    std::string failure_;
    std::vector<std::string> notes_;    ///< a few; taken each tick
    bool tell_taken_ = false, told_stranger_ = false;
};

}  // namespace volt
