#include "drivers/modbus/sol_ark_registers.hpp"

#include <array>

namespace volt::modbus::sol_ark {
namespace {

constexpr Register volts(std::uint16_t address, const char* name, std::int32_t steps = 10) {
    return {.address = address, .name = name, .unit = RegisterUnit::volts, .multiply = steps, .low = 0, .high = 65'000};
}

constexpr Register amps(std::uint16_t address, const char* name) {
    return {.address = address, .name = name, .type = WordType::s16, .unit = RegisterUnit::amps, .low = -32'700, .high = 32'700};
}

constexpr Register watts(std::uint16_t address, const char* name) {
    return {.address = address, .name = name, .type = WordType::s16, .unit = RegisterUnit::watts, .low = -32'765, .high = 32'765};
}

constexpr Register unsigned_watts(std::uint16_t address, const char* name) {
    return {.address = address, .name = name, .unit = RegisterUnit::watts, .low = 0, .high = 60'000};
}

constexpr Register degrees(std::uint16_t address, const char* name) {
    // A raw 0 would be -100.0 °C: no sensor.
    return {.address = address, .name = name, .unit = RegisterUnit::celsius, .offset = -1000, .low = -999, .high = 2000};
}

constexpr Register hertz(std::uint16_t address, const char* name) {
    return {.address = address, .name = name, .unit = RegisterUnit::hertz};
}

constexpr Register code(std::uint16_t address, const char* name) { return {.address = address, .name = name}; }

constexpr Register energy(std::uint16_t address, const char* name, WordType type = WordType::u16, std::uint8_t stride = 1) {
    return {.address = address,
            .name = name,
            .type = type,
            .unit = RegisterUnit::watt_hours,
            .multiply = 100,
            .order = WordOrder::low_first,
            .stride = stride};
}

constexpr Register turned(Register row) {
    row.multiply = -row.multiply;
    return row;
}

}  // namespace

constexpr Register device_type{.address = 0, .name = "device type"};
constexpr Register serial{.address = 3, .name = "serial number", .type = WordType::text, .text_words = 5};
constexpr Register inverter_power = watts(175, "inverter");
constexpr Register generator_port = watts(166, "generator port");  // sources disagree on the sign
constexpr Register grid_power = watts(169, "grid, positive = buying");
constexpr Register load_power = watts(178, "load");
constexpr Register battery_temperature = degrees(182, "battery temperature");
constexpr Register battery_voltage{
    .address = 183, .name = "battery voltage", .unit = RegisterUnit::volts, .zero_is_no_data = true, .low = 0, .high = 65'000};
constexpr Register soc{.address = 184, .name = "SOC", .unit = RegisterUnit::percent, .multiply = 100, .low = 0, .high = 10'000};
constexpr Register pv_power[3] = {unsigned_watts(186, "PV1"), unsigned_watts(187, "PV2"), unsigned_watts(188, "PV3")};
constexpr Register battery_power = turned(watts(190, "battery power"));
constexpr Register battery_current = turned(amps(191, "battery current"));
constexpr Register pv_voltage[3] = {volts(109, "PV1"), volts(111, "PV2"), volts(113, "PV3")};
constexpr Register pv_current[3] = {
    times({.address = 110, .name = "PV1", .unit = RegisterUnit::amps, .low = 0, .high = 10'000}, 10),
    times({.address = 112, .name = "PV2", .unit = RegisterUnit::amps, .low = 0, .high = 10'000}, 10),
    times({.address = 114, .name = "PV3", .unit = RegisterUnit::amps, .low = 0, .high = 10'000}, 10),
};

namespace {

constexpr std::array rows{
    device_type,
    Register{.address = 2, .name = "protocol version", .unit = RegisterUnit::version_byte},
    serial,
    Register{.address = 16,
             .name = "rated power (0.1 W)",
             .type = WordType::u32,
             .unit = RegisterUnit::watts,
             .divide = 10,
             .order = WordOrder::low_first},
    code(59, "state"),
    energy(60, "energy today", WordType::s16),
    energy(72, "battery charge, total", WordType::u32),
    energy(78, "grid import, total", WordType::u32, 2),  // the grid's frequency is between its words
    hertz(79, "grid frequency"),
    energy(96, "PV, total", WordType::u32),
    code(103, "faults 1-16"),
    code(104, "faults 17-32"),
    code(105, "faults 33-48"),
    code(106, "faults 49-64"),
    pv_voltage[0],
    pv_current[0],
    pv_voltage[1],
    pv_current[1],
    pv_voltage[2],
    pv_current[2],
    volts(150, "grid L1-N"),
    volts(152, "grid L1-L2"),
    amps(160, "grid L1"),
    generator_port,
    watts(167, "grid L1"),
    watts(168, "grid L2"),
    grid_power,
    inverter_power,
    watts(176, "load L1"),
    watts(177, "load L2"),
    load_power,
    battery_temperature,
    battery_voltage,
    soc,
    pv_power[0],
    pv_power[1],
    pv_power[2],
    code(189, "PV4 or battery state"),  // uncertain, see sol_ark.cpp
    battery_power,
    battery_current,
    hertz(192, "load frequency"),
    hertz(193, "inverter frequency"),
    volts(202, "absorption voltage", 1),
    code(232, "grid charge"),
    Register{.address = 250, .name = "time of use 1", .unit = RegisterUnit::hhmm},
    code(274, "time of use 1 flags"),
    Register{.address = 314, .name = "BMS charge limit", .unit = RegisterUnit::amps, .multiply = 100},
    degrees(319, "BMS temperature"),
};

}  // namespace

std::span<const Register> map() { return rows; }

bool is_other_map(std::uint16_t type) {
    const unsigned high = type >> 8U;
    // 2 string, 4 micro, 5 to 8 three-phase
    return type == 2 || (type >= 4 && type <= 8) || high == 5 || high == 6;
}

std::vector<int> faults(std::span<const std::uint16_t> words) {
    std::vector<int> numbers;
    for (std::size_t word = 0; word < words.size(); ++word) {
        for (unsigned bit = 0; bit < 16; ++bit) {
            const bool set = ((static_cast<unsigned>(words[word]) >> bit) & 1U) != 0;
            if (set) numbers.push_back(static_cast<int>(16 * word + bit + 1));
        }
    }
    return numbers;
}

}  // namespace volt::modbus::sol_ark
