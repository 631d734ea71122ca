// Explanations as JSON: why a load is on or off, all its gates, and what would change it. For the API and the store.
#include <algorithm>

#include "daemon/explain/budget_json.hpp"
#include "daemon/explain/explain_budget.hpp"
#include "daemon/explain/explain_flip.hpp"
#include "daemon/explain/json_parts.hpp"
#include "daemon/explain/topics.hpp"
#include "rules/names.hpp"
#include "rules/readings/site_power.hpp"
#include "rules/subject.hpp"

namespace volt {

namespace {

using json::number;
using json::number_or_null;
using json::Object;

Object text_or_null(const std::string& text) { return text.empty() ? Object(nullptr) : Object(text); }

Object gates(const SiteView& view, std::size_t load) {
    Object list = Object::array();
    for (const Gate& gate : view.decision().verdicts[load].gates) list.push_back(json::gate(view, load, gate, true));
    return list;
}

/// Returns numbers only if one number alone would flip the load.
Object flip(const SiteView& view, std::size_t load) {
    const Verdict& verdict = view.decision().verdicts[load];
    const FlipWords words = explain_flip(view.scene, load);
    Object object{{"gate", words.gate}, {"text", words.text}};
    const auto blocking = std::ranges::count_if(verdict.gates, [](const Gate& gate) { return !gate.passes; });
    if (!verdict.flip || words.gate != name_of(verdict.flip->gate) || (!verdict.wanted && blocking > 1)) return object;
    object["delta"] = number(verdict.flip->delta, verdict.flip->unit);
    object["unit"] = json::symbol(verdict.flip->unit);
    object["hold_s"] = number(verdict.flip->hold);
    return object;
}

Object load(const SiteView& view, std::size_t index) {
    const Verdict& verdict = view.decision().verdicts[index];
    return {{"load", load_slug(view.policy(), index)},
            {"name", load_name(view.policy(), index)},
            {"kind", is_heater(view.policy(), index) ? "heater" : "miner"},
            {"state", name_of(verdict.state)},
            {"wanted", verdict.wanted ? "on" : "off"},
            {"reason", name_of(verdict.reason)},
            {"text", explain_load(view.scene, index)},
            {"since", iso_utc(view.utc_of(verdict.since))},
            {"remaining_s", number_or_null(verdict.remaining)},
            {"override", name_of(verdict.override_)},
            {"override_adopted", verdict.override_adopted},
            {"override_until", json::time_or_null(view, verdict.override_until)},
            {"power_w", json::load_power(view, index)},
            {"draw_w", number(verdict.draw)},
            {"sag_v", static_cast<double>(verdict.sag_mv) / 1000},
            {"sag_learned", verdict.sag_learned},
            {"starts_today", verdict.starts_today},
            {"runtime_today_s", verdict.runtime_today.count() / 1000},
            {"flip", flip(view, index)},
            {"night", text_or_null(explain_night(view.scene, index))},
            {"gates", gates(view, index)}};
}

/// Returns what must change, or null if only time changes it.
Object flip_of(const char* what, const std::string& text) {
    return text.empty() ? Object(nullptr) : Object{{"gate", what}, {"text", text}};
}

/// Returns since when the load's output has had its order.
Object ordered_since(const SiteView& view, Index output) {
    if (output < 0 || static_cast<std::size_t>(output) >= view.outputs.size()) return nullptr;
    return iso_utc(view.utc_of(view.outputs[static_cast<std::size_t>(output)].since));
}

/// Explains a fan. If voltd cannot switch it, that comes first.
std::string fan_text(const SiteView& view, std::size_t index) {
    const Zone& zone = view.policy().zones[index];
    if (zone.fan == no_index)
        return "Its output " + zone.fan_id + " is not in voltd.yaml, so nothing is switched. " + explain_zone(view.scene, index);
    return explain_zone(view.scene, index);
}

Object fan(const SiteView& view, std::size_t index) {
    const Zone& zone = view.policy().zones[index];
    const ZoneVerdict& verdict = view.decision().zones[index];
    const bool by_hand = verdict.reason == ZoneReason::override_, level = verdict.fan_override == OverrideKind::level;
    return {{"load", fan_of(zone.slug)},
            {"name", zone.name + " fan"},
            {"kind", "fan"},
            {"wanted", verdict.fan_wanted > 0 ? std::to_string(verdict.fan_wanted) : "off"},
            {"reason", name_of(verdict.reason)},
            {"text", fan_text(view, index)},
            {"since", ordered_since(view, zone.fan)},
            {"remaining_s", number_or_null(verdict.remaining)},
            {"override", name_of(verdict.fan_override)},
            {"override_level", level ? Object(verdict.fan_override_level) : Object(nullptr)},
            {"override_until", json::time_or_null(view, verdict.fan_override_until)},
            {"temperature_c", number_or_null(verdict.temperature)},
            {"too_hot_c", number(zone.too_hot)},
            {"hot_ok_c", number(zone.hot_ok)},
            {"flip", flip_of(by_hand ? "override" : "temperature", explain_fan_flip(view.scene, index))}};
}

Object charge_entry(const SiteView& view) {
    const ChargeVerdict& verdict = view.decision().charge;
    return {{"load", "charge"},
            {"name", "Battery charging"},
            {"kind", "charge"},
            {"wanted", verdict.blocked ? "blocked" : "allowed"},
            {"reason", name_of(verdict.reason)},
            {"text", explain_charge(view.scene, view.facts.charge.carried_out)},
            {"carried_out", name_of(view.facts.charge.carried_out)},
            {"proven", text_or_null(view.facts.charge.proven)},
            {"proof", {{"state", view.facts.charge.proof_state}, {"text", text_or_null(view.facts.charge.proof_text)}}},
            {"remaining_s", number_or_null(verdict.remaining)},
            {"temperature_c", number_or_null(verdict.temperature)},
            {"limit_c", number_or_null(verdict.limit)},
            {"flip", flip_of("temperature", explain_charge_flip(view.scene))}};
}

Object voltage_inputs(const SiteView& view) {
    Object list = Object::object();
    const SiteSnapshot& now = view.snapshot();
    for (std::size_t i = 0; i < view.policy().voltage_sources.size() && i < now.voltages.size(); ++i) {
        const VoltageSample& sample = now.voltages[i];
        list[view.policy().voltage_sources[i].name] = {
            {"v", sample.received ? number_or_null(sample.value) : Object(nullptr)},
            {"age_s", sample.received ? number(now.now - sample.taken) : Object(nullptr)}};
    }
    return list;
}

template <class T>
Object input(const Sample<T>& sample, const std::optional<T>& used, Time now) {
    return {{"value", sample.received ? number_or_null(sample.value) : Object(nullptr)},
            {"used", number_or_null(used)},
            {"age_s", sample.received ? number(now - sample.taken) : Object(nullptr)}};
}

}  // namespace

std::map<std::string, std::string> explanations(const SiteView& view) {
    const Policy& policy = view.policy();
    std::map<std::string, std::string> all;
    for (std::size_t i = 0; i < load_count(policy); ++i)
        if (!is_heater(policy, i) || !policy.zones[i - policy.miners.size()].heater_id.empty())
            all[load_slug(policy, i)] = json::text(load(view, i));
    for (std::size_t i = 0; i < policy.zones.size(); ++i)
        if (!policy.zones[i].fan_id.empty()) all[fan_of(policy.zones[i].slug)] = json::text(fan(view, i));
    all["charge"] = json::text(charge_entry(view));
    return all;
}

std::string inputs_json(const SiteView& view) {
    const BatteryPicture& battery = view.decision().battery;
    const Time now = view.snapshot().now;
    const SitePower site = site_power(view.snapshot(), view.policy());
    const PowerPicture& power = view.decision().power;
    Object inputs{{"voltage",
                   {{"used", number_or_null(battery.voltage)},
                    {"quality", name_of(battery.quality)},
                    {"age_s", number(battery.age)},
                    {"sources", voltage_inputs(view)}}},
                  {"stage", name_of(battery.stage)},
                  {"pv_w", input(site.pv, power.pv, now)},
                  {"load_w", input(site.load, power.load, now)},
                  {"grid_w", input(site.grid, power.grid, now)},
                  {"battery_w", input(site.battery_power, power.battery, now)}};
    if (Object budget = json::budget(view); !budget.is_null()) {
        budget.erase("text");  // the row already has the sentence of its load
        inputs["budget"] = std::move(budget);
    }
    return json::text(inputs);
}

std::string gates_json(const SiteView& view, std::size_t load) { return json::text(gates(view, load)); }

}  // namespace volt
