// A site with three voltage sources on two devices, one load with a meter and one sensor of each kind.
#pragma once

#include "rules/readings/readings.hpp"

namespace volt {

inline constexpr std::size_t battery = 0, system_ = 1, sol_ark = 2;  // indexes of the voltage sources

struct ReadingsRig {
    Policy policy;
    SiteSnapshot snapshot;
    ReadingsState state;
    Readings r;
    bool load_on = false;

    ReadingsRig() {
        policy.voltage_sources = {{"victron.battery", 0, 1s, 1_cV}, {"victron.system", 0, 1s, 10_cV}, {"sol_ark", 1, 5s, 1_cV}};
        policy.sensors = {{"room", 600s, false}};
        policy.battery_temperatures = {{"gx", 600s, true}, {"probe", 600s, false}};
        policy.outputs.resize(1);
        policy.miners.resize(1);
        policy.miners[0].output = 0;
        snapshot.voltages.resize(3);
        snapshot.temperatures.resize(1);
        snapshot.battery_temperatures.resize(2);
        snapshot.outputs.resize(1);
    }

    /// Receives a new value of a voltage source, or "no data" if empty.
    ReadingsRig& receive(std::size_t source, std::optional<Volts> value, bool unit_moved = true) {
        VoltageSample& sample = snapshot.voltages[source];
        sample.value = value;
        sample.taken = snapshot.now;
        sample.received = true;
        if (unit_moved) sample.unit_moved = snapshot.now;
        return *this;
    }
    ReadingsRig& at(Time now) {
        snapshot.now = now;
        return *this;
    }
    const Readings& judge() {
        r = emptied(r);
        judge_readings(snapshot, policy, load_on, state, r);
        return r;
    }
    /// Ticks with a value of the first source.
    const Readings& tick(Time now, std::optional<Volts> value) { return at(now).receive(battery, value).judge(); }
    /// Ticks without a new value.
    const Readings& silent(Time now) { return at(now).judge(); }
    const VoltageMemory& memory(std::size_t source) const { return state.voltages[source]; }
};

template <class T>
Sample<T> word(std::optional<T> value, Time taken) {
    return Sample<T>{value, taken, true};
}

}  // namespace volt
