#include "drivers/modbus/sol_ark.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "drivers/modbus/scale_watch.hpp"
#include "drivers/modbus/sol_ark_registers.hpp"

namespace volt::modbus::sol_ark {
namespace {

constexpr Stretch pv_inputs{109, 6};
constexpr Stretch identity{0, 8};  // type and serial number
constexpr Stretch fault_words{103, 4};
const std::vector<std::uint16_t> request_sizes{31, 16, 8};  // some gateways lose the answers to larger requests

/// Returns true if temperature, voltage and SOC (182-184) together show that no inverter is behind the answer.
bool is_hollow(const Answers& answers) {
    const auto all = [&answers](std::uint16_t word) {
        return std::ranges::all_of(std::array{182, 183, 184}, [&](int address) {
            const Register raw{.address = static_cast<std::uint16_t>(address)};
            return decode(raw, answers) == Decoded{Decode::good, word};
        });
    };
    return all(0) || all(0xFFFF);
}

// Adds up PV1 to PV3; a model with two inputs may not have the third. Sources disagree on register 189, PV4's power or a battery
// state code: adding it could add a code to the watts, and a 12K or 15K has no fourth input.
std::optional<Watts> pv_sum(const Answers& answers) {
    Watts sum{};
    for (const Register& row : pv_power) {
        const Decoded power = decode(row, answers);
        if (power.state == Decode::not_read && &row == std::end(pv_power) - 1) continue;
        if (!power.good()) return std::nullopt;
        sum += Watts{power.steps};
    }
    return sum;
}

/// Returns PV that reaches the generator port from micro-inverters. Sources disagree on the sign of register 166, and
/// micro-inverters only feed in, so its absolute value counts.
std::optional<Watts> micro_inverter_power(const Answers& answers) {
    const auto power = value_of<Watts>(generator_port, answers);
    return power ? std::optional(Watts{std::abs(power->steps)}) : std::nullopt;
}

/// Adds the highest voltage of an input, and the sum of their currents.
void add_pv_inputs(const Answers& answers, SourceReading& reading) {
    for (std::size_t input = 0; input < std::size(pv_voltage); ++input) {
        const auto voltage = value_of<Volts>(pv_voltage[input], answers);
        const auto current = value_of<Amps>(pv_current[input], answers);
        if (voltage) reading.pv_voltage = std::max(reading.pv_voltage.value_or(Volts{}), *voltage);
        if (current) reading.pv_current = reading.pv_current.value_or(Amps{}) + *current;
    }
}

/// Returns "F55 (DC bus overvoltage)", or only the number if two independent projects disagree on the name.
std::string name_of_fault(int fault) {
    static const std::map<int, const char*> names{{8, "GFDI relay"},
                                                  {13, "working mode changed"},
                                                  {18, "AC overcurrent"},
                                                  {20, "DC overcurrent"},
                                                  {22, "emergency stop"},
                                                  {23, "AC leakage"},
                                                  {24, "DC insulation"},
                                                  {26, "DC bus unbalanced"},
                                                  {29, "parallel CAN bus"},
                                                  {34, "AC overload"},
                                                  {35, "no AC grid"},
                                                  {47, "AC frequency too high"},
                                                  {48, "AC frequency too low"},
                                                  {55, "DC bus overvoltage"},
                                                  {56, "DC bus undervoltage"},
                                                  {63, "arc fault"},
                                                  {64, "heat sink too hot"}};
    const auto found = names.find(fault);
    return "F" + std::to_string(fault) + (found == names.end() ? "" : std::string(" (") + found->second + ")");
}

/// Returns true for faults that are always active on an off-grid inverter.
bool is_normal_off_grid(int fault) { return fault == 13 || fault == 35; }

/// Adds "the inverter reports F13 (working mode changed), F46" to the complaint.
void add_faults(const Answers& answers, SourceReading& reading) {
    std::vector<std::uint16_t> words;
    for (std::uint16_t i = 0; i < fault_words.count; ++i) {
        const Register raw{.address = static_cast<std::uint16_t>(fault_words.address + i)};
        words.push_back(static_cast<std::uint16_t>(decode(raw, answers).steps));
    }
    for (const int fault : faults(words)) {
        reading.complaint += (reading.complaint.empty() ? "the inverter reports " : ", ") + name_of_fault(fault);
        if (!is_normal_off_grid(fault)) reading.complaint_level = 2;
    }
}

}  // namespace

std::optional<Failure> identify(const Answers& answers) {
    const Decoded type = decode(device_type, answers);
    if (!type.good() || !is_other_map(static_cast<std::uint16_t>(type.steps))) return std::nullopt;
    return Failure{Fault::wrong_device, "device type " + std::to_string(type.steps) +
                                            ": a string, micro or three-phase inverter, whose registers differ"};
}

Result<SourceReading> reading(const Answers& answers, const SolArkConfig& config) {
    if (is_hollow(answers)) {
        return Failure{Fault::retry, "registers 182-184 have no data: the gateway answers, but the inverter does not"};
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
    if (made.pv && config.micro_inverters) {
        const auto more = micro_inverter_power(answers);
        made.pv = more ? std::optional(*made.pv + *more) : std::nullopt;
    }
    made.load = value_of<Watts>(times(load_power, config.power_scale), answers);
    made.grid = value_of<Watts>(times(grid_power, config.grid_power_scale.value_or(config.power_scale)), answers);
    add_pv_inputs(answers, made);
    add_faults(answers, made);
    return made;
}

UnitPlan plan(const SolArkConfig& config, const std::string& source, std::shared_ptr<SerialNumbers> serials) {
    UnitPlan made;
    made.source = source;
    made.unit = config.unit;
    made.blocks = {live_block, pv_inputs};
    made.slow_blocks = {fault_words};
    made.needed = {battery_temperature.address, battery_voltage.address};
    made.sizes = request_sizes;
    made.identity = Identity{config.unit, identity,
                             [watch = SerialWatch(serial, source, std::move(serials))](const Answers& answers) mutable {
                                 auto wrong = identify(answers);
                                 return wrong ? wrong : watch.judge(answers);
                             }};
    made.assemble = [config, watch = ScaleWatch(config)](const Answers& answers) mutable {
        auto made_reading = reading(answers, config);
        if (!made_reading) return made_reading;
        std::string& complaint = made_reading.value().complaint;
        const std::string doubt = watch.check(made_reading.value(), answers);
        if (!doubt.empty()) complaint += (complaint.empty() ? "" : "; ") + doubt;
        return made_reading;
    };
    return made;
}

}  // namespace volt::modbus::sol_ark
