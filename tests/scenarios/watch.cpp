#include "tests/scenarios/watch.hpp"

#include <cstdio>
#include <functional>

#include "rules/names.hpp"

namespace volt::stories {

namespace {

std::string time_text(const std::optional<Duration>& time) { return time ? std::to_string(time->count() / 1000) + "s" : ""; }

std::string number(std::int64_t steps, Unit unit, const Bank& bank) {
    char text[32];
    const double value = static_cast<double>(unit == Unit::volts ? in_story(steps, bank) : steps);
    switch (unit) {
        case Unit::volts: std::snprintf(text, sizeof text, "%.2f", value / 100); break;
        case Unit::celsius: std::snprintf(text, sizeof text, "%.1f", value / 10); break;
        case Unit::seconds: std::snprintf(text, sizeof text, "%.0f", value / 1000); break;
        case Unit::none:
        case Unit::watt_hours:
        case Unit::watts:
        case Unit::count: std::snprintf(text, sizeof text, "%.0f", value); break;
    }
    return text;
}

std::string pair_of(const std::optional<std::int64_t>& have, const std::optional<std::int64_t>& need, Unit unit,
                    const Bank& bank) {
    if (!have && !need) return "";
    return (have ? number(*have, unit, bank) : "?") + "/" + (need ? number(*need, unit, bank) : "?");
}

template <class T>
std::string optional_steps(const std::optional<T>& value, Unit unit, const Bank& bank) {
    return value ? number(value->steps, unit, bank) : "none";
}

std::size_t load_of(const Policy& policy, const std::string& of, const std::string& part) {
    return part == "heater" ? policy.miners.size() + zone_at(policy, of) : miner_at(policy, of);
}

bool is_miner(const Policy& policy, const std::string& id) {
    for (const Miner& miner : policy.miners)
        if (miner.id == id) return true;
    return false;
}

std::string verdict_text(const Verdict& v) {
    return std::string(name_of(v.state)) + ":" + name_of(v.reason) + ":" + time_text(v.remaining);
}

std::string gate_text(const Gate& gate, const Bank& bank) {
    const char* word = gate.waived ? "waived" : gate.passes ? "passes" : gate.hold ? "hold" : "blocks";
    return std::string(word) + ":" + pair_of(gate.have, gate.need, gate.unit, bank) + ":" + time_text(gate.remaining);
}

std::string sent_text(const Sent& sent) {
    std::string text;
    const auto add = [&](int count, const char* word) {
        if (count != 0) text += (text.empty() ? "" : ",") + (word + ("*" + std::to_string(count)));
    };
    add(sent.on, "on");
    add(sent.off, "off");
    add(sent.renewals, "renewal");
    add(sent.retries, "retry");
    return text.empty() ? "nothing" : text;
}

constexpr const char* powers[] = {"pv", "load", "battery_power"};

std::string alarms_text(const Site& site) {
    const Policy& p = site.policy();
    std::string text;
    for (const Alarm& alarm : site.last().alarms) {
        const auto at = static_cast<std::size_t>(alarm.subject);
        text += (text.empty() ? "" : ",") + std::string(name_of(alarm.code));
        switch (alarm.kind) {
            case SubjectKind::none: break;
            case SubjectKind::output: text += "/" + p.outputs[at].id; break;
            case SubjectKind::zone: text += "/" + p.zones[at].id; break;
            case SubjectKind::source: text += "/" + p.voltage_sources[at].name; break;
            case SubjectKind::sensor: text += "/" + p.sensors[at].name; break;
            case SubjectKind::battery_sensor: text += "/" + p.battery_temperatures[at].name; break;
            case SubjectKind::weather: text += "/weather"; break;
            case SubjectKind::load: text += "/" + p.miners[at].id; break;
            case SubjectKind::power: text += std::string("/") + powers[at]; break;
        }
    }
    return text.empty() ? "none" : text;
}

std::string charge_text(const ChargeVerdict& charge) {
    return std::string(charge.blocked ? "blocked" : "allowed") + ":" + name_of(charge.reason) + ":" + time_text(charge.remaining);
}

/// Returns the value of a site-wide key, or empty for any other key.
std::optional<std::string> seen_of_site(const Site& site, const std::string& key) {
    const Decision& d = site.last();
    if (key == "stage") return std::string(name_of(d.battery.stage)) + ":" + time_text(d.battery.stage_remaining);
    if (key == "charge") return charge_text(d.charge);
    if (key == "voltage") return optional_steps(d.battery.voltage, Unit::volts, site.bank());
    if (key == "source")
        return d.battery.source == no_index ? "none"
                                            : site.policy().voltage_sources[static_cast<std::size_t>(d.battery.source)].name;
    if (key == "degraded") return d.battery.degraded ? "yes" : "no";
    if (key == "base") return optional_steps(d.power.base_load, Unit::watts, site.bank());
    if (key == "excess") return optional_steps(d.power.excess, Unit::watts, site.bank());
    if (key == "available") return optional_steps(d.power.available, Unit::watts, site.bank());
    if (key == "alarms") return alarms_text(site);
    return std::nullopt;
}

std::string seen_of_load(const Site& site, std::size_t load, const std::string& word) {
    const Verdict& v = site.last().verdicts[load];
    if (word.empty()) return verdict_text(v);
    if (word == "starts-today") return std::to_string(v.starts_today);
    if (word == "draw") return number(v.draw.steps, Unit::watts, site.bank());
    if (word == "sag") return std::to_string(in_story(v.sag_mv, site.bank())) + (v.sag_learned ? ":learned" : ":computed");
    if (word == "by") return pair_of(v.have, v.need, v.unit, site.bank());
    if (word == "override") return std::string(name_of(v.override_)) + (v.override_adopted ? ":adopted" : "");
    std::string known;
    for (const Gate& gate : v.gates) {
        if (word == name_of(gate.name)) return gate_text(gate, site.bank());
        known += std::string(" ") + name_of(gate.name);
    }
    throw BadWord("a load has no '" + word + "'; known: starts-today draw sag by override sent" + known);
}

std::string seen_of_zone(const Site& site, std::size_t zone, const std::string& word) {
    const ZoneVerdict& v = site.last().zones[zone];
    if (word.empty()) return std::string(name_of(v.reason)) + ":" + time_text(v.remaining);
    if (word == "fan") return v.fan_wanted == 0 ? "off" : std::to_string(v.fan_wanted);
    if (word == "heat") return name_of(v.heat);
    if (word == "trip") return v.tripped ? "yes" : "no";
    throw BadWord("a zone has no '" + word + "'; known: fan heat trip heater fan.sent heater.sent");
}

std::string load_name(const Policy& policy, std::size_t load) {
    return load < policy.miners.size() ? policy.miners[load].id : policy.zones[load - policy.miners.size()].id + ".heater";
}

/// Returns the load of an expectation, to show its gates.
std::optional<std::size_t> load_named(const Policy& policy, const std::string& key) {
    for (std::size_t i = 0; i < load_count(policy); ++i) {
        const std::string name = load_name(policy, i);
        if (key == name || key.rfind(name + ".", 0) == 0) return i;
    }
    return std::nullopt;
}

bool part_fits(const std::string& expected, const std::string& seen, const Bank& bank) {
    if (expected == "*" || expected == seen || same_volts(expected, seen, bank)) return true;
    if (expected.find('/') != std::string::npos) {  // have/need
        std::string left = expected, right = seen;
        return part_fits(cut(left, '/'), cut(right, '/'), bank) && part_fits(left, right, bank);
    }
    const auto wanted = parse_duration(expected), is = parse_duration(seen);
    return wanted && is && *wanted == *is;
}

/// Returns true if the list `a,b/c` contains the alarm, by its code with or without its subject.
bool listed(const std::string& word, std::string list) {
    while (!list.empty()) {
        const std::string one = cut(list, ',');
        if (one == word || one.substr(0, one.find('/')) == word) return true;
    }
    return false;
}

bool as_expected(const Site& site, const Word& word, std::string& seen) {
    if (word.key == "alarm" || word.key == "no-alarm") {
        seen = "alarms " + alarms_text(site);
        return listed(word.value, alarms_text(site)) == (word.key == "alarm");
    }
    seen = seen_of(site, word.key);
    return fits(word.value, seen, site.bank());
}

/// Returns true if the step has a value for its own tick.
bool named_plainly(const Step& step, const std::string& key) {
    for (const Word& word : step.expected)
        if (!word.all && word.key == key) return true;
    return false;
}

}  // namespace

std::string seen_of(const Site& site, const std::string& key) {
    if (const auto seen = seen_of_site(site, key)) return *seen;
    const Policy& policy = site.policy();
    std::string word = key;
    const std::string of = cut(word, '.');
    if (word == "sent" || word == "fan.sent" || word == "heater.sent") {
        const std::string output = word == "sent" ? of : of + "." + word.substr(0, word.find('.'));
        return sent_text(site.sent()[static_cast<std::size_t>(output_at(policy, output))]);
    }
    if (is_miner(policy, of)) return seen_of_load(site, miner_at(policy, of), word);
    if (word == "heater" || word.rfind("heater.", 0) == 0) {
        const std::size_t load = load_of(policy, of, "heater");
        return seen_of_load(site, load, word == "heater" ? "" : word.substr(7));
    }
    return seen_of_zone(site, zone_at(policy, of), word);
}

bool fits(const std::string& expected, const std::string& seen, const Bank& bank) {
    std::string left = expected, right = seen;
    while (!left.empty())
        if (!part_fits(cut(left, ':'), cut(right, ':'), bank)) return false;
    return true;
}

std::string gates_of(const Site& site, std::size_t load) {
    std::string text;
    for (const Gate& gate : site.last().verdicts[load].gates)
        text += std::string("    ") + load_name(site.policy(), load) + "." + name_of(gate.name) + "=" +
                gate_text(gate, site.bank()) + "\n";
    return text;
}

std::string differences(const Site& site, const Step& step, bool each_tick) {
    std::string text;
    std::vector<bool> shown(load_count(site.policy()), false);
    for (const Word& word : step.expected) {
        if (each_tick ? !word.all : word.all && named_plainly(step, word.key)) continue;
        std::string seen;
        if (as_expected(site, word, seen)) continue;
        text += "  expected " + word.key + "=" + word.value + "\n  seen     " + word.key + "=" + seen + "\n";
        const auto load = load_named(site.policy(), word.key);
        if (!load || shown[*load]) continue;
        shown[*load] = true;
        text += "  its verdict " + verdict_text(site.last().verdicts[*load]) + ", by " +
                pair_of(site.last().verdicts[*load].have, site.last().verdicts[*load].need, site.last().verdicts[*load].unit,
                        site.bank()) +
                "; its gates (have/need, time left):\n" + gates_of(site, *load);
    }
    return text;
}

}  // namespace volt::stories
