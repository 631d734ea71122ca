#include "daemon/site/charge_limit_controller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace volt {

namespace {

std::int64_t day_of(Utc utc) { return std::chrono::floor<std::chrono::days>(utc).count(); }

std::string cold_exception(const ChargeInputs& scene) {
    constexpr auto gap = std::chrono::duration_cast<std::chrono::minutes>(ChargeLimitController::cold_gap);
    return scene.cold ? fmt::format("; a block by cold is still written every {} min", gap.count()) : "";
}

std::string amps(int limit_a) { return limit_a < 0 ? "no limit (-1)" : fmt::format("{} A", limit_a); }

}  // namespace

ChargeTarget gx_target() { return {"the GX", "register 2705 of the GX", 0}; }

ChargeTarget sol_ark_target(const std::string& which) { return {which, "register 210 of " + which, 2}; }

void ChargeLimitController::look(const ChargeInputs& scene) {
    given_up_ = false;
    const std::string open = step(scene);
    desk_.watch(memory_.ours);
    if (open.empty()) open_since_.reset();
    else if (!open_since_) open_since_ = scene.now;
    // Where nothing may be written there is nothing to wait for, but a limit that was put back just before.
    const bool put_back = given_ && given_->limit_a != 0 && scene.now - *given_at_ < failed_after;
    const bool lasts = given_up_ || (open_since_ && scene.now - *open_since_ >= failed_after);
    failure_ = lasts || (!scene.may_write && !put_back) ? open : "";
    if (failure_.empty() && beyond_bound(scene)) failure_ = over_bound(scene);
}

/// What is still open; empty: all is as it should be.
std::string ChargeLimitController::step(const ChargeInputs& scene) {
    if (!scene.may_write) return left_alone(scene);
    const ChargeSeen seen = desk_.seen();
    if (!known(seen, scene.now)) {
        if (!scene.blocked && !memory_.ours) return "";
        return target_.name + " cannot be read" + (seen.error.empty() ? std::string() : ": " + seen.error);
    }
    const auto limit = goal(scene, *seen.limit_a);
    if (!limit || *limit == *seen.limit_a) {
        counted_.reset();
        vain_ = 0;
        if (limit && std::exchange(tell_taken_, false))
            notes_.push_back(fmt::format("Confirmed: {} is {}", target_.name, amps(*limit)));
        return "";
    }
    const std::string held = want(scene, *limit, *seen.limit_a);
    return held.empty() ? reason_of(seen, *limit) : held;
}

/// Writing is not allowed (any more): a block of ours is reported until the register is read without it.
std::string ChargeLimitController::left_alone(const ChargeInputs& scene) {
    counted_.reset();
    const ChargeSeen seen = desk_.seen();
    if (memory_.ours && known(seen, scene.now) && *seen.limit_a != 0) {
        notes_.push_back(fmt::format("The block in {} has ended: it is {}", target_.name, amps(*seen.limit_a)));
        memory_.ours = tell_taken_ = false;
        memory_.found_a.reset();
    }
    if (!memory_.ours) return "";
    const int back_a = memory_.found_a.value_or(scene.back_a);
    return fmt::format(
        "{} still has voltd's block, and voltd may not write there now "
        "(charge_limit is report, or commands are shadow): set the limit at {} to {}, or allow write",
        target_.name, target_.device, amps(back_a));
}

/// What the register is to hold; nothing: what it holds is not ours to change.
std::optional<int> ChargeLimitController::goal(const ChargeInputs& scene, int holds) {
    if (scene.blocked) {
        note(scene, holds);
        return 0;
    }
    if (memory_.ours && holds == 0) return memory_.found_a.value_or(scene.back_a);
    if (memory_.ours) {
        notes_.push_back(fmt::format("The block in {} has ended: it is {}", target_.name, amps(holds)));
        tell_taken_ = false;
        memory_.ours = false;
        memory_.found_a.reset();
    } else if (holds == 0 && !std::exchange(told_stranger_, true)) {
        notes_.push_back(fmt::format("{} is 0 A and voltd did not set it: the chargers it limits are blocked", target_.name));
    }
    return std::nullopt;
}

/// Our own block is never recorded as the previous value; a limit that someone set in the meantime is.
void ChargeLimitController::note(const ChargeInputs& scene, int holds) {
    if (holds == 0) {  // a block of ours that lost its note, unless it was seen before any order: then it is not voltd's to end
        memory_.ours = memory_.ours || !told_stranger_;
        return;
    }
    if (!memory_.ours || (done(scene.now) && !counted_)) memory_.found_a = holds;
    memory_.ours = true;
}

/// Counts first, then waits until that is stored, then gives the order. Why nothing goes out; empty: it is under way.
std::string ChargeLimitController::want(const ChargeInputs& scene, int limit_a, int holds) {
    if (given_ && !done(scene.now)) return "";
    if (counted_ != limit_a) {
        if (gives_up(scene, limit_a))
            return fmt::format("{}; {} writes had no effect, retrying in an hour", reason_of(desk_.seen(), limit_a),
                               target_.tries);
        if (written_within(scene, least_gap)) return "";
        if (const std::string why = bound(scene, limit_a); !why.empty()) return why;
        counted_ = limit_a;
        count(scene.utc);
        const char* count_text = memory_.writes > most_writes_a_day
                                     ? "Setting {} from {} to {} (write {} today, over the limit of {}: the battery is too cold)"
                                     : "Setting {} from {} to {} (write {} of at most {} today)";
        notes_.push_back(
            fmt::format(fmt::runtime(count_text), target_.name, amps(holds), amps(limit_a), memory_.writes, most_writes_a_day));
        return "";
    }
    // What is put back is stored already; only the count could be lost.
    if (!scene.stored && limit_a == 0)
        return fmt::format("the value of {} cannot be saved, and voltd does not write without that", target_.name);
    give(scene, limit_a);
    return "";
}

/// So many writes of one value went out and did not hold: the next ones wait, the device wears and does not obey.
bool ChargeLimitController::gives_up(const ChargeInputs& scene, int limit_a) {
    const ChargeSeen seen = desk_.seen();
    if (given_ && judged_ != given_->number && seen.read_back) {
        judged_ = given_->number;
        if (given_->limit_a != limit_a) vain_ = 0;
        else if (seen.number >= given_->number && seen.written) ++vain_;
    }
    if (given_ && (given_->limit_a != limit_a || scene.now - *given_at_ >= rest_after_tries)) vain_ = 0;
    given_up_ = target_.tries > 0 && vain_ >= target_.tries;
    return given_up_;
}

/// Why no more today; empty: `more` writes are allowed.
std::string ChargeLimitController::bound(const ChargeInputs& scene, int limit_a, int more) const {
    if (!used_up(scene, limit_a, more)) return "";
    const bool by_cold = limit_a == 0 && scene.cold;
    return by_cold && !written_within(scene, cold_gap) ? "" : over_bound(scene);
}

bool ChargeLimitController::used_up(const ChargeInputs& scene, int limit_a, int more) const {
    const bool same_day = day_of(scene.utc) <= memory_.day;
    const int most = limit_a == 0 ? most_writes_a_day : most_writes_a_day - kept_for_blocks;
    return same_day && memory_.writes + more > most;
}

/// The newest write was a block by cold after the bound of the day: until it has held for a while, the next restore by
/// another controller leaves the battery unprotected, and the failure stands.
bool ChargeLimitController::beyond_bound(const ChargeInputs& scene) const {
    return scene.may_write && scene.blocked && used_up(scene, 0, 0) && written_within(scene, cold_gap);
}

std::string ChargeLimitController::over_bound(const ChargeInputs& scene) const {
    return fmt::format("{} was written {} times today; the limit is {} (its flash wears){}", target_.name, memory_.writes,
                       most_writes_a_day, cold_exception(scene));
}

/// By the write itself where it is known: an order may go out some seconds after it was given.
bool ChargeLimitController::written_within(const ChargeInputs& scene, Duration gap) const {
    if (!given_at_) {
        const Duration stored_age = scene.utc - memory_.written_at;
        return stored_age >= 0ms && stored_age < gap + order_lasts;
    }
    const ChargeSeen seen = desk_.seen();
    const bool taken = seen.number >= given_->number;
    Time last = taken ? *given_at_ : given_->until;
    if (taken && seen.written && seen.wrote_at) last = std::max(last, *seen.wrote_at);
    return scene.now - last < gap;
}

void ChargeLimitController::count(Utc utc) {
    const std::int64_t day = day_of(utc);
    if (day > memory_.day) memory_.writes = 0;
    memory_.day = std::max(memory_.day, day);
    ++memory_.writes;
    memory_.written_at = utc;
}

void ChargeLimitController::give(const ChargeInputs& scene, int limit_a) {
    given_ = ChargeOrder{desk_.order().number + 1, limit_a, scene.now + order_lasts};
    given_at_ = scene.now;
    counted_.reset();
    desk_.give(*given_);
    tell_taken_ = true;
}

std::string ChargeLimitController::reason_of(const ChargeSeen& seen, int limit_a) const {
    const std::string& why = seen.error.empty() ? seen.refusal : seen.error;
    return fmt::format("{} should be {} but reads {}{}", target_.name, amps(limit_a), amps(*seen.limit_a),
                       why.empty() ? "" : ": " + why);
}

bool ChargeLimitController::put_back(const ChargeInputs& scene) {
    const ChargeSeen seen = desk_.seen();
    const bool under_way = given_ && !done(scene.now);
    const int limit_a = memory_.found_a.value_or(scene.back_a);
    if (!scene.may_write || !memory_.ours || limit_a == 0) return false;
    if (under_way && given_->limit_a == limit_a) return true;
    // A block that the device has yet to take, or has taken and not shown yet, would stand after voltd. The new order takes the
    // place of one that is not taken; a device that never was blocked holds the limit already, and is not written.
    const bool may_be_blocked = seen.limit_a == 0 || !seen.read_back || under_way;
    if (!may_be_blocked || !bound(scene, limit_a).empty()) return false;
    count(scene.utc);
    give(scene, limit_a);
    notes_.push_back(fmt::format("Restoring {} to {}", target_.name, amps(limit_a)));
    return true;
}

bool ChargeLimitController::done(Time now) const {
    return !given_ || now >= given_->until || desk_.seen().number >= given_->number;
}

bool ChargeLimitController::holds_block(Time now) const {
    const ChargeSeen seen = desk_.seen();
    return memory_.ours && known(seen, now) && *seen.limit_a == 0;
}

bool ChargeLimitController::may_hold_block(Time now) const {
    const ChargeSeen seen = desk_.seen();
    return memory_.ours && (!known(seen, now) || !seen.read_back || *seen.limit_a == 0);
}

std::string ChargeLimitController::unready(const ChargeInputs& scene) const {
    const ChargeSeen seen = desk_.seen();
    if (!scene.may_write) return target_.name + " may not be written now";
    if (!known(seen, scene.now)) return target_.name + " cannot be read" + (seen.error.empty() ? "" : ": " + seen.error);
    if (*seen.limit_a == 0) return target_.name + " is already 0 A";
    if (memory_.ours || written_within(scene, least_gap)) return target_.name + " was written less than a minute ago";
    return bound(scene, 1, 2);
}

std::vector<std::string> ChargeLimitController::take_notes() { return std::exchange(notes_, {}); }

}  // namespace volt
