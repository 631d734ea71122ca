#include "daemon/charge_carrier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace volt {

namespace {

std::int64_t day_of(Utc utc) { return std::chrono::floor<std::chrono::days>(utc).count(); }

std::string amps(int limit_a) { return limit_a < 0 ? "no limit (-1)" : fmt::format("{} A", limit_a); }

}  // namespace

void ChargeCarrier::look(const ChargeScene& scene) {
    const std::string open = step(scene);
    desk_.watch(memory_.ours);
    if (open.empty()) {
        open_since_.reset();
        failure_.clear();
        return;
    }
    if (!open_since_) open_since_ = scene.now;
    // Where nothing may be written there is nothing to wait for, but a limit that was put back just before.
    const bool put_back = given_ && given_->limit_a != 0 && scene.now - *given_at_ < failed_after;
    const bool lasts = scene.now - *open_since_ >= failed_after;
    failure_ = lasts || (!scene.may_write && !put_back) ? open : "";
}

/// What is still open; empty: all is as it should be.
std::string ChargeCarrier::step(const ChargeScene& scene) {
    if (!scene.may_write) return left_alone(scene);
    const ChargeSeen seen = desk_.seen();
    if (!seen.limit_a || scene.now - seen.read_at > seen_lasts) {
        if (!scene.blocked && !memory_.ours) return "";
        return "register 2705 of the GX cannot be read" + (seen.error.empty() ? std::string() : ": " + seen.error);
    }
    const auto limit = goal(scene, *seen.limit_a);
    if (!limit || *limit == *seen.limit_a) {
        counted_.reset();
        if (limit && std::exchange(tell_taken_, false)) notes_.push_back("The GX holds it: register 2705 is " + amps(*limit));
        return "";
    }
    const std::string held = want(scene, *limit, *seen.limit_a);
    return held.empty() ? reason_of(seen, *limit) : held;
}

/// Nothing may be written (any more): a block of ours that stands, or may, is told until the register is seen without it.
std::string ChargeCarrier::left_alone(const ChargeScene& scene) {
    counted_.reset();
    const ChargeSeen seen = desk_.seen();
    const bool known = seen.limit_a && scene.now - seen.read_at <= seen_lasts;
    if (memory_.ours && known && *seen.limit_a != 0) {
        notes_.push_back("The block in register 2705 of the GX is over: it holds " + amps(*seen.limit_a));
        memory_.ours = tell_taken_ = false;
        memory_.found_a.reset();
    }
    if (!memory_.ours) return "";
    const int back_a = memory_.found_a.value_or(scene.back_a);
    return fmt::format("a block of voltd's own stands in register 2705 of the GX, and voltd may not write there now "
                       "(charge_limit is report, or commands are shadow): set the limit at the GX to {}, or allow write",
                       amps(back_a));
}

/// What the register is to hold; nothing: what it holds is not ours to change.
std::optional<int> ChargeCarrier::goal(const ChargeScene& scene, int holds) {
    if (scene.blocked) {
        note(scene, holds);
        return 0;
    }
    if (memory_.ours && holds == 0) return memory_.found_a.value_or(scene.back_a);
    if (memory_.ours) {
        notes_.push_back("The block in register 2705 of the GX is over: it holds " + amps(holds));
        tell_taken_ = false;
        memory_.ours = false;
        memory_.found_a.reset();
    } else if (holds == 0 && !std::exchange(told_stranger_, true)) {
        notes_.push_back("Register 2705 of the GX holds 0 A, which is not of voltd: nothing of Victron charges");
    }
    return std::nullopt;
}

/// An own block that stands is never taken for what was found; a limit that somebody set meanwhile is.
void ChargeCarrier::note(const ChargeScene& scene, int holds) {
    if (holds == 0) {  // a block of ours that lost its note, unless it was seen before any order: then it is not voltd's to end
        memory_.ours = memory_.ours || !told_stranger_;
        return;
    }
    if (!memory_.ours || (done(scene.now) && !counted_)) memory_.found_a = holds;
    memory_.ours = true;
}

/// Counts first, then waits until that is stored, then gives the order. Why nothing goes out; empty: it is under way.
std::string ChargeCarrier::want(const ChargeScene& scene, int limit_a, int holds) {
    if (given_ && !done(scene.now)) return "";
    if (counted_ != limit_a) {
        if (too_soon(scene)) return "";
        if (const std::string why = bound(scene, limit_a); !why.empty()) return why;
        counted_ = limit_a;
        count(scene.utc);
        notes_.push_back(fmt::format("Register 2705 of the GX holds {} and is to be {} (write {} of at most {} today)",
                                     amps(holds), amps(limit_a), memory_.writes, most_writes_a_day));
        return "";
    }
    // What is put back is stored already; only the count could be lost.
    if (!scene.stored && limit_a == 0) return "what register 2705 of the GX held cannot be stored: nothing is written without that";
    give(scene, limit_a);
    return "";
}

/// Why no more today; empty: one more write is allowed.
std::string ChargeCarrier::bound(const ChargeScene& scene, int limit_a) const {
    const bool same_day = day_of(scene.utc) <= memory_.day;
    const int most = limit_a == 0 ? most_writes_a_day : most_writes_a_day - kept_for_blocks;
    if (same_day && memory_.writes >= most)
        return fmt::format("register 2705 of the GX was written {} times today, the bound is {} (its flash wears)",
                           memory_.writes, most_writes_a_day);
    return "";
}

bool ChargeCarrier::too_soon(const ChargeScene& scene) const {
    const Duration stored_age = scene.utc - memory_.written_at;
    return given_at_ ? scene.now - *given_at_ < least_gap : stored_age >= 0ms && stored_age < least_gap;
}

void ChargeCarrier::count(Utc utc) {
    const std::int64_t day = day_of(utc);
    if (day > memory_.day) memory_.writes = 0;
    memory_.day = std::max(memory_.day, day);
    ++memory_.writes;
    memory_.written_at = utc;
}

void ChargeCarrier::give(const ChargeScene& scene, int limit_a) {
    given_ = ChargeOrder{desk_.order().number + 1, limit_a, scene.now + order_lasts};
    given_at_ = scene.now;
    counted_.reset();
    desk_.give(*given_);
    tell_taken_ = true;
}

std::string ChargeCarrier::reason_of(const ChargeSeen& seen, int limit_a) const {
    return fmt::format("register 2705 of the GX was to be {} and reads {}{}", amps(limit_a), amps(*seen.limit_a),
                       seen.error.empty() ? "" : ": " + seen.error);
}

bool ChargeCarrier::put_back(const ChargeScene& scene) {
    const ChargeSeen seen = desk_.seen();
    if (!scene.may_write || !memory_.ours || seen.limit_a != 0) return false;
    const int limit_a = memory_.found_a.value_or(scene.back_a);
    if (limit_a == 0 || too_soon(scene) || !bound(scene, limit_a).empty()) return false;
    count(scene.utc);
    give(scene, limit_a);
    notes_.push_back("The limit of register 2705 of the GX is put back: " + amps(limit_a));
    return true;
}

bool ChargeCarrier::done(Time now) const {
    return !given_ || now >= given_->until || desk_.seen().number >= given_->number;
}

std::vector<std::string> ChargeCarrier::take_notes() { return std::exchange(notes_, {}); }

}  // namespace volt
