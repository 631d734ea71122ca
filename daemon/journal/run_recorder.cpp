#include "daemon/journal/run_recorder.hpp"

#include <algorithm>

#include "rules/names.hpp"

namespace volt {

namespace {

constexpr Duration longest_step = 5s;  // a longer gap does not prove that the load drew power throughout

std::string order_of(const OutputMemory& memory, const OutputWiring& wiring) {
    if (!memory.on) return "off";
    return wiring.kind == OutputKind::level ? std::to_string(memory.level) : "on";
}

Index output_of(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? policy.zones[load - policy.miners.size()].heater : policy.miners[load].output;
}

}  // namespace

void RunRecorder::record(const SiteView& view, Store& store) {
    const Policy& policy = view.policy();
    if (policy.revision != revision_) {
        outputs_.resize(policy.outputs.size());
        align_runs(view, store);
        revision_ = policy.revision;
    }
    const Time now = view.snapshot().now;
    const Duration step = last_ ? std::min(now - *last_, longest_step) : Duration{};
    last_ = now;
    for (std::size_t output = 0; output < outputs_.size(); ++output) record_output(view, output, store);
    for (std::size_t load = 0; load < runs_.size(); ++load) record_load(view, load, step, store);
}

void RunRecorder::align_runs(const SiteView& view, Store& store) {
    std::vector<Run> before(load_count(view.policy()));
    for (std::size_t load = 0; load < before.size(); ++load) before[load].load = load_slug(view.policy(), load);
    std::swap(runs_, before);
    for (Run& run : before) {
        if (!run.on) continue;
        const auto kept = std::find_if(runs_.begin(), runs_.end(), [&](const Run& it) { return it.load == run.load; });
        if (kept != runs_.end()) *kept = std::move(run);
        else
            store.record(RunRow{run.load, run.started, view.snapshot().utc, run.start_reason, name_of(Reason::disabled),
                                run.energy_ms_w / 3'600'000});
    }
}

std::optional<Duration> RunRecorder::latency(std::size_t output) const {
    return output < outputs_.size() ? outputs_[output].latency : std::nullopt;
}

void RunRecorder::record_output(const SiteView& view, std::size_t output, Store& store) {
    const OutputMemory& memory = view.decision().next.outputs[output];
    Open& open = outputs_[output];
    if (!view.policy().control.live) {  // nothing is sent in shadow, and earlier commands are no longer tracked
        if (open.open) store.record(open.row);
        open = {};
        return;
    }
    if (memory.ordered_at != open.ordered_at) {
        if (open.open) store.record(open.row);
        open = {};
        open.ordered_at = memory.ordered_at;
        if (!memory.ordered_at) return;
        const OutputWiring& wiring = view.policy().outputs[output];
        open.row = {view.utc_of(*memory.ordered_at), wiring.id, order_of(memory, wiring), name_of(memory.reason), false, 1, {}};
        open.open = true;
    }
    if (!open.open) return;
    open.row.tries = std::max(memory.tries, 1);
    if (!memory.confirmed) return;
    open.latency = memory.confirmed_at.value_or(view.snapshot().now) - *memory.ordered_at;
    open.row.confirmed = true;
    open.row.latency = open.latency;
    store.record(open.row);
    open.open = false;
}

void RunRecorder::record_load(const SiteView& view, std::size_t load, Duration step, Store& store) {
    const Policy& policy = view.policy();
    const Verdict& verdict = view.decision().verdicts[load];
    Run& run = runs_[load];
    // An unknown state is not off. A run continues until its end is seen.
    const bool ended = verdict.state == LoadState::off || verdict.state == LoadState::fault;
    const bool on = verdict.state == LoadState::on || (run.on && !ended);
    const Index output = output_of(policy, load);
    const auto power = output == no_index ? std::nullopt : view.snapshot().outputs[static_cast<std::size_t>(output)].power.value;
    if (power && on && !is_heater(policy, load)) energies_.add(policy.miners[load], *power, step);
    if (!policy.control.live && !run.on) return;  // in shadow, voltd did not switch it on
    if (power && run.on) run.energy_ms_w += power->steps * step.count();
    if (on == run.on) return;
    if (on) {
        run = {run.load, true, view.utc_of(verdict.since), name_of(verdict.reason), 0};
        store.record(RunRow{run.load, run.started, {}, run.start_reason, "", {}});
    } else {
        run.on = false;
        store.record(RunRow{run.load, run.started, view.utc_of(verdict.since), run.start_reason, name_of(verdict.reason),
                            run.energy_ms_w / 3'600'000});
    }
}

}  // namespace volt
