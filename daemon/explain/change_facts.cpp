#include "daemon/explain/change_facts.hpp"

#include <fmt/format.h>

#include "daemon/explain/active_alarms.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/phrase.hpp"
#include "rules/names.hpp"
#include "rules/subject.hpp"

namespace volt {

namespace {

using Facts = std::vector<Fact>;

Fact& add(Facts& facts, std::string key, const char* what, std::string subject, std::string to) {
    Fact fact;
    fact.key = std::move(key);
    fact.change.what = what;
    fact.change.subject = std::move(subject);
    fact.change.to = std::move(to);
    facts.push_back(std::move(fact));
    return facts.back();
}

const char* condition_of(LoadState state) {
    return state == LoadState::fault || state == LoadState::unknown ? name_of(state) : "ok";
}

void add_order(Facts& facts, const SiteView& view, std::size_t load, const char* what) {
    const Verdict& verdict = view.decision().verdicts[load];
    const std::string slug = load_slug(view.policy(), load);
    Change& change = add(facts, "order/" + slug, what, slug, verdict.wanted ? "on" : "off").change;
    change.reason = name_of(verdict.reason);
    change.text = explain_change(view.scene, load);
    change.shedding = !verdict.wanted && facts_of(verdict.reason).sheds;
    if (change.shedding) change.level = "warning";
    change.order = slug;
    change.load = load;
}

void add_condition(Facts& facts, const SiteView& view, std::size_t load, const char* what) {
    const Verdict& verdict = view.decision().verdicts[load];
    const std::string slug = load_slug(view.policy(), load);
    Change& change = add(facts, "condition/" + slug, what, slug, condition_of(verdict.state)).change;
    change.reason = name_of(verdict.reason);
    const bool fine = change.to == "ok";
    if (!fine) change.level = verdict.state == LoadState::fault ? "error" : "warning";
    change.text = load_name(view.policy(), load) +
                  (fine ? " is responding again" : " is in state " + change.to + ": " + explain_load(view.scene, load));
}

/// Adds the reported state of the load's output in shadow mode. Nothing else records when the load really ran.
void add_reported(Facts& facts, const SiteView& view, std::size_t load, const char* what) {
    if (!parts::shadow(view.scene)) return;
    const LoadState state = view.decision().verdicts[load].state;
    const bool known = state == LoadState::on || state == LoadState::off;
    const std::string slug = load_slug(view.policy(), load), word = known ? name_of(state) : name_of(LoadState::unknown);
    Change& change = add(facts, "reported/" + slug, what, slug, word).change;
    change.reason = reported_word;
    change.text =
        fmt::format("The output of {} reports {} (shadow: voltd did not switch it)", load_name(view.policy(), load), word);
}

std::string override_text(const SiteView& view, const std::string& who, OverrideKind kind, std::int32_t level,
                          const std::optional<Time>& until, bool trial) {
    if (trial && kind == OverrideKind::on && !until) return "Override of " + who + ": on, to prove its relay's lease timer";
    if (kind == OverrideKind::automatic) return "Override of " + who + " ended";
    const std::string how = kind == OverrideKind::level ? fmt::format("level {}", level) : std::string(name_of(kind));
    if (!until) return fmt::format("Override of {}: {} until canceled", who, how);
    return fmt::format("Override of {}: {} for {}", who, how, phrase(*until - view.snapshot().now));
}

void add_override(Facts& facts, const SiteView& view, const std::string& slug, const std::string& who, OverrideKind kind,
                  std::int32_t level, const std::optional<Time>& until, bool trial = false) {
    const std::string value = kind == OverrideKind::level ? std::to_string(level) : std::string(name_of(kind));
    add(facts, "override/" + slug, "override", slug, value).change.text = override_text(view, who, kind, level, until, trial);
}

void add_load(Facts& facts, const SiteView& view, std::size_t load) {
    const char* what = is_heater(view.policy(), load) ? "zone" : "miner";
    const Verdict& verdict = view.decision().verdicts[load];
    add_order(facts, view, load, what);
    add_condition(facts, view, load, what);
    add_reported(facts, view, load, what);
    add_override(facts, view, load_slug(view.policy(), load), load_name(view.policy(), load), verdict.override_, 0,
                 verdict.override_until, verdict.lease_trial);
}

void add_fan(Facts& facts, const SiteView& view, std::size_t index) {
    const Zone& zone = view.policy().zones[index];
    const ZoneVerdict& verdict = view.decision().zones[index];
    const std::string slug = fan_of(zone.slug), level = verdict.fan_wanted > 0 ? std::to_string(verdict.fan_wanted) : "off";
    Change& change = add(facts, "order/" + slug, "zone", slug, level).change;
    change.reason = name_of(verdict.reason);
    const bool shadow = parts::shadow(view.scene);
    change.text = fmt::format("{}: {}",
                              shadow ? fmt::format("Would set the {} fan to {} (shadow)", zone.name, level)
                                     : fmt::format("{} fan {}", zone.name, level),
                              explain_zone(view.scene, index));
    change.order = slug;
    add_override(facts, view, slug, "the " + zone.name + " fan", verdict.fan_override, verdict.fan_override_level,
                 verdict.fan_override_until);
}

void add_heat(Facts& facts, const SiteView& view, std::size_t index) {
    const Zone& zone = view.policy().zones[index];
    const ZoneVerdict& verdict = view.decision().zones[index];
    const std::string value = verdict.heat_wanted && verdict.heat != HeatSource::none ? name_of(verdict.heat) : "off";
    Change& change = add(facts, "heat/" + zone.slug, "zone", zone.slug, value).change;
    change.reason = name_of(verdict.reason);
    const bool shadow = parts::shadow(view.scene);
    change.text = fmt::format("{}: {}",
                              shadow ? fmt::format("Would set the heat of {} to {} (shadow)", zone.name, value)
                                     : fmt::format("Heat of {} {}", zone.name, value),
                              explain_zone(view.scene, index));
}

void add_stage(Facts& facts, const SiteView& view) {
    const Stage stage = view.decision().battery.stage;
    Change& change = add(facts, "stage", "stage", "", name_of(stage)).change;
    change.reason = change.to;
    change.text = fmt::format("Battery {}: {}", change.to, explain_stage(view.scene));
    change.shedding = stage == Stage::blind || stage == Stage::shutdown || stage == Stage::critical;
    if (change.shedding || stage == Stage::overvoltage) change.level = "critical";
    else if (stage == Stage::recovering || stage == Stage::low) change.level = "warning";
}

void add_charge(Facts& facts, const SiteView& view) {
    const ChargeVerdict& charge = view.decision().charge;
    Change& change = add(facts, "order/charge", "charge", "", charge.blocked ? "blocked" : "allowed").change;
    change.reason = name_of(charge.reason);
    change.text = explain_charge(view.scene, view.facts.charge.carried_out);
    change.order = "charge";
    if (charge.blocked && view.facts.charge.proven.empty()) change.level = "warning";
}

std::string serving(const SiteView& view) {
    const Index source = view.decision().battery.source;
    const auto& sources = view.policy().voltage_sources;
    const bool known = source >= 0 && static_cast<std::size_t>(source) < sources.size();
    return known ? sources[static_cast<std::size_t>(source)].name : "none";
}

void add_site(Facts& facts, const SiteView& view) {
    Change& mode = add(facts, "mode", "mode", "", name_of(view.policy().preferences.mode)).change;
    mode.text = "The site's mode is " + mode.to;
    Change& settings = add(facts, "settings", "settings", "", std::to_string(view.facts.settings_change)).change;
    settings.text = view.facts.settings_text;
    Change& source = add(facts, "serving", "source", "voltage", serving(view)).change;
    source.text =
        source.to == "none" ? std::string("No source provides a usable voltage") : "The voltage now comes from " + source.to;
    if (source.to == "none" || view.decision().battery.degraded) source.level = "warning";
}

void add_source(Facts& facts, const SourceView& source) {
    Change& change = add(facts, "source/" + source.name, "source", source.name, std::string(name_of(source.state))).change;
    change.reason = change.to;
    change.text = fmt::format("{} is {}", source.name, change.to);
    if (!source.last_error.empty() && source.state != SourceState::ok) change.text += ": " + source.last_error;
    if (source.state == SourceState::failing || source.state == SourceState::stale) change.level = "warning";
}

void add_output(Facts& facts, const SiteView& view, std::size_t index) {
    const std::string& id = view.policy().outputs[index].id;
    const bool available = view.snapshot().outputs[index].available;
    Change& change = add(facts, "output/" + id, "output", id, available ? "available" : "unavailable").change;
    change.text = fmt::format("Output {} is {}", id, available ? "online" : "offline");
    if (!available) change.level = "warning";
}

/// Returns the worst disagreement between an output's commanded, reported and measured state.
const char* disagreement(const SiteView& view, std::size_t index) {
    static constexpr AlarmCode named[] = {AlarmCode::output_stuck_on, AlarmCode::output_not_following, AlarmCode::not_drawing,
                                          AlarmCode::draw_over_nominal};
    const std::vector<OutputMemory>& orders = view.decision().next.outputs;
    const bool only_silent = index < orders.size() && !does_not_follow(orders[index]);  // silence alone is not a disagreement
    for (const AlarmCode code : named) {
        if (code == AlarmCode::output_not_following && only_silent) continue;
        for (const Alarm& alarm : view.decision().alarms)
            if (alarm.code == code && alarm.kind == SubjectKind::output && static_cast<std::size_t>(alarm.subject) == index)
                return name_of(code);
    }
    return nullptr;
}

void add_agreement(Facts& facts, const SiteView& view, std::size_t index) {
    const std::string& id = view.policy().outputs[index].id;
    const char* name = disagreement(view, index);
    Change& change = add(facts, "agreement/" + id, "output", id, name != nullptr ? name : "agrees").change;
    change.reason = change.to;
    const OutputReport& report = view.snapshot().outputs[index];
    const auto& order = view.outputs[index].commanded;
    change.text = fmt::format("Output {}: commanded {}, reported {}, measured {}", id,
                              !order   ? "unknown"
                              : *order ? "on"
                                       : "off",
                              report.hint ? "unknown" : name_of(report.state),
                              report.power.value ? phrase(*report.power.value) : "unknown");
    if (name != nullptr) change.level = "warning";
}

void add_alarm(Facts& facts, std::string name, std::string text, std::string severity) {
    Change& change = add(facts, "alarm/" + name, "alarm", name, "raised").change;
    change.text = "Alarm: " + text;
    change.level = std::move(severity);
}

void add_alarms(Facts& facts, const SiteView& view) {
    for (const ActiveAlarm& alarm : active_alarms(view)) add_alarm(facts, alarm.name, alarm.text, alarm.severity);
}

/// Counts an ON as an override only if every gate that it does not waive passed.
bool is_adopted(const SiteView& view, const OutputMoved& moved, const OutputWiring& wiring) {
    if (wiring.external_override != ExternalSwitch::adopt) return false;
    for (std::size_t load = 0; moved.on && load < load_count(view.policy()); ++load)
        if (parts::output_of(view.policy(), load) == moved.output) return view.decision().verdicts[load].override_adopted;
    return true;
}

const char* why(OutputMove move, bool on) {
    switch (move) {
        case OutputMove::none: break;
        case OutputMove::external: return "switched externally";
        case OutputMove::lease_ended: return "its lease timer ended";
        case OutputMove::restarted_off: return "the device restarted or was offline";
        case OutputMove::restarted_on: return "the device restarted or was offline, and came up on";
        case OutputMove::tripped: return on ? "it switched itself on; voltd switches it off" : "its own protection opened it";
        case OutputMove::unexplained: return "cause unknown";
    }
    return "";
}

}  // namespace

std::vector<Change> moves_of(const SiteView& view) {
    std::vector<Change> changes;
    for (const OutputMoved& moved : view.decision().moved) {
        const OutputWiring& wiring = view.policy().outputs[static_cast<std::size_t>(moved.output)];
        Change change;
        change.at = view.snapshot().utc;
        change.what = "output";
        change.subject = wiring.id;
        change.from = moved.on ? "off" : "on";
        change.to = moved.on ? "on" : "off";
        change.reason = name_of(moved.move);
        change.level = "warning";
        const bool stray = moved.move == OutputMove::unexplained;
        change.text = fmt::format("Output {} is {}{} {}", wiring.id, change.to, stray ? "," : ":", why(moved.move, moved.on));
        if (moved.move == OutputMove::external)
            change.text += is_adopted(view, moved, wiring) ? "; accepted as an override" : "; switched back";
        changes.push_back(std::move(change));
    }
    return changes;
}

std::vector<Fact> facts_of(const SiteView& view) {
    const Policy& policy = view.policy();
    Facts facts;
    add_stage(facts, view);
    add_site(facts, view);
    for (std::size_t load = 0; load < load_count(policy); ++load)
        if (!is_heater(policy, load) || !policy.zones[load - policy.miners.size()].heater_id.empty()) add_load(facts, view, load);
    for (std::size_t zone = 0; zone < policy.zones.size(); ++zone) {
        if (!policy.zones[zone].fan_id.empty()) add_fan(facts, view, zone);
        if (policy.zones[zone].heating_enabled) add_heat(facts, view, zone);
    }
    add_charge(facts, view);
    for (const SourceView& source : view.sources) add_source(facts, source);
    for (std::size_t output = 0; output < policy.outputs.size(); ++output) {
        add_output(facts, view, output);
        add_agreement(facts, view, output);
    }
    add_alarms(facts, view);
    for (Fact& fact : facts) {
        fact.change.at = view.snapshot().utc;
        fact.change.shadow = !fact.change.order.empty() && parts::shadow(view.scene);
    }
    return facts;
}

}  // namespace volt
