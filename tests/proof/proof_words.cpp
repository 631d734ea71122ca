// Properties 7, 8 and 9: fan and heater, reasons, and determinism.
#include <algorithm>

#include "daemon/journal/rule_state_codec.hpp"
#include "tests/proof/proof.hpp"

namespace volt::proof {

namespace {

bool is_start_reason(Reason reason) {
    return reason == Reason::running || reason == Reason::held_back || reason == Reason::override_on || reason == Reason::heat;
}

/// Returns true for stop reasons, including a zone's: a heater stops for its zone.
bool is_stop_reason(Reason reason) { return reason <= Reason::weather || reason == Reason::zone; }

/// Returns the most severe blocking gate.
const Gate* first_blocking(const Gates& gates) {
    const Gate* first = nullptr;
    for (const Gate& gate : gates)
        if (!gate.passes && (first == nullptr || gate.reason < first->reason)) first = &gate;
    return first;
}

bool has_direct_change(const Turn& turn, Index output) {
    return std::any_of(turn.decision.commands.begin(), turn.decision.commands.end(),
                       [&](const Command& c) { return c.output == output && !c.renewal && !c.retry; });
}

}  // namespace

void Proof::fan_and_heater_never_together(const Turn& turn) {
    if (turn.restarted) ordered_.clear();
    for (const Command& c : turn.decision.commands) ordered_[c.output] = c.on;
    for (std::size_t i = 0; i < turn.policy.zones.size(); ++i) {
        const Zone& zone = turn.policy.zones[i];
        if (zone.fan == no_index || zone.heater == no_index) continue;
        ++judged_[7];
        const std::size_t heater = turn.policy.miners.size() + i;
        if (ordered_[zone.fan] && ordered_[zone.heater]) fail(7, turn, heater, "ordered on together with the fan");
        const OutputReport& fan = turn.snapshot.outputs[static_cast<std::size_t>(zone.fan)];
        const bool live = fan.state_received && !fan.hint && !fan.confirms_by_sending;
        if (facts_.of(turn.policy, heater).started && live && fan.state == OutputState::on)
            fail(7, turn, heater, "started while the fan reports on");
    }
}

void Proof::one_reason_each(const Turn& turn) {
    const std::size_t loads = load_count(turn.policy);
    if (turn.decision.verdicts.size() != loads) return fail(8, turn, loads, "not one verdict for each load");
    std::set<Index> ordered, listed(turn.decision.order.begin(), turn.decision.order.end());
    for (const Command& c : turn.decision.commands)
        if (!ordered.insert(c.output).second) fail(8, turn, loads, "two orders to one output in one tick");
    if (listed.size() != loads) fail(8, turn, loads, "the order does not name every load once");
    for (std::size_t i = 0; i < loads; ++i) {
        const Verdict& v = turn.decision.verdicts[i];
        const LoadFacts& f = facts_.of(turn.policy, i);
        ++judged_[8];
        if (f.started && !is_start_reason(v.reason)) fail(8, turn, i, "started without a reason to start");
        if (f.stopped && !is_stop_reason(v.reason)) fail(8, turn, i, "stopped without a reason to stop");
        if (!v.wanted && f.stopped && has_direct_change(turn, Facts::output_of(turn.policy, i)))
            for (const Command& c : turn.decision.commands)
                if (c.output == Facts::output_of(turn.policy, i) && c.reason != v.reason)
                    fail(8, turn, i, "its order has another reason than its verdict");
        if (v.wanted) {
            if (is_stop_reason(v.reason)) fail(8, turn, i, "is wanted for a reason to stop");
            continue;
        }
        const Gate* first = first_blocking(v.gates);
        if (first == nullptr) fail(8, turn, i, "waits and no gate blocks");
        else if (v.state != LoadState::stopping && !f.stopped && v.reason != first->reason)
            fail(8, turn, i, "its reason is not that of its most severe gate");
    }
}

// Checks every 32nd tick, and repeats the first ticks of whole cases (Record in examine.cpp).
void Proof::same_inputs_same_decision(const Turn& turn) {
    if (turn.before == nullptr) return;
    ++judged_[9];
    const std::vector<std::int64_t> was = numbers_of(turn.decision);
    const Decision copied = decide(turn.snapshot, turn.policy, *turn.before);
    const Decision moved = decide(turn.snapshot, turn.policy, RuleState(*turn.before));
    const std::size_t loads = load_count(turn.policy);
    reused_.next = *turn.before;
    decide(turn.snapshot, turn.policy, reused_, memory_);
    if (numbers_of(copied) != was) fail(9, turn, loads, "the same inputs gave another decision");
    if (numbers_of(moved) != was) fail(9, turn, loads, "a moved state gave another decision");
    if (numbers_of(reused_) != was) fail(9, turn, loads, "the memory of an earlier tick gave another decision");
    const Moment moment{turn.snapshot.now, turn.snapshot.utc, true};
    const std::string text = encode_rule_state(copied.next, turn.policy, moment);
    if (encode_rule_state(turn.decision.next, turn.policy, moment) != text) fail(9, turn, loads, "another state to store");
    const auto read = decode_rule_state(text, turn.policy, moment);
    if (!read) fail(9, turn, loads, "its stored state can not be read");
    else if (encode_rule_state(*read, turn.policy, moment) != text) fail(9, turn, loads, "the stored state changes when read");
}

}  // namespace volt::proof
