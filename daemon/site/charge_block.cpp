#include "daemon/site/charge_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/explain/json_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "daemon/explain/topics.hpp"
#include "rules/names.hpp"
#include "rules/readings/site_power.hpp"

namespace volt {

namespace {

/// The output that stops charging, as ordered and confirmed; nothing: none is configured.
const OutputMemory* charge_output(const ChargeTurn& turn) {
    const Index output = turn.policy.charge_output;
    return output == no_index ? nullptr : &turn.decision.next.outputs[static_cast<std::size_t>(output)];
}

Sample<Amps> newest_current(const ChargeTurn& turn) { return site_power(turn.snapshot, turn.policy).battery_current; }

std::optional<Amps> current_of(const ChargeTurn& turn) {
    const Duration limit = std::max(turn.policy.control.power_stale, 3 * turn.policy.power_poll);
    return json::fresh(newest_current(turn), turn.snapshot.now, limit);
}

bool is_blind(const ChargeTurn& turn) { return turn.decision.battery.stage == Stage::blind; }

}  // namespace

ChargeBlock::ChargeBlock(const ChargeDesks& desks)
    : all_{Means{"victron", "2705", {*desks.victron, gx_target()}}, Means{"sol_ark", "210", {*desks.sol_ark, sol_ark_target()}},
           Means{"sol_ark_2", "210", {*desks.sol_ark_2, sol_ark_target("the second Sol-Ark")}}} {}

void ChargeBlock::configure(const Config& config) {
    const std::string before = std::exchange(wiring_, charge_wiring(config) + (config.control.live ? "" : "shadow"));
    if (before != wiring_) proof_.give_up("the configuration was reloaded");
    means_ = config.control.live ? charge_means(config) : ChargeMeans::report;
    for (Means& means : all_) means.writes = means.putting_back = false;
    words_.clear();
    for (const ChargeDevice& device : charge_devices(config)) {
        const auto means = std::ranges::find(all_, device.name, &Means::device);
        means->writes = config.control.live && device.limit == ChargeLimit::write;
        words_.emplace_back(device.name, config.control.live ? means_word(device, means_) : "report");
    }
    if (config.victron) all_[0].back_a = config.victron->charge_limit_a;
    if (config.sol_ark) all_[1].back_a = config.sol_ark->charge_limit_a.value_or(-1);
    if (config.sol_ark_2) all_[2].back_a = config.sol_ark_2->charge_limit_a.value_or(-1);
}

void ChargeBlock::restore(const ChargeMemories& memory) {
    all_[0].carrier.restore(memory.victron);
    all_[1].carrier.restore(memory.sol_ark);
    all_[2].carrier.restore(memory.sol_ark_2);
    proven_ = memory.proof;
}

ChargeMemories ChargeBlock::memory() const {
    return {all_[0].carrier.memory(), all_[1].carrier.memory(), all_[2].carrier.memory(), proven_};
}

ChargeInputs ChargeBlock::scene_of(const Means& means, const ChargeTurn& turn) const {
    return {turn.snapshot.now, turn.snapshot.utc, turn.decision.charge.blocked || proof_.blocks(), means.writes,
            means.back_a,      turn.stored,       blocked_by_cold(turn.decision.next.charge)};
}

void ChargeBlock::look(const ChargeTurn& turn) {
    look_at_proof(turn);
    for (Means& means : all_) {
        if (means.putting_back) continue;  // until the new configuration is in force
        means.carrier.look(scene_of(means, turn));
        for (std::string& note : means.carrier.take_notes()) notes_.push_back({means.subject, std::move(note)});
    }
    tell(turn);
}

void ChargeBlock::look_at_proof(const ChargeTurn& turn) {
    if (proof_.state() != ChargeProof::State::running) return;
    const std::string before = proof_.text();
    proof_.look({turn.snapshot.now, turn.decision.charge.blocked, is_blind(turn), current_of(turn), newest_current(turn).taken,
                 holds(turn), stands(turn), failures()});
    if (proof_.state() == ChargeProof::State::proven) proven_ = {turn.snapshot.utc, wiring_};
    if (proof_.text() != before) notes_.push_back({"proof", proof_.text()});
}

bool ChargeBlock::holds(const ChargeTurn& turn) const {
    const bool all = std::ranges::all_of(
        all_, [&](const Means& means) { return !means.writes || means.carrier.holds_block(turn.snapshot.now); });
    const OutputMemory* output = charge_output(turn);
    return all && (output == nullptr || (output->ordered && !output->on && output->confirmed));
}

bool ChargeBlock::stands(const ChargeTurn& turn) const {
    const OutputMemory* output = charge_output(turn);
    if (output != nullptr && output->ordered && (!output->on || !output->confirmed)) return true;
    return std::ranges::any_of(all_, [](const Means& means) { return means.writes && means.carrier.memory().ours; });
}

std::string ChargeBlock::failures() const {
    std::string text;
    for (const Means& means : all_)
        if (!means.carrier.failure().empty()) text += (text.empty() ? "" : "; ") + means.carrier.failure();
    return text;
}

std::string ChargeBlock::failure(bool blocked) const {
    const std::string text = failures();
    if (text.empty()) return "";
    const bool to_block = blocked && std::ranges::any_of(all_, &Means::writes);
    return fmt::format("Charging cannot be {}: {}", to_block ? "blocked" : "released", text);
}

/// `failed` before all; an output reaches every charger that it switches.
std::string ChargeBlock::carried_out(const ChargeTurn& turn) const {
    if (!failures().empty()) return "failed";
    switch (means_) {
        case ChargeMeans::report: return "report";
        case ChargeMeans::write: return "write";
        case ChargeMeans::none: return "none";
        case ChargeMeans::output: break;
    }
    const OutputMemory* order = charge_output(turn);
    if (order == nullptr) return "none";
    const Time since = order->ordered_at.value_or(turn.snapshot.now);
    const bool late = order->ordered && !order->confirmed && turn.snapshot.now - since >= ChargeLimitController::failed_after;
    return late ? "failed" : "output";
}

void ChargeBlock::tell(const ChargeTurn& turn) {
    const bool proven = acts(means_) && !proven_.wiring.empty() && proven_.wiring == wiring_;
    facts_.carried_out = carried_out(turn);
    facts_.means = words_;
    facts_.proven = proven ? iso_utc(proven_.at) : "";
    facts_.proof_state = name_of(proof_.state());
    facts_.proof_text = proof_.text();
}

std::string ChargeBlock::unready(const ChargeTurn& turn) const {
    if (proof_.state() == ChargeProof::State::running) return "a proof is already running";
    if (!turn.policy.control.live) return "commands are in shadow: voltd switches nothing";
    if (means_ == ChargeMeans::none) return "not every charger can be stopped (carried_out: none)";
    if (!acts(means_)) return "nothing here can stop the charging (carried_out: report)";
    if (carried_out(turn) == "failed") return "the means to stop charging fails now: " + failures();
    const ChargeVerdict& charge = turn.decision.charge;
    if (charge.blocked) return "charging is blocked now";
    if (is_blind(turn)) return "no usable battery voltage";
    if (charge.limit && (!charge.temperature || *charge.temperature < *charge.limit + turn.policy.control.charge_release))
        return "the battery is too cold, or its temperature is unknown; try again when it is warm";
    const std::optional<Amps> current = current_of(turn);
    if (!current) return "no usable battery current";
    if (*current <= ChargeProof::least)
        return fmt::format("the battery must charge with more than {}; it is {} now", phrase(ChargeProof::least),
                           phrase(*current));
    for (const Means& means : all_) {
        if (!means.writes) continue;
        if (std::string why = means.carrier.unready(scene_of(means, turn)); !why.empty()) return why;
    }
    return "";
}

std::string ChargeBlock::prove(const ChargeTurn& turn) {
    std::string why = unready(turn);
    if (!why.empty()) return why;
    proof_.begin(turn.snapshot.now, *current_of(turn));
    notes_.push_back({"proof", proof_.text()});
    facts_.proof_state = name_of(proof_.state());
    facts_.proof_text = proof_.text();
    return "";
}

bool ChargeBlock::leave(const ChargeTurn& turn, const std::vector<std::string>& devices) {
    const bool cold = blocked_by_cold(turn.decision.next.charge);
    proof_.give_up("voltd ended, or may no longer write");
    bool any = false;
    for (Means& means : all_) {
        if (std::ranges::find(devices, means.device) == devices.end()) continue;
        ChargeInputs scene = scene_of(means, turn);
        means.putting_back = !cold && means.carrier.put_back(scene);
        any = any || means.putting_back;
        for (std::string& note : means.carrier.take_notes()) notes_.push_back({means.subject, std::move(note)});
        if (means.putting_back || !means.carrier.may_hold_block(turn.snapshot.now)) continue;
        const char* left = cold ? "Charging stays blocked by {} although voltd no longer controls it: the battery is too cold"
                                : "Charging stays blocked by {}; the next start of voltd restores the previous limit";
        notes_.push_back({means.subject, fmt::format(fmt::runtime(left), means.carrier.target().name)});
    }
    return any;
}

bool ChargeBlock::waits(Time now) const {
    return std::ranges::any_of(all_, [now](const Means& means) { return means.putting_back && !means.carrier.done(now); });
}

std::vector<ChargeNote> ChargeBlock::take_notes() { return std::exchange(notes_, {}); }

}  // namespace volt
