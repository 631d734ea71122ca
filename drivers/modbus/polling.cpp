#include "drivers/modbus/polling.hpp"

#include <algorithm>
#include <cassert>

namespace volt::modbus {
namespace {

std::string registers(const Stretch& stretch) {
    return stretch.count == 1 ? "register " + std::to_string(stretch.address)
                              : "registers " + std::to_string(stretch.address) + "-" +
                                    std::to_string(stretch.address + stretch.count - 1);
}

Failure about(const UnitPlan& plan, const Stretch& stretch, Failure failure) {
    failure.text = "unit " + std::to_string(plan.unit) + ", " + registers(stretch) + ": " + failure.text;
    return failure;
}

}  // namespace

Polling::Polling(std::vector<UnitPlan> plans, Transport& transport, const PollTiming& timing, SourceSink sink,
                 Clock clock, const StopEvent& stop, std::uint64_t seed)
    : transport_(transport), timing_(timing), sink_(std::move(sink)), clock_(std::move(clock)), stop_(stop),
      link_backoff_(seed, timing.first_gap, timing.longest_gap) {
    assert(!plans.empty() && timing.period > 0ms);
    phase_ = clock_();
    for (UnitPlan& plan : plans) {
        assert(!plan.blocks.empty());
        const auto new_backoff = [&] { return Backoff(++seed, timing.first_gap, timing.longest_gap); };
        Polled unit{std::move(plan), {}, {}, new_backoff(), phase_, {}, false, false};
        for (const Stretch& stretch : unit.plan.blocks) {
            unit.blocks.push_back({stretch, {}, {}, false, {}, new_backoff()});
        }
        unit.health.name = unit.plan.source;
        units_.push_back(std::move(unit));
    }
}

Time Polling::next_due() const {
    return std::ranges::min_element(units_, {}, &Polled::due)->due;
}

void Polling::turn() {
    const Time start = clock_();
    if (phase_ <= start) phase_ += ((start - phase_) / timing_.period + 1) * timing_.period;
    for (Polled& unit : units_) {
        if (unit.due > start) continue;
        const bool up = connect();
        if (stop_.is_set()) return;
        if (up) {
            poll(unit);
        } else {
            failed(unit, link_failure_);
            unit.due = link_due_;
        }
        if (stop_.is_set()) return;
    }
}

bool Polling::connect() {
    if (transport_.connected()) return true;
    if (clock_() < link_due_) return false;
    if (auto failure = transport_.connect()) {
        link_failure_ = *failure;
        link_due_ = clock_() + link_backoff_.next();
        return false;
    }
    link_backoff_.reset();
    connected_anew();
    return true;
}

void Polling::connected_anew() {
    for (Polled& unit : units_) {
        unit.identified = false;
        for (Block& block : unit.blocks) block.unknown = false;
    }
}

void Polling::poll(Polled& unit) {
    const auto fail = [&](const Failure& failure) {
        if (!stop_.is_set()) failed(unit, failure);
    };
    unit.changed = false;
    if (auto failure = identify(unit)) return fail(*failure);
    const Time asked = clock_();
    if (auto failure = ask(unit, unit.blocks.front())) return fail(*failure);
    const Time taken = clock_();
    const auto flaw = ask_further_blocks(unit);
    auto reading = unit.plan.assemble(answers_of(unit, taken));
    if (!reading) return fail(reading.failure());
    if (!stop_.is_set()) succeeded(unit, std::move(reading.value()), taken, taken - asked, flaw);
}

std::optional<Failure> Polling::identify(Polled& unit) {
    if (!unit.plan.identity || unit.identified) return std::nullopt;
    const Stretch stretch = *unit.plan.identity;
    const auto words = transport_.read(unit.plan.unit, stretch);
    if (words) {
        if (auto failure = unit.plan.identify({stretch.address, words.value()})) return failure;
    } else if (words.failure().fault != Fault::unsupported) {
        return about(unit.plan, stretch, words.failure());
    }
    unit.identified = true;
    return std::nullopt;
}

std::optional<Failure> Polling::ask(Polled& unit, Block& block) {
    auto words = transport_.read(unit.plan.unit, block.stretch);
    if (!words) return about(unit.plan, block.stretch, words.failure());
    assert(words.value().size() == block.stretch.count);
    Answer answer{block.stretch.address, std::move(words.value())};
    unit.changed = unit.changed || answer != block.last;
    block.last = std::move(answer);
    block.answered = clock_();
    block.backoff.reset();
    return std::nullopt;
}

/// The last trouble with one of them, if any.
std::optional<Failure> Polling::ask_further_blocks(Polled& unit) {
    std::optional<Failure> flaw;
    for (std::size_t i = 1; i < unit.blocks.size(); ++i) {
        Block& block = unit.blocks[i];
        if (block.unknown || clock_() < block.due || stop_.is_set()) continue;
        if (!transport_.connected()) break;  // the next unit, or the next turn, connects again
        const auto failure = ask(unit, block);
        if (!failure) continue;
        block.unknown = failure->fault == Fault::unsupported;
        if (block.unknown) continue;
        block.due = clock_() + block.backoff.next();
        flaw = failure;
    }
    return flaw;
}

Answers Polling::answers_of(const Polled& unit, Time now) const {
    Answers answers{unit.blocks.front().last};
    for (std::size_t i = 1; i < unit.blocks.size(); ++i) {
        const Block& block = unit.blocks[i];
        const bool fresh = !block.last.words.empty() && block.answered + timing_.keep_block >= now;
        if (fresh && !block.unknown) answers.push_back(block.last);
    }
    return answers;
}

void Polling::succeeded(Polled& unit, SourceReading reading, Time taken, Duration rtt,
                        const std::optional<Failure>& flaw) {
    if (unit.health.consecutive_failures > 0) {
        for (Polled& other : units_) {
            if (other.health.state == SourceState::failing) other.due = std::min(other.due, clock_());
        }
    }
    unit.backoff.reset();
    unit.due = phase_;
    if (unit.changed || !unit.health.ever_succeeded) unit.moved = taken;
    SourceHealth& health = unit.health;
    health.state = SourceState::ok;
    health.last_success = taken;
    health.ever_succeeded = true;
    ++health.successes;
    health.consecutive_failures = 0;
    health.last_error = flaw ? flaw->text : std::string();
    health.rtt = rtt;
    reading.name = unit.plan.source;
    reading.taken = taken;
    reading.moved = unit.moved;
    if (sink_.reading) sink_.reading(reading);
    tell(unit);
}

void Polling::failed(Polled& unit, const Failure& failure) {
    SourceHealth& health = unit.health;
    health.state = failure.fault == Fault::absent ? SourceState::absent : SourceState::failing;
    ++health.failures;
    ++health.consecutive_failures;
    health.last_error = failure.text;
    // A unit that was there a moment ago is asked once more soon: behind a gateway a single lost reply looks the same.
    const bool hiccup = health.ever_succeeded && health.consecutive_failures == 1;
    const bool slow = !hiccup && (failure.fault == Fault::absent || failure.fault == Fault::unsupported);
    unit.due = clock_() + (slow ? timing_.absent_gap : unit.backoff.next());
    tell(unit);
}

void Polling::tell(const Polled& unit) const {
    if (sink_.health) sink_.health(unit.health);
}

}  // namespace volt::modbus
