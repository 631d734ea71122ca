#include "drivers/modbus/victron_gx.hpp"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <memory>
#include <span>
#include <utility>

#include "drivers/modbus/gx_alarms.hpp"
#include "drivers/modbus/gx_registers.hpp"
#include "drivers/modbus/pack_watch.hpp"
#include "drivers/modbus/serial_watch.hpp"

namespace volt::modbus::gx {
namespace {

// Blocks that exist as a whole on every firmware: a hole anywhere fails the whole request. They never include the reserved
// registers in between, which older servers lack. No block includes the clock (830): it would hide a frozen unit.
constexpr Stretch system_battery{840, 7};
constexpr Stretch system_ac{808, 19};
constexpr Stretch system_pv{850, 2};
constexpr Stretch battery_live{256, 11};  // 256 only since server 1.0.78 (2020)
// Slow blocks. Most firmware has all registers between them, so that one request reads them.
constexpr Stretch battery_alarms{267, 13}, battery_limits{303, 7}, bms_alarms{318, 9};
constexpr Stretch vebus_live{26, 11};        // with state, error and alarms
constexpr Stretch vebus_temperature{61, 1};  // changes slowly
constexpr Stretch sensor_block{3300, 6};

// Usual units of a battery service, the likeliest first: CAN-bus BMS, instance 0 (VE.Can), VE.Direct ports, USB, generic
// instances, small dynamic ones; then all others. Instances above 255 that are in no table of the GX cannot be reached.
const std::vector<int> usual_units{225, 100, 226, 224, 223, 239, 238, 237, 236, 235, 233, 232, 231, 234, 229,
                                   230, 243, 244, 245, 247, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213,
                                   214, 215, 216, 217, 218, 219, 220, 221, 222, 1,   2,   3,   4,   5,   6,
                                   7,   8,   9,   10,  11,  12,  13,  14,  15,  16,  17,  18,  19,  20};
constexpr Volts most_apart = 100_cV;  // for one bank, between its monitor and the system service

template <class Q>
std::optional<Q> sum_of(std::span<const Register> rows, const Answers& answers) {
    Q sum{};
    for (const Register& row : rows) {
        const auto value = value_of<Q>(row, answers);
        if (!value) return std::nullopt;
        sum += *value;
    }
    return sum;
}

/// Returns 0.0 °C while the unit shows signs of life; in an answer of nothing but zeros it is "no data".
std::optional<Celsius> temperature_of(const Register& row, const Answers& answers, bool alive) {
    const auto value = value_of<Celsius>(row, answers);
    return value && (alive || value->steps != 0) ? value : std::nullopt;
}

/// Makes a plan. `system_unit`: the unit whose serial number proves that this is still the same GX.
template <class Assemble>
UnitPlan plan(std::string source, int unit, int system_unit, std::vector<Stretch> blocks, Assemble assemble) {
    UnitPlan made;
    made.source = std::move(source);
    made.unit = unit;
    made.blocks = std::move(blocks);
    made.joins = true;
    made.identity = Identity{system_unit,
                             {serial.address, serial.text_words},
                             [watch = SerialWatch(serial)](const Answers& answers) mutable { return watch.judge(answers); }};
    made.assemble = [assemble](const Answers& answers) mutable { return Result<SourceReading>(assemble(answers)); };
    return made;
}

void add_addresses(std::vector<std::uint16_t>& to, std::initializer_list<std::span<const Register>> groups) {
    for (const auto group : groups) {
        for (const Register& row : group) to.push_back(row.address);
    }
}

std::vector<int> battery_units() {
    std::vector<int> all = usual_units;
    for (int unit = 33; unit <= 203; ++unit)
        if (std::ranges::find(all, unit) == all.end()) all.push_back(unit);
    return all;
}

Search search_for_battery(int system_unit) {
    Search search{battery_units(), {unit_voltage.address, 1}, system_unit, {battery_voltage.address, 1}, {}};
    search.is_it = [](const Answer& candidate, const Answer& system) {
        const auto own = value_of<Volts>(unit_voltage, {candidate});
        const auto reference = value_of<Volts>(battery_voltage, {system});
        return own && reference && std::abs(own->steps - reference->steps) <= most_apart.steps;
    };
    search.may_begin = [](const Answer& system) { return value_of<Volts>(battery_voltage, {system}).has_value(); };
    return search;
}

std::optional<int> place_of(const std::string& source, const GxUse& use) {
    const auto found = std::ranges::find(use.voltages, source);
    return found == use.voltages.end() ? std::nullopt : std::optional(static_cast<int>(found - use.voltages.begin()));
}

UnitPlan battery_plan(const VictronConfig& config, const std::shared_ptr<PackWatch>& packs) {
    const auto assemble = [packs](const Answers& answers) {
        SourceReading reading = battery_reading(answers);
        packs->unit(reading);
        return reading;
    };
    UnitPlan made = plan("victron.battery", config.battery_unit.value_or(0), config.system_unit, {battery_live}, assemble);
    made.slow_blocks = {battery_alarms, battery_limits, bms_alarms};
    made.needed = {unit_voltage.address, unit_temperature.address, max_charge_voltage.address, max_discharge_current.address};
    if (!config.battery_unit) made.search = search_for_battery(config.system_unit);
    return made;
}

/// Returns true beyond 16 bits, where register 258 wraps: the GX casts a double without a limit.
bool is_beyond_16_bits(const SourceReading& reading) {
    constexpr std::int64_t most = 32'000 * 10'000LL;  // W, in steps of volts times steps of amps
    return reading.battery_current && std::abs(reading.voltage->steps * reading.battery_current->steps) > most;
}

/// Detects another sensor on a known unit id. After a restart, a GX can assign a sensor's unit id to another sensor. Product or
/// type then differ from the first value. A homemade driver may have no product (0).
struct SensorWatch {
    std::optional<std::pair<std::int64_t, std::int64_t>> known{};

    Result<SourceReading> operator()(const Answers& answers) {
        SourceReading reading = temperature_reading(answers);
        const Decoded product = decode(sensor_product, answers), type = decode(sensor_type, answers);
        if (reading.battery_temperature && product.good() && type.good()) {
            const std::pair<std::int64_t, std::int64_t> seen{product.steps, type.steps};
            const bool product_came = known && known->first == 0 && seen.second == known->second;
            if (!known || product_came) known = seen;
            if (seen != *known) {
                return Failure{Fault::wrong_device,
                               "product " + std::to_string(seen.first) + " of type " + std::to_string(seen.second) +
                                   ", previously " + std::to_string(known->first) + " of type " + std::to_string(known->second) +
                                   ": the GX gave this unit to another sensor (correct the unit in voltd.yaml; to accept the new "
                                   "sensor, systemctl reload voltd)"};
            }
        }
        return reading;
    }
};

}  // namespace

SourceReading system_reading(const Answers& answers) {
    SourceReading reading;
    reading.voltage = value_of<Volts>(battery_voltage, answers);
    if (reading.voltage) {  // without a voltage the zeros next to it are also "no data"
        reading.battery_current = value_of<Amps>(battery_current, answers);
        reading.battery_power = value_of<Watts>(battery_power, answers);
        reading.soc = value_of<Percent>(battery_soc, answers);
        const Decoded state = decode(battery_state, answers);
        if (state.good()) reading.battery_state = state.steps;
    }
    const auto dc_pv = value_of<Watts>(pv_power, answers);
    const auto ac_pv = sum_of<Watts>(ac_pv_power, answers);
    if (dc_pv && ac_pv) reading.pv = *dc_pv + *ac_pv;
    reading.load = sum_of<Watts>(consumption, answers);
    reading.grid = sum_of<Watts>(grid_power, answers);
    return reading;
}

SourceReading battery_reading(const Answers& answers) {
    SourceReading reading;
    reading.voltage = value_of<Volts>(unit_voltage, answers);
    if (reading.voltage) {
        reading.battery_current = value_of<Amps>(unit_current, answers);
        reading.battery_power = value_of<Watts>(wide_unit_power, answers);
        if (!reading.battery_power && !is_beyond_16_bits(reading)) reading.battery_power = value_of<Watts>(unit_power, answers);
        reading.soc = value_of<Percent>(unit_soc, answers);
    }
    reading.battery_temperature = temperature_of(unit_temperature, answers, reading.voltage.has_value());
    reading.charge_voltage_limit = value_of<Volts>(max_charge_voltage, answers);
    reading.discharge_limit = value_of<Amps>(max_discharge_current, answers);
    const Complaint found = battery_complaint(answers);
    reading.complaint = found.text;
    reading.complaint_level = found.level;
    return reading;
}

SourceReading vebus_reading(const Answers& answers) {
    SourceReading reading;
    reading.voltage = value_of<Volts>(multi_voltage, answers);
    if (reading.voltage) reading.battery_current = value_of<Amps>(multi_current, answers);
    reading.battery_temperature = temperature_of(multi_temperature, answers, reading.voltage.has_value());
    const Complaint found = vebus_complaint(answers);
    reading.complaint = found.text;
    reading.complaint_level = found.level;
    return reading;
}

SourceReading temperature_reading(const Answers& answers) {
    SourceReading reading;
    const Decoded status = decode(sensor_status, answers);
    const Decoded product = decode(sensor_product, answers);
    if (!status.good() || status.steps != 0) return reading;  // open, short, reversed, unknown
    reading.battery_temperature = temperature_of(sensor_temperature, answers, product.good() && product.steps != 0);
    return reading;
}

std::vector<UnitPlan> plans(const VictronConfig& config, const GxUse& use) {
    const int system = config.system_unit;
    const auto packs = std::make_shared<PackWatch>();  // only for this poller's thread
    std::vector<UnitPlan> all{battery_plan(config, packs)};
    std::vector<Stretch> system_blocks{system_battery};
    if (use.power) system_blocks.insert(system_blocks.end(), {system_ac, system_pv});
    all.push_back(plan("victron.system", system, system, std::move(system_blocks), [packs](const Answers& answers) {
        const SourceReading reading = system_reading(answers);
        packs->bank(reading);
        return reading;
    }));
    all.back().needed = {battery_voltage.address};
    if (use.power) add_addresses(all.back().needed, {ac_pv_power, consumption, grid_power, {&pv_power, 1}});
    if (config.vebus_unit) {
        all.push_back(plan("victron.vebus", *config.vebus_unit, system, {vebus_live}, vebus_reading));
        all.back().slow_blocks = {vebus_temperature};
        all.back().needed = {multi_voltage.address, multi_temperature.address};
    }
    for (const GxTemperature& sensor : config.temperatures) {
        all.push_back(plan("victron." + sensor.id, sensor.unit, system, {sensor_block}, SensorWatch{}));
        all.back().needed = {sensor_product.address, sensor_type.address, sensor_temperature.address, sensor_status.address};
    }
    for (UnitPlan& unit : all) {
        unit.place = place_of(unit.source, use);
        unit.known_holes = use.known_holes;
        unit.holes_key = unit.source + "@" + config.host + ":" + std::to_string(config.port);
    }
    const auto order = [](const UnitPlan& unit) { return unit.place.value_or(std::numeric_limits<int>::max()); };
    std::ranges::stable_sort(all, {}, order);
    return all;
}

}  // namespace volt::modbus::gx
