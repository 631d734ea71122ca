#include "daemon/site/charge_limit_controller.hpp"

#include <fmt/format.h>

#include <utility>

#include "daemon/explain/phrase.hpp"

namespace volt {

namespace {

std::string amps(int limit_a) { return limit_a < 0 ? "no limit (-1)" : fmt::format("{} A", limit_a); }

bool known(const ChargeSeen& seen, Time now) { return seen.limit_a && now - seen.read_at <= ChargeLimitController::seen_lasts; }

std::string unreadable(const ChargeTarget& target, const ChargeSeen& seen) {
    return target.name + " cannot be read" + (seen.error.empty() ? "" : ": " + seen.error);
}

std::string mismatch(const ChargeTarget& target, const ChargeSeen& seen, int limit_a) {
    const std::string& why = seen.error.empty() ? seen.refusal : seen.error;
    return fmt::format("{} should be {} but reads {}{}", target.name, amps(limit_a), amps(*seen.limit_a),
                       why.empty() ? "" : ": " + why);
}

std::string over_bound(const ChargeTarget& target, const ChargeWrites& writes, bool cold) {
    constexpr auto gap = std::chrono::duration_cast<std::chrono::minutes>(ChargeLimitController::cold_gap);
    return fmt::format("{} was written {} times today; the limit is {} (each write wears out its flash){}", target.name,
                       writes.count, ChargeWrites::most_a_day,
                       cold ? fmt::format("; a block by cold is still written every {} min", gap.count()) : "");
}

}  // namespace

ChargeTarget gx_target() {
    return {"the GX", "register 2705 of the GX", 0, "acts only with DVCC (on the GX: Settings, DVCC, on)"};
}

ChargeTarget sol_ark_target(const std::string& which) {
    return {which, "register 210 of " + which, 2, "may have no effect on this model"};
}

void ChargeLimitController::update(const ChargeInputs& inputs) {
    exhausted_ = false;
    const std::string text = pending(inputs);
    orders_.watch(memory_.ours);
    if (text.empty()) pending_since_.reset();
    else if (!pending_since_) pending_since_ = inputs.now;
    // Without write permission there is nothing to wait for, except a limit that voltd has just restored.
    const bool put_back = orders_.newest_is_not(0) && inputs.now - orders_.sent_at() < failed_after;
    const bool lasts = exhausted_ || (pending_since_ && inputs.now - *pending_since_ >= failed_after);
    failure_ = lasts || (!inputs.may_write && !put_back) ? text : "";
    // The newest write was a block by cold beyond the daily limit. Until it has held for a while, another controller's next
    // restore leaves the battery unprotected, so the failure remains.
    const bool beyond_bound =
        inputs.may_write && inputs.blocked && memory_.writes.used_up(inputs.utc, 0, 0) && written_within(inputs, cold_gap);
    if (failure_.empty() && beyond_bound) failure_ = over_bound(target_, memory_.writes, inputs.cold);
}

/// Returns the pending action, or an empty string if the register holds its goal.
std::string ChargeLimitController::pending(const ChargeInputs& inputs) {
    if (!inputs.may_write) return report_own_block(inputs);
    const ChargeSeen seen = orders_.seen();
    if (!known(seen, inputs.now)) return inputs.blocked || memory_.ours ? unreadable(target_, seen) : "";
    const auto limit = goal(inputs, *seen.limit_a);
    if (!limit || *limit == *seen.limit_a) {
        counted_.reset();
        orders_.in_effect();
        if (limit && std::exchange(confirm_, false))
            notes_.push_back(fmt::format("Confirmed: {} is {}", target_.name, amps(*limit)));
        return "";
    }
    const std::string held = write(inputs, *limit, *seen.limit_a);
    return held.empty() ? mismatch(target_, seen, *limit) : held;
}

/// Reports voltd's own block while writing is not allowed, until the register is read without it.
std::string ChargeLimitController::report_own_block(const ChargeInputs& inputs) {
    counted_.reset();
    const ChargeSeen seen = orders_.seen();
    if (memory_.ours && known(seen, inputs.now) && *seen.limit_a != 0) end_block(*seen.limit_a);
    if (!memory_.ours) return "";
    const int back_a = memory_.found_a.value_or(inputs.back_a);
    return fmt::format(
        "{} still has voltd's block, and voltd may not write there now "
        "(charge_limit is report, or commands are shadow): set the limit at {} to {}, or allow write",
        target_.name, target_.device, amps(back_a));
}

/// Returns the limit that the register should hold, or nothing if voltd must not change its value.
std::optional<int> ChargeLimitController::goal(const ChargeInputs& inputs, int holds) {
    if (inputs.blocked) {
        keep_previous(inputs, holds);
        return 0;
    }
    if (memory_.ours && holds == 0) return memory_.found_a.value_or(inputs.back_a);
    if (memory_.ours) end_block(holds);
    else if (holds == 0 && !std::exchange(external_block_, true))
        notes_.push_back(fmt::format("{} is 0 A and voltd did not set it: the chargers it limits are blocked", target_.name));
    return std::nullopt;
}

/// Records a limit that someone set in the meantime as the previous value, but never voltd's own block.
void ChargeLimitController::keep_previous(const ChargeInputs& inputs, int holds) {
    if (holds == 0) {  // the note about voltd's block was lost, unless the block was seen before any order: then another
                       // controller set it
        memory_.ours = memory_.ours || !external_block_;
        return;
    }
    if (!memory_.ours || (done(inputs.now) && !counted_)) memory_.found_a = holds;
    memory_.ours = true;
}

void ChargeLimitController::end_block(int holds) {
    notes_.push_back(fmt::format("The block in {} has ended: it is {}", target_.name, amps(holds)));
    memory_.ours = confirm_ = false;
    memory_.found_a.reset();
}

/// Counts the write, waits until that count is stored, then sends the order. Returns the reason nothing was sent, or an empty
/// string if the order is in progress.
std::string ChargeLimitController::write(const ChargeInputs& inputs, int limit_a, int holds) {
    if (!done(inputs.now)) return "";
    if (counted_ != limit_a) {
        exhausted_ = orders_.exhausted(limit_a, inputs.now);
        if (exhausted_)
            return fmt::format("{}; {} writes had no effect, retrying in {}", mismatch(target_, orders_.seen(), limit_a),
                               target_.tries, phrase(ChargeOrders::rest_after_tries));
        if (written_within(inputs, least_gap)) return "";
        if (const std::string why = out_of_budget(inputs, limit_a); !why.empty()) return why;
        counted_ = limit_a;
        memory_.writes.add(inputs.utc);
        const char* count_text = memory_.writes.count > ChargeWrites::most_a_day
                                     ? "Setting {} from {} to {} (write {} today, over the limit of {}: the battery is too cold)"
                                     : "Setting {} from {} to {} (write {} of at most {} today)";
        notes_.push_back(fmt::format(fmt::runtime(count_text), target_.name, amps(holds), amps(limit_a), memory_.writes.count,
                                     ChargeWrites::most_a_day));
        return "";
    }
    // The restored limit is stored already. Only the count could be lost.
    if (!inputs.stored && limit_a == 0)
        return fmt::format("the value of {} cannot be saved, and voltd does not write without that", target_.name);
    orders_.send(limit_a, inputs.now);
    counted_.reset();
    confirm_ = true;
    return "";
}

/// Returns the reason no more writes are allowed today, or an empty string if `more` writes are.
std::string ChargeLimitController::out_of_budget(const ChargeInputs& inputs, int limit_a, int more) const {
    if (!memory_.writes.used_up(inputs.utc, limit_a, more)) return "";
    const bool by_cold = limit_a == 0 && inputs.cold;
    return by_cold && !written_within(inputs, cold_gap) ? "" : over_bound(target_, memory_.writes, inputs.cold);
}

bool ChargeLimitController::written_within(const ChargeInputs& inputs, Duration gap) const {
    if (const auto newest = orders_.newest_write()) return inputs.now - *newest < gap;
    const Duration stored_age = inputs.utc - memory_.writes.newest;
    return stored_age >= 0ms && stored_age < gap + ChargeOrders::lasts;
}

bool ChargeLimitController::put_back(const ChargeInputs& inputs) {
    const ChargeSeen seen = orders_.seen();
    const bool under_way = !done(inputs.now);
    const int limit_a = memory_.found_a.value_or(inputs.back_a);
    if (!inputs.may_write || !memory_.ours || limit_a == 0) return false;
    if (under_way && !orders_.newest_is_not(limit_a)) return true;
    // A block that the device has yet to accept, or has accepted but not shown, would outlive voltd. The new order replaces one
    // not accepted yet. A device that was never blocked already holds the limit and is not written.
    const bool may_be_blocked = seen.limit_a == 0 || !seen.read_back || under_way;
    if (!may_be_blocked || !out_of_budget(inputs, limit_a).empty()) return false;
    memory_.writes.add(inputs.utc);
    orders_.send(limit_a, inputs.now);
    counted_.reset();
    confirm_ = true;
    notes_.push_back(fmt::format("Restoring {} to {}", target_.name, amps(limit_a)));
    return true;
}

bool ChargeLimitController::holds_block(Time now) const {
    const ChargeSeen seen = orders_.seen();
    return memory_.ours && known(seen, now) && *seen.limit_a == 0;
}

bool ChargeLimitController::may_hold_block(Time now) const {
    const ChargeSeen seen = orders_.seen();
    return memory_.ours && (!known(seen, now) || !seen.read_back || *seen.limit_a == 0);
}

std::string ChargeLimitController::unready(const ChargeInputs& inputs) const {
    const ChargeSeen seen = orders_.seen();
    if (!inputs.may_write) return target_.name + " may not be written now";
    if (!known(seen, inputs.now)) return unreadable(target_, seen);
    if (*seen.limit_a == 0) return target_.name + " is already 0 A";
    if (memory_.ours || written_within(inputs, least_gap))
        return target_.name + " was written less than " + phrase(least_gap) + " ago";
    return out_of_budget(inputs, 1, 2);
}

std::vector<std::string> ChargeLimitController::take_notes() { return std::exchange(notes_, {}); }

}  // namespace volt
