#include "tests/scenarios/settings.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "tests/scenarios/story.hpp"

namespace volt::stories {

namespace {

template <class T>
using Setters = std::map<std::string, std::function<void(T&, const std::string&)>>;

template <class T>
std::string names(const Setters<T>& setters) {
    std::string list;
    for (const auto& [name, setter] : setters) list += (list.empty() ? "" : " ") + name;
    return list;
}

template <class T>
void apply(const Setters<T>& setters, T& target, const std::string& of, const std::string& key, const std::string& value) {
    const auto found = setters.find(key);
    if (found == setters.end()) throw BadWord(of + " has no setting '" + key + "'; known: " + names(setters));
    found->second(target, value);
}

int number_of(const std::string& text) {
    const auto steps = parse_steps(text, 0);
    if (!steps || *steps < 0 || *steps > 100000) throw BadWord("'" + text + "' is no whole number");
    return static_cast<int>(*steps);
}

template <class E>
E one_of(const std::string& text, const std::map<std::string, E>& words) {
    const auto found = words.find(text);
    if (found != words.end()) return found->second;
    std::string list;
    for (const auto& [word, value] : words) list += (list.empty() ? "" : " ") + word;
    throw BadWord("'" + text + "' is none of: " + list);
}

/// Parses `18:00-10:00` or `always`.
void set_window(Miner& miner, std::string text) {
    const auto second = [&](std::string at) {
        const int hour = number_of(cut(at, ':')), minute = number_of(at);
        if (hour > 23 || minute > 59) throw BadWord("'" + text + "' is no window: HH:MM-HH:MM or always");
        return hour * 3600 + minute * 60;
    };
    miner.preferred_start_s = miner.preferred_end_s = 0;
    if (text == "always") return;
    std::string rest = text;
    const std::string begin = cut(rest, '-');
    miner.preferred_start_s = second(begin);
    miner.preferred_end_s = second(rest);
}

HeatSource heat_of(const std::string& text) {
    return one_of<HeatSource>(text, {{"none", HeatSource::none}, {"miner", HeatSource::miner}, {"heater", HeatSource::heater}});
}

OperatingMode operating_mode_of(const std::string& text) {
    return one_of<OperatingMode>(text, {{"aggressive", OperatingMode::aggressive},
                                        {"balanced", OperatingMode::balanced},
                                        {"opportunistic", OperatingMode::opportunistic}});
}

std::optional<Watts> optional_watts(const std::string& text) {
    return text == "none" ? std::nullopt : std::optional<Watts>{watts_of(text)};
}

std::optional<Duration> optional_duration(const std::string& text) {
    return text == "none" ? std::nullopt : std::optional<Duration>{duration_of(text)};
}

const Setters<Preferences>& site_setters() {
    using P = Preferences;
    using S = const std::string&;
    static const Setters<P> setters = {
        {"mode", [](P& p, S v) { p.mode = mode_of(v); }},
        {"bank", [](P& p, S v) { p.bank_wh = v == "none" ? std::nullopt : std::optional<std::int64_t>{std::stoll(v)}; }},
        {"bridge", [](P& p, S v) { p.bridge_wh = std::stoll(v); }},
        {"reserve", [](P& p, S v) { p.reserve = v == "none" ? std::nullopt : std::optional<Volts>{volts_of(v)}; }},
        {"inverter_max", [](P& p, S v) { p.inverter_max = watts_of(v); }},
        {"max_battery_discharge", [](P& p, S v) { p.max_battery_discharge = watts_of(v); }},
        {"resistance_mohm", [](P& p, S v) { p.internal_resistance_mohm = number_of(v); }},
    };
    return setters;
}

const Setters<Control>& control_setters() {
    using C = Control;
    using S = const std::string&;
    static const Setters<C> setters = {
        {"tick", [](C& c, S v) { c.tick = duration_of(v); }},
        {"start_hold", [](C& c, S v) { c.start_hold = duration_of(v); }},
        {"stop_hold", [](C& c, S v) { c.stop_hold = duration_of(v); }},
        {"start_stagger", [](C& c, S v) { c.start_stagger = duration_of(v); }},
        {"starts_on_fallback", [](C& c, S v) { c.starts_on_fallback = yes_of(v); }},
        {"live", [](C& c, S v) { c.live = yes_of(v); }},
    };
    return setters;
}

const Setters<Miner>& miner_setters() {
    using M = Miner;
    using S = const std::string&;
    static const Setters<M> setters = {
        {"enabled", [](M& m, S v) { m.enabled = yes_of(v); }},
        {"start", [](M& m, S v) { m.start = volts_of(v); }},
        {"stop", [](M& m, S v) { m.stop = volts_of(v); }},
        {"emergency", [](M& m, S v) { m.emergency = volts_of(v); }},
        {"power", [](M& m, S v) { m.power = watts_of(v); }},
        {"level", [](M& m, S v) { m.priority_level = number_of(v); }},
        {"excess",
         [](M& m, S v) {
             m.require_excess_solar = v != "none";
             m.minimum_excess = optional_watts(v).value_or(0_W);
         }},
        {"solar", [](M& m, S v) { m.minimum_solar = optional_watts(v); }},
        {"sunny", [](M& m, S v) { m.require_sunny = yes_of(v); }},
        {"window", set_window},
        {"outside", [](M& m, S v) { m.allow_outside_schedule = yes_of(v); }},
        {"min_on", [](M& m, S v) { m.min_on = duration_of(v); }},
        {"min_off", [](M& m, S v) { m.min_off = duration_of(v); }},
        {"max_starts", [](M& m, S v) { m.max_starts_per_hour = number_of(v); }},
        {"runtime_day", [](M& m, S v) { m.max_runtime_day = optional_duration(v); }},
        {"continuous", [](M& m, S v) { m.max_continuous = optional_duration(v); }},
        {"mode", [](M& m, S v) { m.operating_mode = operating_mode_of(v); }},
        {"zone", [](M& m, S v) { m.zone = v == "none"        ? no_index
                                          : v == "heat-room" ? 0
                                                             : 1; }},
    };
    return setters;
}

const Setters<Zone>& zone_setters() {
    using Z = Zone;
    using S = const std::string&;
    static const Setters<Z> setters = {
        {"enabled", [](Z& z, S v) { z.enabled = yes_of(v); }},
        {"heating", [](Z& z, S v) { z.heating_enabled = yes_of(v); }},
        {"first", [](Z& z, S v) { z.heat_first = heat_of(v); }},
        {"second", [](Z& z, S v) { z.heat_second = heat_of(v); }},
        {"solar", [](Z& z, S v) { z.minimum_solar_for_heating = watts_of(v); }},
        {"block_charging",
         [](Z& z, S v) {
             z.block_charging_enabled = v != "none";
             if (v != "none") z.block_charging_below = celsius_of(v);
         }},
    };
    return setters;
}

const Setters<OutputWiring>& output_setters() {
    using O = OutputWiring;
    using S = const std::string&;
    static const Setters<O> setters = {
        {"lease", [](O& o, S v) { o.lease = duration_of(v); }},
        {"require_lease", [](O& o, S v) { o.require_lease = yes_of(v); }},
        {"meter", [](O& o, S v) { o.meter = yes_of(v); }},
        {"foreign",
         [](O& o, S v) {
             o.external_override =
                 one_of<ExternalSwitch>(v, {{"adopt", ExternalSwitch::adopt}, {"reassert", ExternalSwitch::reassert}});
         }},
    };
    return setters;
}

std::string ids(const Policy& policy) {
    std::string list;
    for (const Miner& miner : policy.miners) list += miner.id + " ";
    for (const Zone& zone : policy.zones) list += zone.id + " ";
    return list.substr(0, list.size() - 1);
}

/// Slows all sources down to the tick of the rules if that is longer.
void follow_tick(Policy& policy) {
    const Duration tick = policy.control.tick;
    for (VoltageSource& source : policy.voltage_sources) source.poll = std::max(source.poll, tick);
    policy.power_poll = std::max(policy.power_poll, tick);
}

}  // namespace

void change_setting(Policy& policy, const std::string& key, const std::string& value) {
    std::string name = key;
    const std::string of = cut(name, '.');
    ++policy.revision;
    if (of == "site") return apply(site_setters(), policy.preferences, of, name, value);
    if (of == "control") {
        apply(control_setters(), policy.control, of, name, value);
        return follow_tick(policy);
    }
    for (Miner& miner : policy.miners) {
        if (miner.id != of) continue;
        if (!output_setters().count(name)) return apply(miner_setters(), miner, of, name, value);
        return apply(output_setters(), policy.outputs[static_cast<std::size_t>(miner.output)], of, name, value);
    }
    for (Zone& zone : policy.zones)
        if (zone.id == of) return apply(zone_setters(), zone, of, name, value);
    throw BadWord("'" + key + "' is no setting: site.*, control.*, or one of " + ids(policy) + ".*");
}

Volts volts_of(const std::string& text) {
    const auto steps = parse_steps(text, 2);
    if (!steps) throw BadWord("'" + text + "' is no voltage, e.g. 52.30 (steps of 10 mV)");
    return {*steps};
}

Watts watts_of(const std::string& text) {
    const auto steps = parse_steps(text, 0);
    if (!steps) throw BadWord("'" + text + "' is no power, e.g. 3878 (whole watts)");
    return {*steps};
}

Celsius celsius_of(const std::string& text) {
    const auto steps = parse_steps(text, 1);
    if (!steps) throw BadWord("'" + text + "' is no temperature, e.g. 37.5 (steps of 0.1)");
    return {*steps};
}

Duration duration_of(const std::string& text) {
    const auto time = parse_duration(text);
    if (!time) throw BadWord("'" + text + "' is not a time, e.g. 90s, 5m, 1h30m");
    return *time;
}

bool yes_of(const std::string& text) { return one_of<bool>(text, {{"yes", true}, {"no", false}}); }

SiteMode mode_of(const std::string& text) {
    return one_of<SiteMode>(text, {{"aggressive", SiteMode::aggressive},
                                   {"balanced", SiteMode::balanced},
                                   {"conservative", SiteMode::conservative},
                                   {"off", SiteMode::off}});
}

std::size_t miner_at(const Policy& policy, const std::string& id) {
    for (std::size_t i = 0; i < policy.miners.size(); ++i)
        if (policy.miners[i].id == id) return i;
    throw BadWord("no miner '" + id + "' on this site");
}

std::size_t zone_at(const Policy& policy, const std::string& id) {
    for (std::size_t i = 0; i < policy.zones.size(); ++i)
        if (policy.zones[i].id == id) return i;
    throw BadWord("no zone '" + id + "' on this site");
}

Index output_at(const Policy& policy, const std::string& name) {
    std::string rest = name;
    const std::string of = cut(rest, '.');
    if (rest.empty()) return policy.miners[miner_at(policy, of)].output;
    const Zone& zone = policy.zones[zone_at(policy, of)];
    if (rest == "fan") return zone.fan;
    if (rest == "heater") return zone.heater;
    throw BadWord("'" + name + "' is no output: a miner, or ZONE.fan, or ZONE.heater");
}

}  // namespace volt::stories
