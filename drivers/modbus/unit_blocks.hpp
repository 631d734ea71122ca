// The blocks of one unit: what each one answered, which registers the device lacks, and which blocks go in one request. Pure but
// for the reading; time comes in.
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

/// A block and what came of asking for it.
struct PolledBlock {
    Block block;
    Duration every{};  ///< 0: at each poll
    std::optional<Time> answered{};
    Answers whole{};  ///< the last answers with every needed register
    std::optional<Time> whole_at{};
    std::optional<Failure> flaw{};  ///< of the last request, until it answers
    Time due{};
    Time holes_asked{};   ///< when its holes were last asked for, or it had none
    Duration hole_gap{};  ///< until they are asked for again
    Backoff backoff;
};

class UnitBlocks {
public:
    /// The blocks of `plan`, the slow ones due every `slow_every`; at most `most` registers in one request. Each block's gaps
    /// take the next `seed`.
    UnitBlocks(const UnitPlan& plan, const PollTiming& timing, Duration slow_every, std::uint16_t most, Time now,
               std::uint64_t& seed);

    PolledBlock& first() { return blocks_.front(); }
    const PolledBlock& first() const { return blocks_.front(); }
    std::span<PolledBlock> further() { return std::span(blocks_).subspan(1); }
    const std::vector<PolledBlock>& all() const { return blocks_; }
    JoinedRead& joined() { return joined_; }

    /// Leaves out what the unit lacked before a restart; not of the first block, whose voltage is always asked for.
    void recall(const KnownHoles::Entry& entry, Time now);
    /// What to keep over a restart.
    KnownHoles::Entry entry() const;
    /// The next requests ask for everything, in at most `most` registers.
    void forget_holes(std::uint16_t most);
    /// Another unit answers from now on: earlier values are gone.
    void reset(std::uint16_t most);
    /// Has the holes of a block asked for again, once their gap is over.
    void retry_holes(PolledBlock& block, Time now) const;
    /// Reads the blocks that are due and have no holes in one request; if that fails, each is asked for by itself. `with_first`:
    /// the first one among them.
    void join(bool with_first, std::uint16_t most, Time now, const JoinedRead::Read& read);
    /// Of the first block what was just read; of a further one what was read last, and behind it what was read before something
    /// needed was rejected. A row is decoded from the first that holds it.
    Answers answers(Time now) const;

private:
    PollTiming timing_;
    std::vector<PolledBlock> blocks_;  ///< at least one
    JoinedRead joined_;
};

}  // namespace volt::modbus
