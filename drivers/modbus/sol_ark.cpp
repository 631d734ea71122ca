#include "drivers/modbus/sol_ark.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "drivers/modbus/sol_ark_registers.hpp"

namespace volt::modbus::sol_ark {
namespace {

constexpr Stretch live{166, 31};
constexpr Stretch pv_inputs{109, 6};
constexpr Stretch type_register{0, 1};

/// Temperature, voltage and SOC (182-184) say together whether an inverter stands behind the answer.
bool is_hollow(const Answers& answers) {
    const auto all = [&answers](std::uint16_t word) {
        return std::ranges::all_of(std::array{182, 183, 184}, [&](int address) {
            const Register raw{.address = static_cast<std::uint16_t>(address)};
            return decode(raw, answers) == Decoded{Decode::good, word};
        });
    };
    return all(0) || all(0xFFFF);
}

// PV1 to PV3. Register 189 is PV4's power by some sources and a battery state code by others: adding it could
// add a code to the watts, and a 12K or 15K has no fourth input.
std::optional<Watts> pv_sum(const Answers& answers) {
    Watts sum{};
    for (const Register& row : pv_power) {
        const auto power = value_of<Watts>(row, answers);
        if (!power) return std::nullopt;
        sum += *power;
    }
    return sum;
}

/// The highest voltage of an input, and the sum of their currents.
void add_pv_inputs(const Answers& answers, SourceReading& reading) {
    for (std::size_t input = 0; input < std::size(pv_voltage); ++input) {
        const auto voltage = value_of<Volts>(pv_voltage[input], answers);
        const auto current = value_of<Amps>(pv_current[input], answers);
        if (voltage) reading.pv_voltage = std::max(reading.pv_voltage.value_or(Volts{}), *voltage);
        if (current) reading.pv_current = reading.pv_current.value_or(Amps{}) + *current;
    }
}

bool near(std::int64_t value, std::int64_t expected) {
    return std::abs(value - expected) * 100 <= std::abs(expected) * 15;
}

}  // namespace

std::optional<Failure> identify(const Answer& type) {
    if (type.words.empty() || !is_other_map(type.words[0])) return std::nullopt;
    return Failure{Fault::wrong_device,
                   "device type " + std::to_string(type.words[0]) + ": a three-phase inverter, whose registers differ"};
}

Result<SourceReading> reading(const Answers& answers, const SolArkConfig& config) {
    if (is_hollow(answers)) {
        return Failure{Fault::retry, "registers 182-184 hold no data: the gateway answers without the inverter"};
    }
    SourceReading made;
    made.voltage = value_of<Volts>(battery_voltage, answers);
    if (made.voltage) {
        made.battery_power = value_of<Watts>(battery_power, answers);
        made.battery_current = value_of<Amps>(times(battery_current, config.battery_current_step_ma / 10), answers);
        made.soc = value_of<Percent>(soc, answers);
    }
    made.battery_temperature = value_of<Celsius>(battery_temperature, answers);
    made.pv = pv_sum(answers);
    made.load = value_of<Watts>(times(load_power, config.power_scale), answers);
    made.grid = value_of<Watts>(times(grid_power, config.power_scale), answers);
    add_pv_inputs(answers, made);
    return made;
}

UnitPlan plan(const SolArkConfig& config) {
    UnitPlan made;
    made.source = "sol_ark";
    made.unit = config.unit;
    made.blocks = {live, pv_inputs};
    made.identity = type_register;
    made.identify = identify;
    made.assemble = [config](const Answers& answers) { return reading(answers, config); };
    return made;
}

CurrentScale judge_current_scale(const SourceReading& reading) {
    if (!reading.voltage || !reading.battery_current || !reading.battery_power) return CurrentScale::unjudged;
    const std::int64_t power = reading.battery_power->steps;
    if (std::abs(power) <= 500) return CurrentScale::unjudged;
    const std::int64_t product = reading.voltage->steps * reading.battery_current->steps / 10'000;
    if (near(product, power)) return CurrentScale::agrees;
    if (near(product * 10, power)) return CurrentScale::ten_times_too_small;
    if (near(product, power * 10)) return CurrentScale::ten_times_too_large;
    return CurrentScale::disagrees;
}

}  // namespace volt::modbus::sol_ark
