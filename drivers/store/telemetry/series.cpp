#include "drivers/store/telemetry/series.hpp"

#include <algorithm>

#include "drivers/text.hpp"
#include "rules/subject.hpp"

namespace volt {

namespace {

bool begins(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

Failure unknown(const std::string& series, const std::string& kept) {
    return {Fault::refused, "no series '" + series + "' is stored; " + kept};
}

std::string keys_joined() {
    return comma_list(kept_values(), [](const KeptValue& value) { return value.key; });
}

bool one_of(const std::string& key, std::initializer_list<const char*> keys) {
    for (const char* each : keys)
        if (key == each) return true;
    return false;
}

/// Plans a series of the battery. A share of it is never shown as the whole: uses a series of the whole bank, or else the sum of
/// the shares.
SeriesPlan whole_battery(const std::string& key, const SeriesSources& sources) {
    std::vector<std::string> wholes;
    for (const std::string& source : sources.voltage)
        if (std::find(sources.battery.begin(), sources.battery.end(), source) == sources.battery.end()) wholes.push_back(source);
    const bool shared = !sources.battery.empty() && (wholes.empty() || wholes.front() != sources.voltage.front());
    if (shared) return {SeriesKind::sum_of, kept_value(key), sources.battery, ""};
    return {SeriesKind::first_of, kept_value(key), wholes, ""};
}

Result<SeriesPlan> battery_plan(const std::string& series, const std::string& key, const SeriesSources& sources) {
    if (key == "soc_pct") return SeriesPlan{SeriesKind::curve, kept_value("voltage_v"), sources.voltage, ""};
    if (one_of(key, {"current_a", "power_w"})) return whole_battery(key, sources);
    if (one_of(key, {"voltage_v", "voltage_min_v", "voltage_max_v", "temperature_c"}))
        return SeriesPlan{SeriesKind::first_of, kept_value(key), sources.voltage, ""};
    return unknown(series, "of battery: voltage_v, voltage_min_v, voltage_max_v, soc_pct, current_a, power_w, temperature_c");
}

Result<SeriesPlan> power_plan(const std::string& series, const std::string& key, const SeriesSources& sources) {
    if (key == "pv_w") return SeriesPlan{SeriesKind::sum_of, kept_value(key), sources.pv, ""};
    if (key == "load_w") return SeriesPlan{SeriesKind::sum_of, kept_value(key), sources.load, ""};
    if (key == "grid_w") return SeriesPlan{SeriesKind::sum_of, kept_value(key), sources.grid, ""};
    return unknown(series, "of power: pv_w, load_w, grid_w (values derived from them are not stored)");
}

Result<SeriesPlan> load_plan(const std::string& series, const std::string& topic, const std::string& key) {
    const std::string slug = topic.substr(topic.find('/') + 1);
    if (begins(topic, "miner/")) {
        if (key == "wanted") return SeriesPlan{SeriesKind::orders, nullptr, {}, slug};
        if (key == "running") return SeriesPlan{SeriesKind::runs, nullptr, {}, slug};
        return unknown(series, "of a miner: wanted, running (its power is not stored; energy of each run: v_load_runs)");
    }
    if (key == "fan_wanted") return SeriesPlan{SeriesKind::orders, nullptr, {}, fan_of(slug)};
    if (key == "heat") return SeriesPlan{SeriesKind::orders, nullptr, {}, heat_of(slug)};
    return unknown(series, "of a zone: fan_wanted, heat (its temperature is not stored; that of victron.<id> sources is)");
}

}  // namespace

const std::vector<KeptValue>& kept_values() {
    static const std::vector<KeptValue> values = {
        {"voltage_v", "voltage", "batt_voltage", 100, "V", "avg", RawField::voltage},
        {"voltage_min_v", "voltage_min", "batt_voltage_min", 100, "V", "min", RawField::voltage},
        {"voltage_max_v", "voltage_max", "batt_voltage_max", 100, "V", "max", RawField::voltage},
        {"current_a", "current", "batt_current", 100, "A", "avg", RawField::current},
        {"power_w", "power", "batt_power", 1, "W", "avg", RawField::power},
        {"soc_pct", "soc", "soc", 100, "%", "avg", RawField::soc},
        {"temperature_c", "temperature", nullptr, 10, "°C", "avg", RawField::temperature},
        {"state", "state", nullptr, 1, "", "max", RawField::state},
        {"pv_w", "pv_power", "pv_power", 1, "W", "avg", RawField::pv},
        {"load_w", "load_power", "load_power", 1, "W", "avg", RawField::load},
        {"grid_w", "grid_power", "grid_power", 1, "W", "avg", RawField::grid},
        {"pv_voltage_v", "pv_voltage", "pv_voltage", 100, "V", "avg", RawField::pv_voltage},
        {"pv_current_a", "pv_current", "pv_current", 100, "A", "avg", RawField::pv_current},
    };
    return values;
}

const KeptValue* kept_value(const std::string& key) {
    for (const KeptValue& value : kept_values())
        if (key == value.key) return &value;
    return nullptr;
}

Result<SeriesPlan> plan_of(const std::string& series, const SeriesSources& sources) {
    const auto dot = series.rfind('.');
    if (dot == std::string::npos || dot + 1 == series.size())
        return Failure{Fault::refused, "'" + series + "' is not a series; expected <topic>.<key> such as battery.voltage_v"};
    const std::string topic = series.substr(0, dot), key = series.substr(dot + 1);
    if (topic == "battery") return battery_plan(series, key, sources);
    if (topic == "power") return power_plan(series, key, sources);
    if (begins(topic, "miner/") || begins(topic, "zone/")) return load_plan(series, topic, key);
    if (begins(topic, "source/")) {
        const KeptValue* value = kept_value(key);
        if (value == nullptr) return unknown(series, "of a source: " + keys_joined());
        return SeriesPlan{SeriesKind::first_of, value, {topic.substr(7)}, ""};
    }
    if (begins(topic, "metric/") && key == "mean") return SeriesPlan{SeriesKind::metric, nullptr, {}, topic.substr(7)};
    if (topic == "charge" && key == "order") return SeriesPlan{SeriesKind::orders, nullptr, {}, "charge"};
    return unknown(series, "stored are battery, power, source/<name>, miner/<slug>, zone/<slug>, charge and metric/<name>");
}

}  // namespace volt
