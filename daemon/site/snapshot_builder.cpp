#include "daemon/site/snapshot_builder.hpp"

#include <algorithm>

#include "rules/battery/bank.hpp"

namespace volt {

namespace {

/// The sources' values, and which voltages are plausible for this bank.
struct Said {
    const LatestReadings& slots;
    VoltageRange range;

    const SourceReading* reading_of(const std::string& name) const {
        const auto slot = slots.find(name);
        return slot != slots.end() && slot->second.has_reading ? &slot->second.reading : nullptr;
    }
};

/// If a frame's voltage is implausible, its watts and degrees are not used either (shifted registers look like this).
/// Only a GX's system unit may have no voltage and still know its powers.
bool is_nonsense(const SourceReading& reading, VoltageRange range) {
    if (reading.voltage) return !range.holds(*reading.voltage);
    return reading.name == "victron.battery" || reading.name == "sol_ark" || reading.name == "sol_ark_2";
}

template <class T>
Sample<T> sample_of(const Said& said, const std::string& name, std::optional<T> SourceReading::*member) {
    const SourceReading* reading = said.reading_of(name);
    if (reading == nullptr) return {};
    if (is_nonsense(*reading, said.range)) return {std::nullopt, reading->taken, true};
    return {reading->*member, reading->taken, true};
}

template <class T>
Sample<T> sum_of(const Said& said, const std::vector<std::string>& names, std::optional<T> SourceReading::*member) {
    Sample<T> sum;
    for (const std::string& name : names) {
        const Sample<T> part = sample_of(said, name, member);
        if (!part.heard) return {};
        sum.taken = sum.heard ? std::min(sum.taken, part.taken) : part.taken;
        if (!sum.heard) sum.value = T{};
        sum.heard = true;
        if (part.value && sum.value) *sum.value += *part.value;
        else sum.value.reset();
    }
    return sum;
}

/// Of the battery as a whole: where inverters share it, their sum.
template <class T>
Sample<T> battery_sample(const Said& said, const PowerSources& sources, const std::string& name,
                         std::optional<T> SourceReading::*member) {
    const std::vector<std::string>& shares = sources.battery;
    const bool shared = std::find(shares.begin(), shares.end(), name) != shares.end();
    return shared ? sum_of(said, shares, member) : sample_of(said, name, member);
}

/// The first source in the owner's order with a fresh value; else the first that ever reported.
template <class T>
Sample<T> first_of(const Said& said, const PowerSources& sources, const Policy& policy, Time now,
                   std::optional<T> SourceReading::*member, Index& from) {
    Sample<T> fallback;
    from = no_index;
    for (std::size_t i = 0; i < policy.voltage_sources.size(); ++i) {
        const VoltageSource& source = policy.voltage_sources[i];
        const Sample<T> sample = battery_sample(said, sources, source.name, member);
        const Duration limit = std::max(policy.control.power_stale, 3 * source.poll);
        const bool fresh = sample.value && now - sample.taken <= limit;
        if (!fresh && (!sample.heard || fallback.heard)) continue;
        from = static_cast<Index>(i);
        if (fresh) return sample;
        fallback = sample;
    }
    return fallback;
}

/// A temperature by name: a polled source, or a sensor of the broker.
Sample<Celsius> temperature_of(const Said& said, const SensorSamples& sensors, const std::string& name) {
    for (const std::string& slot_name : {name, "victron." + name})
        if (said.slots.count(slot_name) > 0) return sample_of(said, slot_name, &SourceReading::battery_temperature);
    const auto sensor = sensors.find(name);
    return sensor != sensors.end() ? sensor->second : Sample<Celsius>{};
}

/// Only with a plausible charge voltage: 0 A from a BMS that publishes no limits is not an order.
Sample<Amps> discharge_limit_of(const Said& said) {
    const SourceReading* battery = said.reading_of("victron.battery");
    if (battery == nullptr || !battery->discharge_limit || !battery->charge_voltage_limit) return {};
    if (!said.range.holds(*battery->charge_voltage_limit)) return {};
    return sample_of(said, battery->name, &SourceReading::discharge_limit);
}

/// With the power and current of the same answer from a GX; a Sol-Ark's are watched by its driver, which knows the scale.
VoltageSample voltage_of(const Said& said, const std::string& name) {
    VoltageSample sample;
    const SourceReading* reading = said.reading_of(name);
    if (reading == nullptr) return sample;
    sample.value = reading->voltage;
    sample.taken = reading->taken;
    sample.heard = true;
    sample.unit_moved = reading->moved;
    if (!name.starts_with("victron.")) return sample;
    sample.power = reading->battery_power;
    sample.current = reading->battery_current;
    return sample;
}

}  // namespace

void freeze_readings(const LatestReadings& slots, const SensorSamples& sensors, const PowerSources& sources, const Policy& policy,
                     SiteSnapshot& snapshot) {
    const Said said{slots, plausible_range(policy.preferences)};
    snapshot.voltages.clear();
    for (const VoltageSource& source : policy.voltage_sources) snapshot.voltages.push_back(voltage_of(said, source.name));
    snapshot.battery_power =
        first_of(said, sources, policy, snapshot.now, &SourceReading::battery_power, snapshot.battery_power_source);
    snapshot.battery_current =
        first_of(said, sources, policy, snapshot.now, &SourceReading::battery_current, snapshot.battery_current_source);
    snapshot.pv = sum_of(said, sources.pv, &SourceReading::pv);
    snapshot.load = sum_of(said, sources.load, &SourceReading::load);
    snapshot.grid = sum_of(said, sources.grid, &SourceReading::grid);
    snapshot.bms_discharge_limit = discharge_limit_of(said);
    snapshot.battery_temperatures.clear();
    for (const TemperatureSource& source : policy.battery_temperatures)
        snapshot.battery_temperatures.push_back({temperature_of(said, sensors, source.name), source.zero_is_suspect});
    snapshot.temperatures.clear();
    for (const TemperatureSource& source : policy.sensors)
        snapshot.temperatures.push_back(temperature_of(said, sensors, source.name));
}

}  // namespace volt
