#include "daemon/explain/topics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "daemon/explain/active_alarms.hpp"
#include "daemon/explain/budget_json.hpp"
#include "daemon/explain/explain_flip.hpp"
#include "daemon/explain/explain_parts.hpp"
#include "daemon/explain/json_parts.hpp"
#include "drivers/iso_time.hpp"
#include "rules/names.hpp"
#include "rules/readings/site_power.hpp"

namespace volt {

namespace {

using json::number;
using json::number_or_null;
using json::Object;

constexpr std::size_t most_listed = 20;  // maximum alarms in one object

const char* on_off(bool on) { return on ? "on" : "off"; }

Object battery(const SiteView& view) {
    const BatteryPicture& seen = view.decision().battery;
    const SiteSnapshot& now = view.snapshot();
    const auto& sources = view.policy().voltage_sources;
    const bool named = seen.source >= 0 && static_cast<std::size_t>(seen.source) < sources.size();
    Object object{{"voltage_v", number_or_null(seen.voltage)}};
    if (!seen.voltage) object["last_voltage_v"] = number_or_null(seen.last_voltage);
    object["source"] = named ? Object(sources[static_cast<std::size_t>(seen.source)].name) : Object(nullptr);
    object["quality"] = name_of(seen.quality);
    object["age_s"] = seen.quality == Quality::missing ? Object(nullptr) : number(seen.age);
    object["soc_pct"] = number_or_null(seen.soc);
    const Sample<Amps> current = site_power(now, view.policy()).battery_current;
    object["current_a"] = number_or_null(json::fresh(current, now.now, power_limit(view.policy())));
    object["power_w"] = number_or_null(view.decision().power.battery);
    object["temperature_c"] = number_or_null(seen.temperature);
    object["stage"] = name_of(seen.stage);
    return object;
}

Object site(const SiteView& view) {
    return {{"mode", name_of(view.policy().preferences.mode)},
            {"commands", view.policy().control.live ? "live" : "shadow"},
            {"degraded", view.decision().battery.degraded},
            {"clock_trusted", view.snapshot().clock_trusted},
            {"clock", view.facts.clock},
            {"version", view.facts.version},
            {"started", iso_utc(view.facts.started)}};
}

Object power(const SiteView& view) {
    const PowerPicture& seen = view.decision().power;
    return {{"pv_w", number_or_null(seen.pv)},         {"load_w", number_or_null(seen.load)},
            {"grid_w", number_or_null(seen.grid)},     {"base_load_w", number_or_null(seen.base_load)},
            {"excess_w", number_or_null(seen.excess)}, {"available_w", number_or_null(seen.available)},
            {"allocated_w", number(seen.allocated)},   {"unexplained_w", number_or_null(seen.balance.unexplained)}};
}

Object blocked_by(const SiteView& view, std::size_t load) {
    Object list = Object::array();
    const Verdict& verdict = view.decision().verdicts[load];
    if (verdict.wanted) return list;
    for (const Gate& gate : verdict.gates)
        if (!gate.passes) list.push_back(json::gate(view, load, gate, false));
    return list;
}

Object load_head(const SiteView& view, std::size_t load) {
    const Verdict& verdict = view.decision().verdicts[load];
    return {{"state", name_of(verdict.state)},
            {"wanted", on_off(verdict.wanted)},
            {"reason", name_of(verdict.reason)},
            {"text", explain_load(view.scene, load)},
            {"since", iso_utc(view.utc_of(verdict.since))},
            {"override", name_of(verdict.override_)},
            {"power_w", json::load_power(view, load)},
            {"override_until", json::time_or_null(view, verdict.override_until)}};
}

Object miner(const SiteView& view, std::size_t load) {
    const Verdict& verdict = view.decision().verdicts[load];
    Object object = load_head(view, load);
    object["next"] = explain_flip(view.scene, load).text;
    object["blocked_by"] = blocked_by(view, load);
    object["starts_today"] = verdict.starts_today;
    object["runtime_today_s"] = verdict.runtime_today.count() / 1000;
    const auto energy = load < view.energies_wh.size() ? view.energies_wh[load] : std::nullopt;
    object["energy_wh"] = energy ? Object(*energy) : Object(nullptr);
    return object;
}

/// Returns the report of a fan or other level output: a level, 0 for off, null while unknown.
Object reported_level(const SiteView& view, Index index, std::int32_t full) {
    if (index < 0 || static_cast<std::size_t>(index) >= view.policy().outputs.size()) return nullptr;
    const OutputReport& report = view.snapshot().outputs[static_cast<std::size_t>(index)];
    const bool relay = view.policy().outputs[static_cast<std::size_t>(index)].kind == OutputKind::relay;
    if (report.hint || report.state == OutputState::unknown) return nullptr;
    if (report.state == OutputState::off) return 0;
    return relay ? full : report.level;
}

/// Returns the heat state. In shadow, a miner that runs does not run for heat.
const char* heat_word(const SiteView& view, const ZoneVerdict& verdict, const Verdict& heater) {
    if (parts::shadow(view.scene)) return heater.state == LoadState::on ? "heater" : "off";
    return verdict.heat_wanted && verdict.heat != HeatSource::none ? name_of(verdict.heat) : "off";
}

std::string fan_override(const ZoneVerdict& verdict) {
    return verdict.fan_override == OverrideKind::level ? std::to_string(verdict.fan_override_level)
                                                       : name_of(verdict.fan_override);
}

Object zone(const SiteView& view, std::size_t index) {
    const Zone& zone = view.policy().zones[index];
    const ZoneVerdict& verdict = view.decision().zones[index];
    const Verdict& heater = view.decision().verdicts[view.policy().miners.size() + index];
    return {{"temperature_c", number_or_null(verdict.temperature)},
            {"fan_level", reported_level(view, zone.fan, zone.fan_max_level)},
            {"fan_wanted", verdict.fan_wanted},
            {"fan_override", fan_override(verdict)},
            {"heat", heat_word(view, verdict, heater)},
            {"heat_override", name_of(heater.override_)},
            {"heater", zone.heater_id.empty() ? "off" : name_of(heater.state)},
            {"reason", name_of(verdict.reason)},
            {"text", explain_zone(view.scene, index)}};
}

Object output(const SiteView& view, std::size_t index) {
    const OutputWiring& wiring = view.policy().outputs[index];
    const OutputReport& report = view.snapshot().outputs[index];
    const OutputView& order = view.outputs[index];
    const bool level = wiring.kind == OutputKind::level;
    Object object{{"commanded", order.commanded ? on_off(*order.commanded) : "unknown"},
                  {"reported", report.hint ? "unknown" : name_of(report.state)},
                  {"measured_w", number_or_null(json::measured(view, index))},
                  {"level", level ? reported_level(view, static_cast<Index>(index), wiring.max_level) : Object(nullptr)},
                  {"available", report.available},
                  {"lease", name_of(report.lease)},
                  {"lease_left_s", report.lease_left ? Object(report.lease_left->count() / 1000) : Object(nullptr)},
                  {"confirmed_ms", order.confirmed ? json::whole_ms(*order.confirmed) : Object(nullptr)},
                  {"since", iso_utc(view.utc_of(order.since))}};
    const auto& memories = view.decision().next.outputs;
    if (parts::shadow(view.scene) && index < memories.size() && memories[index].ordered)
        object["would_be"] = on_off(memories[index].on);
    return object;
}

Object charge(const SiteView& view) {
    const ChargeVerdict& verdict = view.decision().charge;
    const std::string& proven = view.facts.charge.proven;
    Object means = Object::object();
    for (const auto& [device, means_of_it] : view.facts.charge.means) means[device] = name_of(means_of_it);
    return {{"order", verdict.blocked ? "blocked" : "allowed"},
            {"reason", name_of(verdict.reason)},
            {"text", explain_charge(view.scene, view.facts.charge.carried_out)},
            {"carried_out", name_of(view.facts.charge.carried_out)},
            {"means", means},
            {"proven", proven.empty() ? Object(nullptr) : Object(proven)}};
}

Object source(const SiteView& view, const SourceView& source) {
    Object object{{"state", name_of(source.state)},
                  {"age_s", number_or_null(source.age)},
                  {"failures", source.failures},
                  {"last_error", source.last_error.empty() ? Object(nullptr) : Object(source.last_error)},
                  {"rtt_ms", source.rtt ? json::whole_ms(*source.rtt) : Object(nullptr)}};
    const auto sensor = static_cast<std::size_t>(battery_temperature(view.policy(), source.name));
    if (sensor < view.snapshot().battery_temperatures.size())
        object["temperature_c"] = number_or_null(view.snapshot().battery_temperatures[sensor].sample.value);
    return object;
}

Topic topic(const SiteView& view, std::string suffix, const Object& object) {
    std::string text = json::text(object);
    text.replace(0, 1, fmt::format(R"({{"at":"{}",)", iso_utc(view.snapshot().utc)));  // copying an object with it costs more
    return {std::move(suffix), std::move(text)};
}

Object alarms(const SiteView& view) {
    const std::vector<ActiveAlarm> all = active_alarms(view);
    const auto is_critical = [](const ActiveAlarm& it) { return it.severity == "critical"; };
    const auto critical = std::count_if(all.begin(), all.end(), is_critical);
    auto worst = std::find_if(all.begin(), all.end(), is_critical);
    if (worst == all.end()) worst = all.begin();
    Object list = Object::array();
    for (std::size_t i = 0; i < std::min(all.size(), most_listed); ++i)
        list.push_back({{"alarm", all[i].name}, {"severity", all[i].severity}, {"text", all[i].text}});
    return {{"critical", critical},
            {"warning", static_cast<std::ptrdiff_t>(all.size()) - critical},
            {"worst", all.empty() ? Object(nullptr) : Object(worst->name)},
            {"text", all.empty() ? "No active alarms" : worst->text},
            {"list", std::move(list)}};
}

}  // namespace

std::vector<Topic> state_topics(const SiteView& view) {
    const Policy& policy = view.policy();
    std::vector<Topic> topics{topic(view, "battery", battery(view)), topic(view, "site", site(view)),
                              topic(view, "power", power(view))};
    if (Object budget = json::budget(view); !budget.is_null()) topics.push_back(topic(view, "budget", std::move(budget)));
    for (std::size_t i = 0; i < policy.miners.size(); ++i)
        topics.push_back(topic(view, "miner/" + policy.miners[i].slug, miner(view, i)));
    for (std::size_t i = 0; i < policy.zones.size(); ++i)
        topics.push_back(topic(view, "zone/" + policy.zones[i].slug, zone(view, i)));
    for (std::size_t i = 0; i < policy.outputs.size(); ++i)
        topics.push_back(topic(view, "output/" + policy.outputs[i].id, output(view, i)));
    topics.push_back(topic(view, "charge", charge(view)));
    for (const SourceView& one : view.sources) topics.push_back(topic(view, "source/" + one.name, source(view, one)));
    topics.push_back(topic(view, "alarms", alarms(view)));
    return topics;
}

void renew_readings(const SiteView& view, std::vector<Topic>& topics) {
    for (Topic& one : topics) {
        if (one.suffix == "battery") one = topic(view, one.suffix, battery(view));
        else if (one.suffix == "power") one = topic(view, one.suffix, power(view));
    }
}

std::string power_json(const SiteView& view) { return json::text(power(view)); }

std::map<std::string, std::string> alarm_topics(const SiteView& view) {
    std::map<std::string, std::string> alarms;
    for (const ActiveAlarm& alarm : active_alarms(view))
        alarms["alarm/" + alarm.name] = json::text({{"at", iso_utc(view.snapshot().utc)},
                                                    {"since", iso_utc(view.utc_of(alarm.since))},
                                                    {"text", alarm.text},
                                                    {"severity", alarm.severity},
                                                    {"remedy", alarm.remedy}});
    return alarms;
}

std::string shown_json(const Shown& shown) {
    return json::text(
        {{"temperature_unit", shown.fahrenheit ? "F" : "C"}, {"display_mode", shown.soc_first ? "soc" : "voltage"}});
}

std::string event_json(const Change& change) {
    if (change.what == "alarm") return {};
    Object event{{"at", iso_utc(change.at)}, {"what", change.what},     {"subject", change.subject}, {"from", change.from},
                 {"to", change.to},          {"reason", change.reason}, {"text", change.text}};
    if (!change.who.empty()) event["who"] = change.who;
    return json::text(event);
}

std::string iso_utc(Utc utc) { return iso_time(std::chrono::floor<std::chrono::seconds>(utc).count()) + "Z"; }

std::string iso_local(const LocalTime& local) { return iso_time(std::int64_t{86'400} * local.day + local.second_of_day); }

}  // namespace volt
