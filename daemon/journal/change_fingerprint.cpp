#include "daemon/journal/change_fingerprint.hpp"

#include <string_view>

#include "daemon/explain/json_parts.hpp"

namespace volt {

namespace {

/// FNV-1a over whole numbers.
class Mix {
public:
    template <class T>
    void add(T value) {
        hash_ = (hash_ ^ static_cast<std::uint64_t>(value)) * std::uint64_t{1099511628211};
    }
    void add_text(std::string_view text) {
        add(text.size());
        for (const char letter : text) add(letter);
    }
    std::uint64_t value() const { return hash_; }

private:
    std::uint64_t hash_{14695981039346656037U};
};

void add_verdict(Mix& mix, const Verdict& verdict) {
    mix.add(verdict.state);
    mix.add(verdict.wanted);
    mix.add(verdict.reason);
    mix.add(verdict.override_);
    for (const Gate& gate : verdict.gates) mix.add(gate.passes);
}

void add_zone(Mix& mix, const ZoneVerdict& zone) {
    mix.add(zone.fan_wanted);
    mix.add(zone.reason);
    mix.add(zone.heat);
    mix.add(zone.heat_wanted);
    mix.add(zone.fan_override_level);
    mix.add(zone.tripped);
    mix.add(zone.fan_override);
    mix.add(zone.temperature.has_value());
}

/// Adds whether numbers exist. Appearing or disappearing counts as a change; a different value does not.
void add_numbers(Mix& mix, const BatteryPicture& battery, const PowerPicture& power) {
    for (const auto& watts : {power.pv, power.load, power.grid, power.battery, power.base_load, power.excess, power.available})
        mix.add(watts.has_value());
    mix.add(battery.voltage.has_value() + 2 * battery.soc.has_value() + 4 * battery.degraded +
            8 * battery.temperature.has_value());
}

void add_output(Mix& mix, const OutputView& view, const OutputReport& report) {
    mix.add(view.commanded.value_or(false) + 2 * view.commanded.has_value());
    mix.add(view.level);
    mix.add(view.confirmed.has_value());
    mix.add(report.state);
    mix.add(report.level);
    mix.add(report.available);
    mix.add(report.lease);
}

}  // namespace

std::uint64_t fingerprint_of(const SiteView& view) {
    const Decision& decision = view.decision();
    Mix mix;
    mix.add(view.policy().revision);
    mix.add(view.policy().preferences.mode);
    mix.add(view.policy().control.live);
    mix.add(view.facts.settings_change);
    mix.add(decision.battery.stage);
    mix.add(decision.battery.quality);
    mix.add(decision.battery.source);
    mix.add(view.snapshot().clock_trusted);
    mix.add(view.snapshot().broker_up);
    add_numbers(mix, decision.battery, decision.power);
    for (const Verdict& verdict : decision.verdicts) add_verdict(mix, verdict);
    for (const ZoneVerdict& zone : decision.zones) add_zone(mix, zone);
    mix.add(decision.charge.blocked);
    mix.add(decision.charge.reason);
    mix.add(view.facts.charge.carried_out);
    mix.add_text(view.facts.charge.proven);
    mix.add_text(view.facts.charge.proof_state);
    for (std::size_t i = 0; i < view.outputs.size(); ++i) {
        add_output(mix, view.outputs[i], view.snapshot().outputs[i]);
        mix.add(json::measured(view, i).has_value());
    }
    for (const OutputMemory& memory : decision.next.outputs) mix.add(does_not_follow(memory));
    for (const SourceView& source : view.sources) {
        mix.add(source.state);
        mix.add_text(source.last_error);
    }
    for (const Alarm& alarm : decision.alarms) {
        mix.add(alarm.code);
        mix.add(alarm.cause);
        mix.add(alarm.subject);
    }
    for (const SiteAlarm& alarm : view.alarms) {
        mix.add(alarm.code);
        mix.add(alarm.since.count());
    }
    return mix.value();
}

std::uint64_t fingerprint_of(const RuleState& state) {
    Mix mix;
    for (const LoadMemory& load : state.loads) {
        mix.add(load.state);
        mix.add(load.on_since.value_or(Time{}).count());
        mix.add(load.off_since.value_or(Time{}).count());
        mix.add(load.starts.size());
        mix.add(load.short_runs);
        mix.add(load.override_);
        mix.add(load.override_until.value_or(Time{}).count());
        mix.add(load.lease_trial);
    }
    for (const ZoneState& zone : state.zones) {
        mix.add(zone.tripped);
        mix.add(zone.fan_override);
        mix.add(zone.fan_override_level);
        mix.add(zone.fan_override_until.value_or(Time{}).count());
    }
    mix.add(state.site.budget.days.day.value_or(0));
    mix.add(state.site.budget.days.rise.has_value());
    mix.add(state.site.budget.raised_percent);
    mix.add(state.stage.recovering);
    mix.add(state.charge.cold);
    mix.add(state.charge.overvoltage);
    return mix.value();
}

}  // namespace volt
