#include "drivers/modbus/polling.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "drivers/modbus/register_board.hpp"

namespace volt::modbus {
namespace {

std::string registers(const Stretch& stretch) {
    return stretch.count == 1
               ? "register " + std::to_string(stretch.address)
               : "registers " + std::to_string(stretch.address) + "-" + std::to_string(stretch.address + stretch.count - 1);
}

Failure about(int unit, const Stretch& stretch, Failure failure) {
    failure.text = "unit " + std::to_string(unit) + ", " + registers(stretch) + ": " + failure.text;
    return failure;
}

/// Returns true if an identity may be skipped. A missing or unreadable identity does not invalidate the values; a timeout does.
bool may_pass_over(Fault fault, bool own_unit) {
    return fault == Fault::unsupported || fault == Fault::retry || (fault == Fault::absent && !own_unit);
}

/// Collects the messages about one unit.
void add(std::string& text, const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
}

}  // namespace

Polling::Polling(std::vector<UnitPlan> plans, Transport& transport, const PollTiming& timing, SourceSink sink, Clock clock,
                 const StopEvent& stop, std::uint64_t seed, Deciding deciding)
    : transport_(transport),
      timing_(timing),
      sink_(std::move(sink)),
      clock_(std::move(clock)),
      stop_(stop),
      deciding_(std::move(deciding)),
      link_backoff_(seed, timing.first_gap, timing.longest_gap) {
    assert(!plans.empty() && timing.period > 0ms && timing.slow_period < timing.keep_block);
    phase_ = clock_();
    for (UnitPlan& plan : plans) units_.push_back(polled(std::move(plan), seed));
}

Polling::Polled Polling::polled(UnitPlan plan, std::uint64_t& seed) const {
    assert(!plan.blocks.empty());
    const Backoff backoff(++seed, timing_.first_gap, timing_.longest_gap);
    const RequestSize size(plan.sizes);
    UnitBlocks blocks(plan, timing_, slow_round(), size.most(), phase_, seed);
    Polled unit{std::move(plan), size, std::move(blocks), {}, {}, {}, backoff, phase_};
    if (unit.plan.search) unit.finder.emplace(*unit.plan.search);
    else recall_holes(unit, phase_);
    unit.health.name = unit.plan.source;
    return unit;
}

Time Polling::next_due() const { return std::ranges::min_element(units_, {}, &Polled::due)->due; }

bool Polling::knows(const std::string& source) const {
    return std::ranges::any_of(
        units_, [&](const Polled& unit) { return unit.plan.source == source && unit.identified && !unit.unseen_gap; });
}

/// Returns the units that are due. If several are due at once, a failing one is last: it may drop the connection.
std::vector<Polling::Polled*> Polling::due_units() {
    const Time now = clock_();
    std::vector<Polled*> due;
    for (Polled& unit : units_) {
        if (unit.due <= now) due.push_back(&unit);
    }
    std::ranges::stable_sort(due, {}, [](const Polled* unit) { return std::pair(unit->own_due, unit->turned_away); });
    return due;
}

void Polling::turn() {
    const Time start = clock_();
    if (phase_ <= start) phase_ += ((start - phase_) / timing_.period + 1) * timing_.period;
    hasten();
    for (Polled* unit : due_units()) {
        turn(*unit);
        if (stop_.is_set()) return;
    }
    hasten();
}

/// Returns the slow period as a multiple of the period, so that a slow unit is polled together with the others.
Duration Polling::slow_round() const { return std::max<std::int64_t>(timing_.slow_period / timing_.period, 1) * timing_.period; }

/// Returns true if decisions wait for its voltage, or would if the deciding source failed now.
bool Polling::is_fast(const Polled& unit) const {
    if (!unit.plan.place) return false;
    if (deciding_ && *unit.plan.place <= deciding_()) return true;
    return std::ranges::none_of(units_, [&](const Polled& other) {
        return other.plan.place && *other.plan.place < *unit.plan.place && other.has_voltage;
    });
}

/// Polls a unit at once if its voltage is needed from now on.
void Polling::hasten() {
    for (Polled& unit : units_) {
        const bool waits = unit.health.state == SourceState::ok && unit.due > phase_;
        if (!waits || !is_fast(unit)) continue;
        const Time now = clock_();
        unit.due = now - unit.health.last_success >= timing_.period / 2 ? now : phase_;
    }
}

void Polling::turn(Polled& unit) {
    const bool up = connect();
    if (stop_.is_set()) return;
    if (!up) return cut_off(unit);
    if (clock_() < unit.own_due) unit.may_be_early = false;
    if (unit.finder) {
        find(unit);
    } else {
        poll(unit);
    }
    // A connect proves nothing: a gateway with one place accepts the next client and closes its connection at once.
    if (!transport_.turned_away()) link_backoff_.reset();
}

bool Polling::connect() {
    if (transport_.connected()) return true;
    if (clock_() < link_due_) return false;
    if (auto failure = transport_.connect()) {
        was_away_ = true;
        link_failed(*failure);
        return false;
    }
    connected_anew();
    return true;
}

void Polling::link_failed(const Failure& failure) {
    link_failure_ = failure;
    link_due_ = clock_() + link_backoff_.next();
}

void Polling::connected_anew() {
    const bool restarted = std::exchange(was_away_, false);
    const bool is_first = !std::exchange(was_connected_, true);
    for (Polled& unit : units_) {
        // After the whole device was offline its units may have changed. A closed connection alone proves nothing.
        const bool is_missing = unit.health.state == SourceState::absent || unit.finder;
        if (restarted && is_missing) unit.due = std::min(unit.due, clock_());
        if (restarted) begin_search_anew(unit);
        unit.identified = unit.identified && clock_() - unit.identified_at < timing_.keep_identity;
        unit.carried = unit.identified;
        if (is_first) continue;  // facts from before the start are checked later
        unit.blocks.forget_holes(unit.size.most());
        if (restarted) unit.blocks.joined().forget();
    }
}

void Polling::take_unit(Polled& unit, int id) {
    unit.blocks.reset(unit.size.most());
    unit.plan.unit = id;
    unit.finder.reset();
    begin_search_anew(unit);
    unit.due = clock_();
    recall_holes(unit, unit.due);
}

void Polling::recall_holes(Polled& unit, Time now) {
    if (!unit.plan.known_holes) return;
    unit.holes_key = unit.plan.holes_key + "/" + std::to_string(unit.plan.unit);
    unit.blocks.recall(unit.plan.known_holes->entry(unit.holes_key), now);
}

/// Returns the gap of a search. voltd backs off exponentially for units that the GX does not have.
Duration Polling::gap_of_search(Polled& unit) const {
    if (!unit.finder->round_done()) return timing_.search_gap;
    const Duration pause = timing_.search_pause * (1 << unit.rounds);
    if (unit.rounds < most_doublings) ++unit.rounds;
    return pause;
}

void Polling::begin_search_anew(Polled& unit) const {
    unit.rounds = 0;
    unit.search_due = clock_();
}

/// Polls one candidate; the others wait for the next turns. In the pause between two rounds it polls only the reference: if that
/// lost its value and has it again, the device restarted.
void Polling::find(Polled& unit) {
    const bool candidate_too = clock_() >= unit.search_due;
    const auto found = unit.finder->step(transport_, candidate_too);
    if (stop_.is_set()) return;
    const bool waits = found && found.value() == Sought::waits;
    if (waits) begin_search_anew(unit);
    else if (candidate_too) unit.search_due = clock_() + gap_of_search(unit);
    if (found && found.value() == Sought::found) return take_unit(unit, unit.finder->unit());
    unit.due = clock_() + std::clamp<Duration>(unit.search_due - clock_(), timing_.search_gap, timing_.slow_period);
    unit.health.state = SourceState::absent;
    unit.health.consecutive_failures = 0;
    unit.health.fault = Fault::absent;
    unit.health.last_error = waits ? "the search begins once the system shows a voltage"
                                   : "searching on unit " + std::to_string(unit.finder->unit()) + " and others: not found yet";
    report_health(unit);
}

void Polling::poll(Polled& unit) {
    const auto fail = [&](const Failure& failure) {
        if (stop_.is_set()) return;
        if (!transport_.turned_away()) return failed(unit, failure);
        link_failed(failure);
        // Some devices close because of one unit: the next connection begins with another.
        unit.turned_away = clock_();
        cut_off(unit);
    };
    unit.split_until = clock_() + timing_.split_time;
    if (auto failure = identify(unit)) return fail(*failure);
    const Time asked = clock_();
    unit.blocks.joined().clear();
    unit.blocks.retry_holes(unit.blocks.first(), asked);
    if (unit.plan.joins && !unit.plan.place) join(unit);
    if (auto failure = ask(unit, unit.blocks.first())) return fail(*failure);
    const Time taken = clock_();
    hand_over_early(unit, taken);
    ask_further_blocks(unit);
    Answers answers = unit.blocks.answers(taken);
    auto reading = unit.plan.assemble(answers);
    if (!reading) return fail(reading.failure());
    if (stop_.is_set()) return;
    succeeded(unit, std::move(reading.value()), taken, taken - asked);
    if (sink_.registers) sink_.registers(unit.plan.source, {unit.plan.unit, std::move(answers), taken, unit.moved});
}

std::optional<Failure> Polling::identify(Polled& unit) {
    const bool outlived = unit.carried && clock_() - unit.identified_at >= timing_.keep_identity;
    const bool due_again = unit.unseen_gap && clock_() - unit.identified_at >= *unit.unseen_gap;
    if (!unit.plan.identity || (unit.identified && !outlived && !due_again)) return std::nullopt;
    unit.identified = unit.carried = false;
    const Identity& identity = *unit.plan.identity;
    Block block(identity.stretch, unit.size.most());
    const auto failure = block.ask([&](Stretch part) { return transport_.read(identity.unit, part); },
                                   [&] { return clock_() < unit.split_until; });
    if (!failure) {
        if (auto wrong = identity.judge(block.answers())) return wrong;
        unit.unseen_gap.reset();
        unit.unseen.clear();
    } else if (!may_pass_over(failure->fault, identity.unit == unit.plan.unit)) {
        return about(identity.unit, identity.stretch, *failure);
    } else {
        unit.unseen = failure->fault == Fault::retry ? about(identity.unit, identity.stretch, *failure).text : std::string();
        unit.unseen_gap = unit.unseen_gap ? std::min(2 * *unit.unseen_gap, timing_.ask_holes) : timing_.ask_holes_first;
    }
    unit.identified = true;
    unit.identified_at = clock_();
    return std::nullopt;
}

std::optional<Failure> Polling::ask(Polled& unit, PolledBlock& asked) {
    if (asked.block.is_unknown()) asked.block.retry_holes();
    Stretch last{};
    const auto failure = asked.block.ask(
        [&](Stretch part) {
            last = part;
            if (auto words = unit.blocks.joined().part(part)) return Result<std::vector<std::uint16_t>>(std::move(*words));
            return transport_.read(unit.plan.unit, part);
        },
        [&] { return clock_() < unit.split_until; });
    if (failure) {
        if (failure->fault == Fault::reconnect && !stop_.is_set() && unit.size.lost()) unit.blocks.forget_holes(unit.size.most());
        return about(unit.plan.unit, failure->fault == Fault::unsupported ? asked.block.stretch() : last, *failure);
    }
    asked.answered = clock_();
    asked.backoff.reset();
    if (asked.block.lacks_needed()) return std::nullopt;
    if (asked.whole != asked.block.answers()) asked.whole = asked.block.answers();
    asked.whole_at = asked.answered;
    return std::nullopt;
}

/// Joins the blocks. The first block is included if no decision takes its voltage.
void Polling::join(Polled& unit) {
    unit.blocks.join(!unit.plan.place, unit.size.most(), clock_(),
                     [&](Stretch all) { return transport_.read(unit.plan.unit, all); });
}

/// Reads the further blocks. The error of each is kept until it answers, so that it is also reported between attempts.
void Polling::ask_further_blocks(Polled& unit) {
    if (unit.plan.joins && unit.plan.place && transport_.connected()) join(unit);
    for (PolledBlock& asked : unit.blocks.further()) {
        if (clock_() < asked.due || stop_.is_set()) continue;
        unit.blocks.retry_holes(asked, clock_());
        if (asked.block.is_unknown()) continue;
        if (!transport_.connected()) break;  // the next unit, or the next turn, connects again
        const auto failure = ask(unit, asked);
        asked.flaw.reset();
        // On the unit's own phase: half a period early counts as due.
        if (!failure) asked.due = clock_() + asked.every - std::min(asked.every, timing_.period / 2);
        if (!failure || failure->fault == Fault::unsupported) continue;
        asked.due = clock_() + asked.backoff.next();
        asked.flaw = failure;
    }
    if (unit.plan.known_holes && transport_.connected()) unit.plan.known_holes->keep(unit.holes_key, unit.blocks.entry());
}

void Polling::succeeded(Polled& unit, SourceReading reading, Time taken, Duration rtt) {
    if (unit.health.consecutive_failures > 0) {
        for (Polled& other : units_) {
            if (other.health.state != SourceState::failing) continue;
            other.due = std::min(other.due, std::max(clock_(), earliest(other)));
        }
    }
    unit.own_due = unit.turned_away = {};
    unit.may_be_early = true;
    unit.backoff.reset();
    unit.has_voltage = reading.voltage.has_value();
    unit.due = is_fast(unit) ? phase_ : phase_ + slow_round() - timing_.period;
    if (unit.size.answered(taken)) unit.blocks.forget_holes(unit.size.most());
    hand_over(unit, reading, taken);
    SourceHealth& health = unit.health;
    health.state = SourceState::ok;
    health.last_success = taken;
    health.ever_succeeded = true;
    ++health.successes;
    health.consecutive_failures = 0;
    health.last_error = last_error_of(unit, reading.complaint);
    health.complaint = reading.complaint;
    health.complaint_level = reading.complaint_level;
    health.fault.reset();
    health.rtt = rtt;
    report_health(unit);
}

/// Reports a voltage that decisions wait for before the slow round: first with the previous slow values, and again with the new
/// ones. After a fault the reading waits for both.
void Polling::hand_over_early(Polled& unit, Time taken) {
    const auto further = unit.blocks.further();
    const bool slow = std::ranges::all_of(further, [](const PolledBlock& one) { return one.every > 0ms; });
    const bool due = std::ranges::any_of(further, [taken](const PolledBlock& one) { return taken >= one.due; });
    if (!slow || !due || unit.health.state != SourceState::ok || !is_fast(unit) || stop_.is_set()) return;
    auto reading = unit.plan.assemble(unit.blocks.answers(taken));
    if (reading) hand_over(unit, reading.value(), taken);
}

void Polling::hand_over(Polled& unit, SourceReading& reading, Time taken) {
    // Excludes the further blocks: live powers of other devices would hide that the battery's values do not move.
    if (unit.blocks.first().block.changed() || !unit.health.ever_succeeded) unit.moved = taken;
    reading.name = unit.plan.source;
    reading.taken = taken;
    reading.moved = unit.moved;
    if (sink_.reading) sink_.reading(reading);
}

/// Returns the unit's last error: failed blocks, missing registers, and its own alarms.
std::string Polling::last_error_of(const Polled& unit, const std::string& complaint) const {
    std::string text = unit.unseen, unknown;
    for (const PolledBlock& asked : unit.blocks.all()) {
        if (asked.flaw) add(text, asked.flaw->text);
        for (const Stretch& hole : asked.block.holes()) unknown += (unknown.empty() ? "" : ", ") + registers(hole);
    }
    add(text, unknown.empty() ? "" : unknown + " unknown to the device");
    add(text, transport_.remark());
    add(text, complaint);
    return text;
}

/// Returns the gap after a failure. Registers that a decision needs are retried soon, even if the device does not know them: that
/// may be temporary.
Duration Polling::gap_after(Polled& unit, const Failure& failure) const {
    if (failure.fault == Fault::absent) return timing_.absent_gap;
    if (failure.fault != Fault::unsupported) return unit.backoff.next();
    return unit.blocks.first().block.lacks_needed() ? timing_.ask_holes_first : timing_.absent_gap;
}

void Polling::count(Polled& unit, const Failure& failure) {
    SourceHealth& health = unit.health;
    health.state = failure.fault == Fault::absent ? SourceState::absent : SourceState::failing;
    ++health.failures;
    ++health.consecutive_failures;
    health.last_error = failure.text;
    health.fault = failure.fault;
    unit.has_voltage = false;
}

/// Returns the earliest next poll, as limited by its own faults.
Time Polling::earliest(const Polled& unit) { return unit.may_be_early ? Time{} : unit.own_due; }

void Polling::failed(Polled& unit, const Failure& failure) {
    count(unit, failure);
    // A unit that just answered is polled once more soon: behind a gateway a single lost reply looks the same.
    const bool hiccup = unit.health.ever_succeeded && unit.health.consecutive_failures == 1;
    unit.due = unit.own_due = clock_() + (hiccup ? unit.backoff.next() : gap_after(unit, failure));
    if (unit.plan.search && failure.fault == Fault::absent && !hiccup) {
        unit.finder.emplace(*unit.plan.search);
        begin_search_anew(unit);
    }
    // Its name may point elsewhere by now, and is resolved only at a connect.
    if (failure.fault == Fault::wrong_device && !serves_any()) transport_.close();
    report_health(unit);
}

bool Polling::serves_any() const {
    return std::ranges::any_of(units_, [](const Polled& unit) { return unit.health.state == SourceState::ok; });
}

/// Records a failure of the connection, not of the unit: its own retry gap does not grow.
void Polling::cut_off(Polled& unit) {
    count(unit, link_failure_);
    unit.due = std::max(link_due_, earliest(unit));
    report_health(unit);
}

void Polling::report_health(const Polled& unit) const {
    if (sink_.health) sink_.health(unit.health);
}

}  // namespace volt::modbus
