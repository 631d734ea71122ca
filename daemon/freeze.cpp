#include "daemon/freeze.hpp"

#include <algorithm>

#include "rules/readings.hpp"

namespace volt {

namespace {

const SourceReading* reading_of(const Slots& slots, const std::string& name) {
    const auto slot = slots.find(name);
    return slot != slots.end() && slot->second.has_reading ? &slot->second.reading : nullptr;
}

/// A frame whose voltage is no voltage of a bank is no frame to take watts or degrees from either (registers that are
/// shifted look so). A GX's system alone may have no voltage and still know its powers.
bool is_nonsense(const SourceReading& reading) {
    if (reading.voltage) return !is_plausible(*reading.voltage);
    return reading.name == "victron.battery" || reading.name == "sol_ark" || reading.name == "sol_ark_2";
}

template <class T>
Sample<T> sample_of(const SourceReading* reading, std::optional<T> SourceReading::*member) {
    if (reading == nullptr) return {};
    if (is_nonsense(*reading)) return {std::nullopt, reading->taken, true};
    return {reading->*member, reading->taken, true};
}

template <class T>
Sample<T> sum_of(const Slots& slots, const std::vector<std::string>& names, std::optional<T> SourceReading::*member) {
    Sample<T> sum;
    for (const std::string& name : names) {
        const Sample<T> part = sample_of(reading_of(slots, name), member);
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
Sample<T> battery_sample(const Slots& slots, const PowerSources& sources, const std::string& name,
                         std::optional<T> SourceReading::*member) {
    const std::vector<std::string>& shares = sources.battery;
    const bool shared = std::find(shares.begin(), shares.end(), name) != shares.end();
    return shared ? sum_of(slots, shares, member) : sample_of(reading_of(slots, name), member);
}

/// The first source in the owner's order that has a fresh value; else the first that was ever heard.
template <class T>
Sample<T> first_of(const Slots& slots, const PowerSources& sources, const Policy& policy, Time now,
                   std::optional<T> SourceReading::*member) {
    Sample<T> fallback;
    for (const VoltageSource& source : policy.voltage_sources) {
        const Sample<T> sample = battery_sample(slots, sources, source.name, member);
        const Duration limit = std::max(policy.control.power_stale, 3 * source.poll);
        if (sample.value && now - sample.taken <= limit) return sample;
        if (sample.heard && !fallback.heard) fallback = sample;
    }
    return fallback;
}

/// A temperature by name: a polled source, or a sensor of the broker.
Sample<Celsius> temperature_of(const Slots& slots, const SensorSamples& sensors, const std::string& name) {
    for (const std::string& slot_name : {name, "victron." + name})
        if (slots.count(slot_name) > 0)
            return sample_of(reading_of(slots, slot_name), &SourceReading::battery_temperature);
    const auto sensor = sensors.find(name);
    return sensor != sensors.end() ? sensor->second : Sample<Celsius>{};
}

Sample<Amps> discharge_limit_of(const Slots& slots) {
    const SourceReading* battery = reading_of(slots, "victron.battery");
    return battery != nullptr && battery->discharge_limit ? sample_of(battery, &SourceReading::discharge_limit)
                                                          : Sample<Amps>{};
}

}  // namespace

void freeze_readings(const Slots& slots, const SensorSamples& sensors, const PowerSources& sources,
                     const Policy& policy, SiteSnapshot& snapshot) {
    snapshot.voltages.clear();
    for (const VoltageSource& source : policy.voltage_sources) {
        const SourceReading* reading = reading_of(slots, source.name);
        const auto heard = reading != nullptr ? Sample<Volts>{reading->voltage, reading->taken, true} : Sample<Volts>{};
        snapshot.voltages.push_back({heard,
                                     reading != nullptr ? reading->moved : Time{}});
    }
    snapshot.battery_power = first_of(slots, sources, policy, snapshot.now, &SourceReading::battery_power);
    snapshot.battery_current = first_of(slots, sources, policy, snapshot.now, &SourceReading::battery_current);
    snapshot.pv = sum_of(slots, sources.pv, &SourceReading::pv);
    snapshot.load = sum_of(slots, sources.load, &SourceReading::load);
    snapshot.grid = sum_of(slots, sources.grid, &SourceReading::grid);
    snapshot.bms_discharge_limit = discharge_limit_of(slots);
    snapshot.battery_temperatures.clear();
    for (const TemperatureSource& source : policy.battery_temperatures)
        snapshot.battery_temperatures.push_back({temperature_of(slots, sensors, source.name), source.zero_is_suspect});
    snapshot.temperatures.clear();
    for (const TemperatureSource& source : policy.sensors)
        snapshot.temperatures.push_back(temperature_of(slots, sensors, source.name));
}

}  // namespace volt
