#include "drivers/modbus/unit_blocks.hpp"

#include <algorithm>

namespace volt::modbus {

UnitBlocks::UnitBlocks(const UnitPlan& plan, const PollTiming& timing, Duration slow_every, std::uint16_t most, Time now,
                       std::uint64_t& seed)
    : timing_(timing), joined_(timing.ask_holes_first, timing.ask_holes) {
    const auto add = [&](const std::vector<Stretch>& stretches, Duration every) {
        for (const Stretch& stretch : stretches)
            blocks_.push_back({Block(stretch, most, plan.needed),
                               every,
                               {},
                               {},
                               {},
                               {},
                               now,
                               {},
                               timing.ask_holes_first,
                               Backoff(++seed, timing.first_gap, timing.longest_gap)});
    };
    add(plan.blocks, 0ms);
    add(plan.slow_blocks, slow_every);
}

void UnitBlocks::recall(const KnownHoles::Entry& entry, Time now) {
    if (entry.apart && blocks_.size() > 1) joined_.stay_apart(now + timing_.ask_holes);
    for (PolledBlock& one : further()) {
        one.block.leave_out(entry.holes);
        one.holes_asked = now;
        one.hole_gap = timing_.ask_holes;
    }
}

KnownHoles::Entry UnitBlocks::entry() const {
    KnownHoles::Entry entry{joined_.is_apart(), {}};
    for (const PolledBlock& one : std::span(blocks_).subspan(1))
        entry.holes.insert(entry.holes.end(), one.block.holes().begin(), one.block.holes().end());
    return entry;
}

void UnitBlocks::forget_holes(std::uint16_t most) {
    for (PolledBlock& one : blocks_) one.block.forget(most);
}

void UnitBlocks::reset(std::uint16_t most) {
    for (PolledBlock& one : blocks_) {
        one.block.reset(most);
        one.answered.reset();
        one.whole_at.reset();
        one.flaw.reset();
        one.due = {};
        one.backoff.reset();
    }
    joined_.forget();
}

void UnitBlocks::retry_holes(PolledBlock& block, Time now) const {
    const Duration gap = block.block.lacks_needed() ? timing_.ask_holes_first : block.hole_gap;
    if (!block.block.has_holes()) {
        block.holes_asked = now;
        block.hole_gap = timing_.ask_holes_first;
    } else if (now - block.holes_asked + timing_.period / 2 >= gap) {  // at the unit's deadlines
        block.holes_asked = now;
        block.hole_gap = std::min(2 * block.hole_gap, timing_.ask_holes);
        block.block.retry_holes();
    }
}

void UnitBlocks::join(bool with_first, std::uint16_t most, Time now, const JoinedRead::Read& read) {
    std::vector<Stretch> due;
    for (const PolledBlock& one : blocks_) {
        if (!with_first && &one == &blocks_.front()) continue;
        if (now >= one.due && !one.block.has_holes()) due.push_back(one.block.stretch());
    }
    joined_.ask(due, most, now, read);
}

Answers UnitBlocks::answers(Time now) const {
    Answers answers;
    const auto add = [&answers](const Answers& more) { answers.insert(answers.end(), more.begin(), more.end()); };
    for (const PolledBlock& one : blocks_) {
        const auto fresh = [&](const std::optional<Time>& at) {
            return at && *at + std::max(one.every, timing_.keep_block) >= now;
        };
        const bool first = &one == &blocks_.front();
        const bool known = first || (!one.block.is_unknown() && fresh(one.answered));
        if (known) add(one.block.answers());
        if (!first && fresh(one.whole_at) && !(known && one.whole == one.block.answers())) add(one.whole);
    }
    return answers;
}

}  // namespace volt::modbus
