#include "daemon/loop/lease_trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/explain/explain.hpp"

namespace volt {

namespace {

/// Returns the load index of the enabled miner on this output, or nothing if there is none.
std::optional<std::size_t> miner_of(const Policy& policy, Index output) {
    for (std::size_t i = 0; i < policy.miners.size(); ++i)
        if (policy.miners[i].output == output && policy.miners[i].enabled) return i;
    return std::nullopt;
}

Index index_of(const Policy& policy, const std::string& output) {
    for (std::size_t i = 0; i < policy.outputs.size(); ++i)
        if (policy.outputs[i].id == output) return static_cast<Index>(i);
    return no_index;
}

/// Returns the reason the site currently does not allow a proof, or an empty string if it does.
std::string site_forbids(const SiteView& view) {
    const Policy& policy = view.policy();
    if (!policy.control.live || policy.control.leaving) return "voltd is in shadow mode and switches nothing";
    if (policy.preferences.mode == SiteMode::off) return "the site's mode is off";
    if (view.snapshot().safe_mode) return "safe mode is on";
    if (view.facts.charge.proof_state == "running") return "another proof is running";
    return {};
}

std::string relay_forbids(const SiteView& view, Index output, std::size_t load) {
    const OutputReport& report = view.snapshot().outputs[static_cast<std::size_t>(output)];
    const LoadMemory& memory = view.decision().next.loads[load];
    const bool known = report.state_received && !report.hint && report.state != OutputState::unknown;
    if (report.confirms_by_sending) return "it does not report its state";
    if (!report.available || !view.snapshot().broker_up) return "the device is offline";
    if (!known) return "its state is not known";
    if (report.state != OutputState::off || memory.wanted) return "it is not off";
    if (memory.override_ != OverrideKind::automatic)
        return fmt::format("its miner has an override; end it with `voltctl override {} auto`", view.policy().miners[load].slug);
    if (memory.lease_trial) return "the OFF of its last proof is not confirmed";
    return {};
}

/// Returns the timer length for a proof, or nothing with the reason in `why`.
std::optional<Duration> length_of(const OutputConfig& output, std::optional<Duration> asked, std::string& why) {
    const bool own = timer_set_by(output.dialect) == TimerSetBy::owner;
    const Duration lease = asked.value_or(own ? output.lease : LeaseTrials::usual);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(output.lease).count();
    if (output.lease == Duration{}) why = "it has no lease timer (lease_s: 0)";
    else if (own && lease != output.lease)
        why = fmt::format("its lease timer is set in the device, and only its lease_s of {} s can be proven", seconds);
    else if (lease < LeaseTrials::shortest || lease > LeaseTrials::longest)
        why = fmt::format("its lease_s of {} s is not within {} to {} s, and its lease timer is set in the device", seconds,
                          LeaseTrials::shortest.count() / 1000, LeaseTrials::longest.count() / 1000);
    return why.empty() ? std::optional(lease) : std::nullopt;
}

}  // namespace

void LeaseTrials::restore(const std::vector<OutputProofRow>& rows) {
    for (const OutputProofRow& row : rows) proven_[row.output] = row;
}

void LeaseTrials::configure(const Config& config) {
    outputs_ = config.outputs;
    proof_.give_up("the configuration was reloaded");
}

std::string LeaseTrials::begin(const SiteView& view, const std::string& output, std::optional<Duration> lease) {
    if (begun_) return "another proof is running";
    const auto config = std::find_if(outputs_.begin(), outputs_.end(), [&](const auto& it) { return it.id == output; });
    const Index index = index_of(view.policy(), output);
    if (config == outputs_.end() || index == no_index) return "voltd has just reloaded; try again";
    if (std::string why = site_forbids(view); !why.empty()) return why;
    const auto load = miner_of(view.policy(), index);
    if (!load) return "only the relay of an enabled miner can be proven";
    std::string why;
    const auto length = length_of(*config, lease, why);
    if (why.empty()) why = relay_forbids(view, index, *load);
    if (!why.empty()) return why;
    output_ = *config;
    index_ = index;
    load_ = view.policy().miners[*load].slug;
    begun_ = true;
    timer_set_ = false;
    proof_.begin(view.snapshot().now, output, *length, timer_set_by(config->dialect) == TimerSetBy::setup);
    return {};
}

void LeaseTrials::update(const SiteView& view) {
    const auto load = miner_of(view.policy(), index_);
    if (!load || view.policy().miners[*load].slug != load_) return proof_.give_up("its miner was removed or changed");
    const auto output = static_cast<std::size_t>(index_);
    const OutputReport& report = view.snapshot().outputs[output];
    const OutputMemory& order = view.decision().next.outputs[output];
    const LoadMemory& memory = view.decision().next.loads[*load];
    LeaseProofInputs inputs;
    inputs.now = view.snapshot().now;
    if (report.state_received && !report.hint) inputs.state = report.state;
    inputs.state_at = report.state_at;
    inputs.can_be_asked = report.can_be_asked;
    inputs.there = report.available && view.snapshot().broker_up;
    inputs.there_since = std::max(report.available_since, view.snapshot().broker_up_since);
    inputs.armed = report.lease == Lease::armed;
    inputs.timerless = report.lease == Lease::none;
    inputs.in_force = memory.lease_trial && memory.override_ == OverrideKind::on && !memory.override_until;
    inputs.ordered_on = order.ordered && order.on;
    inputs.sent_at = order.sent_at;
    inputs.why_off = explain_load(view.scene, *load);
    proof_.update(inputs);
}

std::optional<EndedTrial> LeaseTrials::turn(const SiteView& view, Outputs& outputs) {
    if (!begun_) return std::nullopt;
    index_ = index_of(view.policy(), output_.id);
    const auto output = static_cast<std::size_t>(index_);
    if (index_ == no_index) proof_.give_up("its output was removed");
    else if (timer_set_ || proof_.state() != LeaseProof::State::running) update(view);
    else outputs.set_lease(output, proof_.lease());
    timer_set_ = true;
    if (proof_.take_question()) outputs.ask(output);
    if (proof_.state() == LeaseProof::State::running) return std::nullopt;
    return end(view, outputs);
}

EndedTrial LeaseTrials::end(const SiteView& view, Outputs& outputs) {
    begun_ = false;
    // Use the lease in force, because a reload may have changed it.
    for (const OutputConfig& it : outputs_)
        if (index_ != no_index && it.id == output_.id) outputs.set_lease(static_cast<std::size_t>(index_), it.lease);
    EndedTrial ended{output_.id, proof_.text(), {}, proof_.lacks_dead_man()};
    if (proof_.state() != LeaseProof::State::proven) return ended;
    ended.row = OutputProofRow{view.snapshot().utc, output_.id, name_of(output_.dialect), proof_.lease(), proof_.measured()};
    proven_[output_.id] = *ended.row;
    return ended;
}

/// Marks a timer that its owner sets as proven only at the tested length.
void LeaseTrials::mark_proven(std::vector<OutputReport>& reports) const {
    for (std::size_t i = 0; i < std::min(reports.size(), outputs_.size()); ++i) {
        const OutputProofRow* row = shows_timer(outputs_[i].dialect) ? nullptr : proven(outputs_[i]);
        const bool fits =
            row != nullptr && (row->lease == outputs_[i].lease || timer_set_by(outputs_[i].dialect) == TimerSetBy::order);
        reports[i].lease_proven = fits;
    }
}

const OutputProofRow* LeaseTrials::proven(const OutputConfig& output) const {
    const auto found = proven_.find(output.id);
    return found != proven_.end() && found->second.dialect == name_of(output.dialect) ? &found->second : nullptr;
}

}  // namespace volt
