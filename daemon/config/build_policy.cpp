#include "daemon/config/build_policy.hpp"

#include <algorithm>
#include <set>

#include "daemon/config/charge_plan.hpp"
#include "daemon/config/uses.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

namespace {

// Sources of one device share a number. They fail together, so one cannot be a fallback for the other.
constexpr int gx_device = 0, sol_ark_device = 1, second_sol_ark_device = 2;

OutputWiring wiring_of(const OutputConfig& output) {
    return {.id = output.id,
            .kind = output.kind,
            .lease = output.lease,
            .require_lease = output.require_lease,
            .safe_state = output.safe_state,
            .on_exit = output.on_exit,
            .external_override = output.external_override,
            .meter = output.meter,
            .max_level = output.max_level};
}

VoltageSource voltage_source_of(const std::string& name, const Config& config) {
    // The driver of a Sol-Ark knows the scale of its current and watches its power.
    if (name == "sol_ark") return {name, sol_ark_device, config.sol_ark ? config.sol_ark->poll : 5s, 1_cV, no_index, false};
    if (name == "sol_ark_2")
        return {name, second_sol_ark_device, config.sol_ark_2 ? config.sol_ark_2->poll : 5s, 1_cV, no_index, false};
    // Register 840 of the system service counts 0.1 V; battery and vebus count 0.01 V.
    return {name, gx_device, config.victron ? config.victron->poll : 1s, name == "victron.system" ? 10_cV : 1_cV};
}

/// Returns true if the rules must treat an answer without a voltage as invalid. Exceptions: a GX's system unit, which may have
/// only powers, and units that measure something else.
bool needs_voltage(const std::string& name) { return name == "victron.battery" || name == "sol_ark" || name == "sol_ark_2"; }

TemperatureSource polled_temperature(const std::string& name, Duration stale, Duration poll, bool zero_is_suspect) {
    return {name, age_limit(stale, poll), zero_is_suspect};
}

template <class Wanted>
void add_gx_sensors(const Config& config, Wanted wanted, std::vector<TemperatureSource>& list) {
    if (!config.victron) return;
    for (const GxTemperature& t : config.victron->temperatures)
        if (wanted(t.id, t.role == TemperatureRole::battery))
            list.push_back(polled_temperature(t.id, config.control.temperature_stale, config.victron->poll, true));
}

template <class Wanted>
void add_broker_sensors(const Config& config, Wanted wanted, std::vector<TemperatureSource>& list) {
    for (const SensorConfig& sensor : config.sensors)
        if (wanted(sensor.id, sensor.role == TemperatureRole::battery)) list.push_back({sensor.id, sensor.stale_after, false});
}

std::vector<TemperatureSource> battery_temperatures(const Config& config) {
    const Duration stale = config.control.temperature_stale;
    std::vector<TemperatureSource> list;
    // A unit that voltd only searches for may never appear. As a blind guard it would block the zones' sensors.
    if (config.victron && config.victron->battery_unit)
        list.push_back(polled_temperature("victron.battery", stale, config.victron->poll, true));
    const auto of_battery = [](const std::string&, bool battery) { return battery; };
    add_gx_sensors(config, of_battery, list);
    add_broker_sensors(config, of_battery, list);
    if (config.victron && config.victron->vebus_unit)
        list.push_back(polled_temperature("victron.vebus", stale, config.victron->poll, true));
    if (config.sol_ark) list.push_back(polled_temperature("sol_ark", stale, config.sol_ark->poll, false));
    if (config.sol_ark_2) list.push_back(polled_temperature("sol_ark_2", stale, config.sol_ark_2->poll, false));
    return list;
}

/// Returns the room sensors, and the battery sensors that a zone uses.
std::vector<TemperatureSource> room_sensors(const Config& config, const Settings& settings) {
    std::vector<TemperatureSource> list;
    const auto of_room = [&](const std::string& id, bool battery) {
        return !battery ||
               std::any_of(settings.zones.begin(), settings.zones.end(), [&](const Zone& zone) { return zone.sensor_id == id; });
    };
    add_broker_sensors(config, of_room, list);
    add_gx_sensors(config, of_room, list);
    return list;
}

Duration slowest_power_poll(const Config& config) {
    Duration slowest{};
    for (const auto* list : {&config.power_sources.pv, &config.power_sources.load, &config.power_sources.grid})
        for (const std::string& name : *list) {
            if (name == "sol_ark" && config.sol_ark) slowest = std::max(slowest, config.sol_ark->poll);
            if (name == "sol_ark_2" && config.sol_ark_2) slowest = std::max(slowest, config.sol_ark_2->poll);
            if (name == "victron.system" && config.victron) slowest = std::max(slowest, config.victron->poll);
        }
    return slowest > 0ms ? slowest : Policy{}.power_poll;
}

template <class Rows, class Matches>
Index index_of(const Rows& rows, Matches matches) {
    const auto found = std::find_if(rows.begin(), rows.end(), matches);
    return found != rows.end() ? static_cast<Index>(found - rows.begin()) : no_index;
}

void wire_polled(const Config& config, Policy& policy) {
    for (const std::string& name : polled_sources(config)) policy.polled.push_back({name, needs_voltage(name)});
    const auto place = [&policy](const std::string& name) {
        return index_of(policy.polled, [&](const PolledSource& source) { return source.name == name; });
    };
    const auto places = [&place](const std::vector<std::string>& names) {
        std::vector<Index> list;
        for (const std::string& name : names) list.push_back(place(name));
        return list;
    };
    policy.power = {places(config.power_sources.pv), places(config.power_sources.load), places(config.power_sources.grid),
                    places(config.power_sources.battery), place("victron.battery")};
    for (VoltageSource& source : policy.voltage_sources) source.polled = place(source.name);
    for (auto* list : {&policy.battery_temperatures, &policy.sensors})
        for (TemperatureSource& source : *list) {
            source.polled = place(source.name);
            if (source.polled == no_index) source.polled = place("victron." + source.name);
        }
}

void give_outputs(const Config& config, const Settings& settings, Policy& policy) {
    std::set<Index> taken;
    for (const Use& use : uses_of(settings)) {
        const Index index = output_index(config, use.output_id);
        if (index == no_index || !unfit(config.outputs[static_cast<std::size_t>(index)], use, config).empty()) continue;
        if (!taken.insert(index).second) continue;
        switch (use.kind) {
            case UseKind::miner: policy.miners[use.row].output = index; break;
            case UseKind::heater: policy.zones[use.row].heater = index; break;
            case UseKind::fan: policy.zones[use.row].fan = index; break;
        }
    }
}

void resolve(const Config& config, const Settings& settings, Policy& policy) {
    for (Miner& miner : policy.miners) {
        miner.output = no_index;
        miner.zone =
            miner.zone_id.empty() ? no_index : index_of(policy.zones, [&](const Zone& z) { return z.id == miner.zone_id; });
    }
    for (Zone& zone : policy.zones) {
        zone.fan = zone.heater = no_index;
        zone.sensor =
            zone.sensor_id.empty() ? no_index : index_of(policy.sensors, [&](const auto& s) { return s.name == zone.sensor_id; });
    }
    give_outputs(config, settings, policy);
}

}  // namespace

std::vector<std::string> polled_sources(const Config& config) {
    std::vector<std::string> names;
    if (config.victron) {
        names.push_back("victron.system");
        names.push_back("victron.battery");  // voltd searches for it if its unit is not configured
        if (config.victron->vebus_unit) names.push_back("victron.vebus");
        for (const GxTemperature& sensor : config.victron->temperatures) names.push_back("victron." + sensor.id);
    }
    if (config.sol_ark) names.push_back("sol_ark");
    if (config.sol_ark_2) names.push_back("sol_ark_2");
    return names;
}

Policy build_policy(const Config& config, const Settings& settings, std::uint64_t revision) {
    Policy policy;
    policy.revision = revision;
    policy.preferences = settings.preferences;
    policy.miners = settings.miners;
    policy.zones = settings.zones;
    policy.control = config.control;
    for (const OutputConfig& output : config.outputs) policy.outputs.push_back(wiring_of(output));
    for (const std::string& name : config.voltage_sources) policy.voltage_sources.push_back(voltage_source_of(name, config));
    policy.battery_temperatures = battery_temperatures(config);
    policy.sensors = room_sensors(config, settings);
    wire_polled(config, policy);
    policy.power_poll = slowest_power_poll(config);
    policy.weather_configured = config.weather.has_value();
    if (config.weather) policy.weather_stale = config.weather->stale_after;
    policy.has_gx = config.victron.has_value();
    policy.has_sol_ark = config.sol_ark.has_value();
    policy.charge_means = config.control.live && !config.control.leaving ? charge_means(config) : ChargeMeans::report;
    if (config.charge_output) policy.charge_output = output_index(config, *config.charge_output);
    resolve(config, settings, policy);
    return policy;
}

}  // namespace volt
