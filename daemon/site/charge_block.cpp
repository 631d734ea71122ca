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

/// Returns the output that stops charging, as ordered and confirmed, or nothing if none is configured.
const OutputMemory* charge_output(const ChargeTurn& turn) {
    const Index output = turn.policy.charge_output;
    return output == no_index ? nullptr : &turn.decision.next.outputs[static_cast<std::size_t>(output)];
}

Sample<Amps> newest_current(const ChargeTurn& turn) { return site_power(turn.snapshot, turn.policy).battery_current; }

std::optional<Amps> current_of(const ChargeTurn& turn) {
    return json::fresh(newest_current(turn), turn.snapshot.now, power_limit(turn.policy));
}

bool is_blind(const ChargeTurn& turn) { return turn.decision.battery.stage == Stage::blind; }

bool charges_on(const ChargeTurn& turn) {
    return std::ranges::any_of(turn.decision.alarms,
                               [](const Alarm& alarm) { return alarm.code == AlarmCode::charge_not_blocked; });
}

/// Returns what a written register needs in order to act.
template <class Devices>
std::string acts_if(const Devices& devices) {
    std::string text;
    for (const auto& device : devices) {
        const ChargeTarget& target = device.controller.target();
        if (device.writes) text += (text.empty() ? "" : "; ") + target.name + " " + target.acts_if;
    }
    return text;
}

}  // namespace

ChargeBlock::ChargeBlock(const ChargeExchanges& exchanges)
    : devices_{Device{"victron", "2705", {*exchanges.victron, gx_target()}},
               Device{"sol_ark", "210", {*exchanges.sol_ark, sol_ark_target()}},
               Device{"sol_ark_2", "210", {*exchanges.sol_ark_2, sol_ark_target("the second Sol-Ark")}}} {}

void ChargeBlock::configure(const Config& config) {
    const std::string before = std::exchange(wiring_, charge_wiring(config) + (config.control.live ? "" : "shadow"));
    if (before != wiring_) proof_.give_up("the configuration was reloaded");
    means_ = config.control.live ? charge_means(config) : ChargeMeans::report;
    for (Device& device : devices_) device.writes = device.putting_back = false;
    means_by_device_.clear();
    for (const ChargeDevice& device : charge_devices(config)) {
        const auto own = std::ranges::find(devices_, device.name, &Device::name);
        own->writes = config.control.live && device.limit == ChargeLimit::write;
        means_by_device_.emplace_back(device.name, config.control.live ? means_of(device, means_) : ChargeMeans::report);
    }
    if (config.victron) devices_[0].back_a = config.victron->charge_limit_a;
    if (config.sol_ark) devices_[1].back_a = config.sol_ark->charge_limit_a.value_or(-1);
    if (config.sol_ark_2) devices_[2].back_a = config.sol_ark_2->charge_limit_a.value_or(-1);
}

void ChargeBlock::restore(const ChargeMemories& memory) {
    devices_[0].controller.restore(memory.victron);
    devices_[1].controller.restore(memory.sol_ark);
    devices_[2].controller.restore(memory.sol_ark_2);
    proven_ = memory.proof;
}

ChargeMemories ChargeBlock::memory() const {
    return {devices_[0].controller.memory(), devices_[1].controller.memory(), devices_[2].controller.memory(), proven_};
}

ChargeInputs ChargeBlock::inputs_of(const Device& device, const ChargeTurn& turn) const {
    return {turn.snapshot.now, turn.snapshot.utc, turn.decision.charge.blocked || proof_.blocks(), device.writes,
            device.back_a,     turn.stored,       blocked_by_cold(turn.decision.next.charge)};
}

void ChargeBlock::update(const ChargeTurn& turn) {
    update_proof(turn);
    for (Device& device : devices_) {
        if (device.putting_back) continue;  // until the new configuration is active
        device.controller.update(inputs_of(device, turn));
        for (std::string& note : device.controller.take_notes()) notes_.push_back({device.subject, std::move(note)});
    }
    // Report this only if every means holds the block. A means that failed explains the charging by itself.
    const std::string needs = charges_on(turn) && holds(turn) ? acts_if(devices_) : "";
    ignored_ = needs.empty() ? "" : "the block has no effect; " + needs;
    update_facts(turn);
}

void ChargeBlock::update_proof(const ChargeTurn& turn) {
    if (proof_.state() != ChargeProof::State::running) return;
    const std::string before = proof_.text();
    proof_.update({turn.snapshot.now, turn.decision.charge.blocked, is_blind(turn), current_of(turn), newest_current(turn).taken,
                   holds(turn), stands(turn), failures(), acts_if(devices_)});
    if (proof_.state() == ChargeProof::State::proven) proven_ = {turn.snapshot.utc, wiring_};
    if (proof_.text() != before) notes_.push_back({"proof", proof_.text()});
}

bool ChargeBlock::holds(const ChargeTurn& turn) const {
    const bool all = std::ranges::all_of(
        devices_, [&](const Device& device) { return !device.writes || device.controller.holds_block(turn.snapshot.now); });
    const OutputMemory* output = charge_output(turn);
    return all && (output == nullptr || (output->ordered && !output->on && output->confirmed));
}

bool ChargeBlock::stands(const ChargeTurn& turn) const {
    const OutputMemory* output = charge_output(turn);
    if (output != nullptr && output->ordered && (!output->on || !output->confirmed)) return true;
    return std::ranges::any_of(devices_, [](const Device& device) { return device.writes && device.controller.memory().ours; });
}

std::string ChargeBlock::failures() const {
    std::string text;
    for (const Device& device : devices_)
        if (!device.controller.failure().empty()) text += (text.empty() ? "" : "; ") + device.controller.failure();
    return text.empty() ? ignored_ : text;
}

std::optional<SystemAlarm> ChargeBlock::failure(bool blocked) const {
    const std::string text = failures();
    if (text.empty()) return std::nullopt;
    if (blocked && std::ranges::any_of(devices_, &Device::writes))
        return SystemAlarm{AlarmCode::charge_not_blocked, "", "Charging cannot be blocked: " + text};
    return SystemAlarm{AlarmCode::charge_not_released, "", "Charging cannot be released: " + text};
}

/// Returns `failed` if any means failed. An output stops every charger that it switches.
ChargeMeans ChargeBlock::carried_out(const ChargeTurn& turn) const {
    if (!failures().empty()) return ChargeMeans::failed;
    if (means_ != ChargeMeans::output) return means_;
    const OutputMemory* order = charge_output(turn);
    if (order == nullptr) return ChargeMeans::none;
    const Time since = order->ordered_at.value_or(turn.snapshot.now);
    const bool late = order->ordered && !order->confirmed && turn.snapshot.now - since >= ChargeLimitController::failed_after;
    return late ? ChargeMeans::failed : ChargeMeans::output;
}

void ChargeBlock::update_facts(const ChargeTurn& turn) {
    const bool proven = acts(means_) && !proven_.wiring.empty() && proven_.wiring == wiring_;
    facts_.carried_out = carried_out(turn);
    facts_.means = means_by_device_;
    facts_.proven = proven ? iso_utc(proven_.at) : "";
    facts_.proof_state = name_of(proof_.state());
    facts_.proof_text = proof_.text();
}

std::string ChargeBlock::unready(const ChargeTurn& turn) const {
    if (proof_.state() == ChargeProof::State::running) return "a proof is already running";
    if (!turn.policy.control.live) return "commands are in shadow: voltd switches nothing";
    if (means_ == ChargeMeans::none) return "voltd cannot stop every charger (carried_out: none)";
    if (!acts(means_)) return "voltd has no means to stop charging (carried_out: report)";
    if (carried_out(turn) == ChargeMeans::failed) return "stopping charging currently fails: " + failures();
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
    for (const Device& device : devices_) {
        if (!device.writes) continue;
        if (std::string why = device.controller.unready(inputs_of(device, turn)); !why.empty()) return why;
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

bool ChargeBlock::release(const ChargeTurn& turn, const std::vector<std::string>& devices) {
    const bool cold = blocked_by_cold(turn.decision.next.charge);
    proof_.give_up("voltd ended, or may no longer write");
    bool any = false;
    for (Device& device : devices_) {
        if (std::ranges::find(devices, device.name) == devices.end()) continue;
        const ChargeInputs inputs = inputs_of(device, turn);
        device.putting_back = !cold && device.controller.put_back(inputs);
        any = any || device.putting_back;
        for (std::string& note : device.controller.take_notes()) notes_.push_back({device.subject, std::move(note)});
        if (device.putting_back || !device.controller.may_hold_block(turn.snapshot.now)) continue;
        const char* left = cold ? "Charging stays blocked by {} although voltd no longer controls it: the battery is too cold"
                                : "Charging stays blocked by {}; the next start of voltd restores the previous limit";
        notes_.push_back({device.subject, fmt::format(fmt::runtime(left), device.controller.target().name)});
    }
    return any;
}

bool ChargeBlock::waits(Time now) const {
    return std::ranges::any_of(devices_,
                               [now](const Device& device) { return device.putting_back && !device.controller.done(now); });
}

std::vector<ChargeNote> ChargeBlock::take_notes() { return std::exchange(notes_, {}); }

}  // namespace volt
