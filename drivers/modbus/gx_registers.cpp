#include "drivers/modbus/gx_registers.hpp"

#include <array>

namespace volt::modbus::gx {
namespace {

// Limits exclude only values that the register cannot have (sentinels, wrapped negatives, saturated numbers). The rules judge if
// a value is possible on this site. A GX casts doubles without a limit and saturates integers at 0x7FFE/0x7FFF and 0xFFFE/0xFFFF.
constexpr std::int64_t most_volts = 65'000;  // 650.00 V
constexpr std::int64_t most_amps = 300'000;  // 3000.00 A
constexpr std::int64_t most_s16_watts = 32'765;
constexpr std::int64_t most_u16_watts = 60'000;  // 60001..65535 are small negatives that were wrapped
constexpr std::int64_t most_s32_watts = 1'000'000;

constexpr Register volts(std::uint16_t address, const char* name, std::int32_t steps, bool zero_is_no_data = false) {
    return {.address = address,
            .name = name,
            .unit = RegisterUnit::volts,
            .multiply = steps,
            .zero_is_no_data = zero_is_no_data,
            .low = 0,
            .high = most_volts};
}

constexpr Register amps(std::uint16_t address, const char* name) {
    return {.address = address,
            .name = name,
            .type = WordType::s16,
            .unit = RegisterUnit::amps,
            .multiply = 10,
            .low = -most_amps,
            .high = most_amps};
}

constexpr Register unsigned_amps(std::uint16_t address, const char* name) {
    Register row = amps(address, name);
    row.type = WordType::u16;
    return row;
}

constexpr Register watts(std::uint16_t address, const char* name) {
    return {.address = address,
            .name = name,
            .type = WordType::s16,
            .unit = RegisterUnit::watts,
            .low = -most_s16_watts,
            .high = most_s16_watts};
}

constexpr Register unsigned_watts(std::uint16_t address, const char* name) {
    return {.address = address, .name = name, .unit = RegisterUnit::watts, .low = 0, .high = most_u16_watts};
}

constexpr Register wide_watts(std::uint16_t address, const char* name, WordType type = WordType::s32) {
    return {.address = address,
            .name = name,
            .type = type,
            .unit = RegisterUnit::watts,
            .low = -most_s32_watts,
            .high = most_s32_watts};
}

constexpr Register degrees(std::uint16_t address, const char* name, std::int32_t divide = 1) {
    return {.address = address,
            .name = name,
            .type = WordType::s16,
            .unit = RegisterUnit::celsius,
            .divide = divide,
            .low = -999,
            .high = 2000};
}

constexpr Register percent(std::uint16_t address, const char* name, std::int32_t steps) {
    return {.address = address,
            .name = name,
            .unit = RegisterUnit::percent,
            .multiply = steps,
            .zero_is_no_data = true,
            .low = 0,
            .high = 10'000};
}

constexpr Register code(std::uint16_t address, const char* name) { return {.address = address, .name = name}; }

constexpr Register consumed(std::uint16_t address, const char* name) {
    return {.address = address, .name = name, .unit = RegisterUnit::amp_hours, .multiply = -1};
}

constexpr Register reserved(std::uint16_t address, std::uint8_t words) {
    return {.address = address, .name = "reserved", .type = WordType::spacer, .text_words = words};
}

}  // namespace

constexpr Register serial{.address = 800, .name = "/Serial", .type = WordType::text, .text_words = 6};
constexpr Register battery_voltage = volts(840, "/Dc/Battery/Voltage", 10, true);
constexpr Register battery_current = amps(841, "/Dc/Battery/Current");
constexpr Register battery_power = watts(842, "/Dc/Battery/Power");
constexpr Register battery_soc = percent(843, "/Dc/Battery/Soc", 100);
constexpr Register battery_state{.address = 844, .name = "/Dc/Battery/State", .low = 0, .high = 2};
constexpr Register pv_power = unsigned_watts(850, "/Dc/Pv/Power");
constexpr Register ac_pv_power[9] = {
    unsigned_watts(808, "/Ac/PvOnOutput/L1/Power"), unsigned_watts(809, "/Ac/PvOnOutput/L2/Power"),
    unsigned_watts(810, "/Ac/PvOnOutput/L3/Power"), unsigned_watts(811, "/Ac/PvOnGrid/L1/Power"),
    unsigned_watts(812, "/Ac/PvOnGrid/L2/Power"),   unsigned_watts(813, "/Ac/PvOnGrid/L3/Power"),
    unsigned_watts(814, "/Ac/PvOnGenset/L1/Power"), unsigned_watts(815, "/Ac/PvOnGenset/L2/Power"),
    unsigned_watts(816, "/Ac/PvOnGenset/L3/Power"),
};
constexpr Register consumption[3] = {
    unsigned_watts(817, "/Ac/Consumption/L1/Power"),
    unsigned_watts(818, "/Ac/Consumption/L2/Power"),
    unsigned_watts(819, "/Ac/Consumption/L3/Power"),
};
constexpr Register grid_power[3] = {
    watts(820, "/Ac/Grid/L1/Power"),
    watts(821, "/Ac/Grid/L2/Power"),
    watts(822, "/Ac/Grid/L3/Power"),
};

constexpr Register wide_unit_power = wide_watts(256, "/Dc/0/Power");
constexpr Register unit_power = watts(258, "/Dc/0/Power");
constexpr Register unit_voltage = volts(259, "/Dc/0/Voltage", 1, true);
constexpr Register unit_current = amps(261, "/Dc/0/Current");
// 0.0 °C and "no sensor" read the same. 0.0 is passed on; the rules decide by its later changes.
constexpr Register unit_temperature = degrees(262, "/Dc/0/Temperature");
constexpr Register unit_soc = percent(266, "/Soc", 10);
constexpr Register max_charge_voltage = volts(305, "/Info/MaxChargeVoltage", 10, true);
constexpr Register max_discharge_current = unsigned_amps(308, "/Info/MaxDischargeCurrent");

constexpr Register multi_voltage = volts(26, "/Dc/0/Voltage", 1, true);
constexpr Register multi_current = amps(27, "/Dc/0/Current");
constexpr Register multi_error = code(32, "/VebusError");
constexpr Register multi_temperature = degrees(61, "/Dc/0/Temperature");

constexpr Register sensor_product = code(3300, "/ProductId");
constexpr Register sensor_type = code(3303, "/TemperatureType");  // 0 battery, 1 fridge, 2 generic, 3 room, 4 outdoor
constexpr Register sensor_temperature = degrees(3304, "/Temperature", 10);
constexpr Register sensor_status = code(3305, "/Status");

constexpr Register max_charge_current{.address = 2705,
                                      .name = "/Settings/SystemSetup/MaxChargeCurrent",
                                      .type = WordType::s16,
                                      .unit = RegisterUnit::amps,
                                      .multiply = 100,
                                      .low = -100,
                                      .high = 1'000'000};  // -1 A: no limit; 0: charging blocked

namespace {

constexpr std::array system_rows{
    serial,
    code(806, "/Relay/0/State"),
    code(807, "/Relay/1/State"),  // also 0 if there is none
    ac_pv_power[0],
    ac_pv_power[1],
    ac_pv_power[2],
    ac_pv_power[3],
    ac_pv_power[4],
    ac_pv_power[5],
    ac_pv_power[6],
    ac_pv_power[7],
    ac_pv_power[8],
    consumption[0],
    consumption[1],
    consumption[2],
    grid_power[0],
    grid_power[1],
    grid_power[2],
    Register{.address = 826, .name = "/Ac/ActiveIn/Source", .type = WordType::s16},
    reserved(827, 3),
    Register{.address = 830, .name = "time", .type = WordType::u64, .unit = RegisterUnit::seconds},
    Register{.address = 834, .name = "/FirmwareVersion", .unit = RegisterUnit::version_bcd},
    code(835, "/FirmwareVersion beta"),
    reserved(836, 4),
    battery_voltage,
    battery_current,
    battery_power,
    battery_soc,
    battery_state,
    consumed(845, "/Dc/Battery/ConsumedAmphours"),
    Register{.address = 846, .name = "/Dc/Battery/TimeToGo", .unit = RegisterUnit::seconds, .multiply = 100},
    reserved(847, 3),
    pv_power,
    amps(851, "/Dc/Pv/Current"),
    watts(860, "/Dc/System/Power"),
    amps(865, "/Dc/Vebus/Current"),
    watts(866, "/Dc/Vebus/Power"),
    Register{.address = 868,
             .name = "/Dc/InverterCharger/Current",
             .type = WordType::s32,
             .unit = RegisterUnit::amps,
             .multiply = 10,
             .low = -most_amps,
             .high = most_amps},
    wide_watts(870, "/Dc/InverterCharger/Power"),
    wide_watts(902, "/Ac/Consumption/L1/Power", WordType::u32),
    wide_watts(908, "/Ac/Grid/L1/Power"),
};

constexpr std::array battery_rows{
    wide_unit_power,
    unit_power,
    unit_voltage,
    unit_current,
    unit_temperature,
    consumed(265, "/ConsumedAmphours"),
    unit_soc,
    code(267, "/Alarms/Alarm"),
    code(268, "/Alarms/LowVoltage"),
    code(269, "/Alarms/HighVoltage"),
    code(270, "/Alarms/LowStarterVoltage"),
    code(271, "/Alarms/HighStarterVoltage"),
    code(272, "/Alarms/LowSoc"),
    code(273, "/Alarms/LowTemperature"),
    code(274, "/Alarms/HighTemperature"),
    code(275, "/Alarms/MidVoltage"),
    code(276, "/Alarms/LowFusedVoltage"),
    code(277, "/Alarms/HighFusedVoltage"),
    code(278, "/Alarms/FuseBlown"),
    code(279, "/Alarms/HighInternalTemperature"),
    Register{.address = 303, .name = "/TimeToGo", .unit = RegisterUnit::seconds, .multiply = 100},
    percent(304, "/Soh", 10),
    max_charge_voltage,
    volts(306, "/Info/BatteryLowVoltage", 10, true),
    unsigned_amps(307, "/Info/MaxChargeCurrent"),  // 0 is a stop order only with a plausible 305
    max_discharge_current,
    Register{.address = 309, .name = "/Capacity", .unit = RegisterUnit::amp_hours, .zero_is_no_data = true},
    degrees(318, "/System/MinCellTemperature"),
    degrees(319, "/System/MaxCellTemperature"),
    code(320, "/Alarms/HighChargeCurrent"),
    code(321, "/Alarms/HighDischargeCurrent"),
    code(322, "/Alarms/CellImbalance"),
    code(323, "/Alarms/InternalFailure"),
    code(324, "/Alarms/HighChargeTemperature"),
    code(325, "/Alarms/LowChargeTemperature"),
    code(326, "/Alarms/LowCellVoltage"),
    Register{
        .address = 330, .name = "/ConsumedAmphours", .type = WordType::u32, .unit = RegisterUnit::amp_hours, .multiply = -10},
    volts(1290, "/System/MinCellVoltage", 1, true),
    volts(1291, "/System/MaxCellVoltage", 1, true),
    code(1297, "/Io/AllowToCharge"),     // also 0 if the battery has no such signal
    code(1298, "/Io/AllowToDischarge"),  // also 0 if the battery has no such signal
};

constexpr std::array vebus_rows{
    Register{.address = 12, .name = "/Ac/ActiveIn/L1/P", .type = WordType::s16, .unit = RegisterUnit::watts, .multiply = 10},
    multi_voltage,
    multi_current,
    Register{.address = 28, .name = "/Ac/NumberOfPhases"},
    Register{.address = 29, .name = "/Ac/ActiveIn/ActiveInput"},  // 240: none
    percent(30, "/Soc", 10),
    code(31, "/State"),
    multi_error,
    code(33, "/Mode"),
    code(34, "/Alarms/HighTemperature"),
    code(35, "/Alarms/LowBattery"),
    code(36, "/Alarms/Overload"),
    code(57, "/Bms/AllowToCharge"),     // also 0 without a VE.Bus BMS
    code(58, "/Bms/AllowToDischarge"),  // also 0 without a VE.Bus BMS
    multi_temperature,
};

constexpr std::array solarcharger_rows{
    volts(771, "/Dc/0/Voltage", 1, true),
    amps(772, "/Dc/0/Current"),
    Register{.address = 789, .name = "/Yield/Power", .unit = RegisterUnit::watts, .divide = 10},  // ends at 6553.5 W
    wide_watts(792, "/Yield/Power", WordType::u32),
};

constexpr std::array temperature_rows{
    sensor_product,
    sensor_type,
    sensor_temperature,
    sensor_status,
};

constexpr std::array settings_rows{
    Register{.address = 2703, .name = "AcPowerSetPoint", .type = WordType::s16, .unit = RegisterUnit::watts, .multiply = 100},
    Register{.address = 2704, .name = "MaxDischargePower", .type = WordType::s16, .unit = RegisterUnit::watts, .multiply = 10},
    max_charge_current,
    volts(2710, "MaxChargeVoltage", 10),
    wide_watts(2716, "/Overrides/Setpoint"),
};

}  // namespace

std::span<const Register> system_map() { return system_rows; }
std::span<const Register> battery_map() { return battery_rows; }
std::span<const Register> vebus_map() { return vebus_rows; }
std::span<const Register> solarcharger_map() { return solarcharger_rows; }
std::span<const Register> temperature_map() { return temperature_rows; }
std::span<const Register> settings_map() { return settings_rows; }

}  // namespace volt::modbus::gx
