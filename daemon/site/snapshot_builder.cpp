#include "daemon/site/snapshot_builder.hpp"

namespace volt {

namespace {

const SourceReading* reading_of(const LatestReadings& sources, const std::string& name) {
    const auto source = sources.find(name);
    return source != sources.end() && source->second.has_reading ? &source->second.reading : nullptr;
}

PolledAnswer answer_of(const LatestReadings& sources, const std::string& name) {
    const SourceReading* reading = reading_of(sources, name);
    if (reading == nullptr) return {};
    PolledAnswer answer;
    answer.taken = reading->taken;
    answer.received = true;
    answer.voltage = reading->voltage;
    answer.battery_power = reading->battery_power;
    answer.pv = reading->pv;
    answer.load = reading->load;
    answer.grid = reading->grid;
    answer.battery_current = reading->battery_current;
    answer.charge_voltage_limit = reading->charge_voltage_limit;
    answer.discharge_limit = reading->discharge_limit;
    return answer;
}

/// Returns the temperature of a polled unit or of an MQTT sensor.
Sample<Celsius> temperature_of(const LatestReadings& sources, const SensorSamples& sensors, const Policy& policy,
                               const TemperatureSource& source) {
    if (source.polled != no_index) {
        const SourceReading* reading = reading_of(sources, policy.polled[static_cast<std::size_t>(source.polled)].name);
        return reading != nullptr ? Sample<Celsius>{reading->battery_temperature, reading->taken, true} : Sample<Celsius>{};
    }
    const auto sensor = sensors.find(source.name);
    return sensor != sensors.end() ? sensor->second : Sample<Celsius>{};
}

/// Returns the voltage with the power and current of the same answer.
VoltageSample voltage_of(const LatestReadings& sources, const std::string& name) {
    VoltageSample sample;
    const SourceReading* reading = reading_of(sources, name);
    if (reading == nullptr) return sample;
    sample.value = reading->voltage;
    sample.taken = reading->taken;
    sample.received = true;
    sample.unit_moved = reading->moved;
    sample.power = reading->battery_power;
    sample.current = reading->battery_current;
    return sample;
}

}  // namespace

void fill_readings(const LatestReadings& sources, const SensorSamples& sensors, const Policy& policy, SiteSnapshot& snapshot) {
    snapshot.voltages.clear();
    for (const VoltageSource& source : policy.voltage_sources) snapshot.voltages.push_back(voltage_of(sources, source.name));
    snapshot.polled.clear();
    for (const PolledSource& source : policy.polled) snapshot.polled.push_back(answer_of(sources, source.name));
    snapshot.battery_temperatures.clear();
    for (const TemperatureSource& source : policy.battery_temperatures)
        snapshot.battery_temperatures.push_back({temperature_of(sources, sensors, policy, source), source.zero_is_suspect});
    snapshot.temperatures.clear();
    for (const TemperatureSource& source : policy.sensors)
        snapshot.temperatures.push_back(temperature_of(sources, sensors, policy, source));
}

}  // namespace volt
