// The blocks of one unit: their answers, missing registers, and which blocks share a request. Pure except for the reading; time
// comes in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "drivers/modbus/backoff.hpp"
#include "drivers/modbus/block.hpp"
#include "drivers/modbus/joined_read.hpp"
#include "drivers/modbus/known_holes.hpp"
#include "drivers/modbus/poll_timing.hpp"
#include "drivers/modbus/unit_plan.hpp"

namespace volt::modbus {

/// A block with the results of its reads.
struct PolledBlock {
    Block block;
    Duration every{};  ///< 0 for each poll
    std::optional<Time> answered{};
    Answers whole{};  ///< last answers with every needed register
    std::optional<Time> whole_at{};
    std::optional<Failure> flaw{};  ///< failure of the last request, until it answers
    Time due{};
    Time holes_asked{};   ///< last read of its holes, or last time without holes
    Duration hole_gap{};  ///< time until they are read again
    Backoff backoff;
};

class UnitBlocks {
public:
    /// Makes the blocks of `plan`, the slow ones due every `slow_every`, with at most `most` registers in one request. Each
    /// block's gaps take the next `seed`.
    UnitBlocks(const UnitPlan& plan, const PollTiming& timing, Duration slow_every, std::uint16_t most, Time now,
               std::uint64_t& seed);

    PolledBlock& first() { return blocks_.front(); }
    const PolledBlock& first() const { return blocks_.front(); }
    std::span<PolledBlock> further() { return std::span(blocks_).subspan(1); }
    const std::vector<PolledBlock>& all() const { return blocks_; }
    JoinedRead& joined() { return joined_; }

    /// Skips the holes of the unit from before a restart, except in the first block, whose voltage is always read.
    void recall(const KnownHoles::Entry& entry, Time now);
    /// Returns the state to keep over a restart.
    KnownHoles::Entry entry() const;
    /// Reads everything in the next requests, in at most `most` registers.
    void forget_holes(std::uint16_t most);
    /// Drops earlier values: another unit answers from now on.
    void reset(std::uint16_t most);
    /// Reads the holes of a block again, once their gap is over.
    void retry_holes(PolledBlock& block, Time now) const;
    /// Reads the due blocks without holes in one request; if that fails, each is read separately. `with_first` includes the first
    /// one.
    void join(bool with_first, std::uint16_t most, Time now, const JoinedRead::Read& read);
    /// Returns the latest words of the first block; for the others the last read, followed by the last one before something
    /// needed was rejected. A row is decoded from the first answer that contains it.
    Answers answers(Time now) const;

private:
    PollTiming timing_;
    std::vector<PolledBlock> blocks_;  ///< at least one
    JoinedRead joined_;
};

}  // namespace volt::modbus
