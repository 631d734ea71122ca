#include "drivers/modbus/victron_gx.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace volt;
using namespace volt::modbus;

namespace {

using Words = std::vector<std::uint16_t>;

const Answer system_block{840, {523, 0xFFCE, 0xFEFA, 85, 2, 220, 100}};
const Answer battery_block{258, {0xFEFA, 5234, 0, 0xFFCE, 215, 0, 0, 220, 853}};

Answer limits(std::uint16_t charge_voltage, std::uint16_t discharge_current) {
    return {303, {0, 990, charge_voltage, 440, 1000, discharge_current, 2800}};
}

Answer ac_block() {
    Answer ac{808, Words(19, 0)};
    ac.words[0] = 1000;                         // PV on output L1
    ac.words[3] = 200;                          // PV on grid L1
    ac.words[9] = 1234, ac.words[10] = 66;      // consumption L1, L2
    ac.words[12] = 0xFE0C, ac.words[13] = 100;  // grid L1, L2
    return ac;
}

Answer sensor(std::uint16_t product, std::uint16_t temperature, std::uint16_t status) {
    return {3300, {product, 100, 0, 0, temperature, status}};
}

}  // namespace

TEST_CASE("takes battery power beyond 16 bits from register 256") {
    Answer whole{256, {0xFFFF, 0x63C0, 25'536, 5234, 0, 0xE230, 215, 0, 0, 220, 853}};  // -40,000 W at -762.4 A
    CHECK(gx::battery_reading({whole}).battery_power == Watts{-40'000});
    CHECK_FALSE(gx::battery_reading({{258, {whole.words.begin() + 2, whole.words.end()}}}).battery_power);
    CHECK(gx::battery_reading({battery_block}).battery_power == Watts{-262});
}

TEST_CASE("system: decodes battery values, positive = charging") {
    const SourceReading reading = gx::system_reading({system_block});
    CHECK(reading.voltage == 5230_cV);
    CHECK(reading.battery_current == Amps{-500});
    CHECK(reading.battery_power == Watts{-262});
    CHECK(reading.soc == Percent{8500});
    CHECK(reading.battery_state == 2);
    CHECK_FALSE(reading.pv);
    CHECK_FALSE(reading.load);
    CHECK_FALSE(reading.grid);
}

TEST_CASE("system: a block of zeros is no data") {
    const SourceReading reading = gx::system_reading({{840, Words(7, 0)}});
    CHECK_FALSE(reading.voltage);
    CHECK_FALSE(reading.battery_current);
    CHECK_FALSE(reading.battery_power);
    CHECK_FALSE(reading.soc);
    CHECK_FALSE(reading.battery_state);
}

TEST_CASE("system: SOC 0 with a good voltage is no data") {
    const SourceReading reading = gx::system_reading({{840, {523, 0, 0, 0, 0, 0, 0}}});
    CHECK(reading.voltage == 5230_cV);
    CHECK(reading.battery_current == Amps{0});
    CHECK(reading.battery_power == 0_W);
    CHECK_FALSE(reading.soc);
}

TEST_CASE("system: PV is DC plus AC, load and grid sum phases") {
    const SourceReading reading = gx::system_reading({system_block, ac_block(), {850, {4321, 80}}});
    CHECK(reading.pv == 5521_W);
    CHECK(reading.load == 1300_W);
    CHECK(reading.grid == Watts{-400});
    CHECK_FALSE(gx::system_reading({system_block, ac_block()}).pv);
    Answer wrapped = ac_block();
    wrapped.words[1] = 0xFFFB;
    CHECK_FALSE(gx::system_reading({system_block, wrapped, {850, {4321, 80}}}).pv);
}

TEST_CASE("battery: decodes voltage, temperature and SOC") {
    const SourceReading reading = gx::battery_reading({battery_block});
    CHECK(reading.voltage == 5234_cV);
    CHECK(reading.battery_current == Amps{-500});
    CHECK(reading.battery_power == Watts{-262});
    CHECK(reading.battery_temperature == Celsius{215});
    CHECK(reading.soc == Percent{8530});
    CHECK_FALSE(reading.discharge_limit);
}

TEST_CASE("battery: passes on the BMS limits as published") {
    const SourceReading reading = gx::battery_reading({battery_block, limits(565, 2000)});
    CHECK(reading.charge_voltage_limit == 5650_cV);
    CHECK(reading.discharge_limit == Amps{20'000});
    CHECK(gx::battery_reading({battery_block, limits(565, 0)}).discharge_limit == Amps{0});
    CHECK_FALSE(gx::battery_reading({battery_block, limits(0, 0)}).charge_voltage_limit);
}

TEST_CASE("passes on 0.0 degrees only while the unit is alive") {
    Answer freezing = battery_block;
    freezing.words[4] = 0;
    CHECK(gx::battery_reading({freezing}).battery_temperature == Celsius{0});
    CHECK_FALSE(gx::battery_reading({{258, Words(9, 0)}}).battery_temperature);
    CHECK(gx::vebus_reading({{26, {5210, 0}}, {61, {0}}}).battery_temperature == Celsius{0});
    CHECK_FALSE(gx::vebus_reading({{26, {0, 0}}, {61, {0}}}).battery_temperature);
}

TEST_CASE("vebus: decodes voltage, battery current and own temperature") {
    const SourceReading reading = gx::vebus_reading({{26, {5210, 0xFF06}}, {61, {250}}});
    CHECK(reading.voltage == 5210_cV);
    CHECK(reading.battery_current == Amps{-2500});
    CHECK(reading.battery_temperature == Celsius{250});
    CHECK_FALSE(gx::vebus_reading({{26, {5210, 0}}}).battery_temperature);
}

TEST_CASE("temperature service: status and product identify a sensor") {
    CHECK(gx::temperature_reading({sensor(0xA161, 2150, 0)}).battery_temperature == Celsius{215});
    CHECK(gx::temperature_reading({sensor(0xA161, 0xFE0C, 0)}).battery_temperature == Celsius{-50});
    CHECK(gx::temperature_reading({sensor(0xA161, 0, 0)}).battery_temperature == Celsius{0});
    CHECK_FALSE(gx::temperature_reading({sensor(0, 0, 0)}).battery_temperature);
    CHECK_FALSE(gx::temperature_reading({sensor(0xA161, 2150, 1)}).battery_temperature);
    CHECK_FALSE(gx::temperature_reading({sensor(0xA161, 0x7FFF, 0)}).battery_temperature);
}

namespace {

/// Returns the plan of the temperature service on unit 24.
UnitPlan bank_sensor() {
    VictronConfig config;
    config.host = "192.0.2.1";
    config.temperatures = {{"bank", 24}};
    auto plans = gx::plans(config, {});
    const auto unit = std::ranges::find(plans, "victron.bank", &UnitPlan::source);
    REQUIRE(unit != plans.end());
    return std::move(*unit);
}

Answers typed(std::uint16_t product, std::uint16_t type, std::uint16_t temperature) {
    return {{3300, {product, 100, 0, type, temperature, 0}}};
}

}  // namespace

TEST_CASE("another sensor on a known unit id is the wrong device") {
    UnitPlan unit = bank_sensor();
    CHECK_FALSE(unit.assemble(typed(0, 0, 0)).value().battery_temperature);  // no sensor yet: nothing to remember
    CHECK(unit.assemble(typed(0xA161, 0, 0xFED4)).value().battery_temperature == Celsius{-30});
    for (const Answers& other : {typed(0xA162, 2, 4780), typed(0xA161, 2, 4780), typed(0xA162, 0, 4780)}) {
        const auto answer = unit.assemble(other);
        REQUIRE_FALSE(answer);
        CHECK(answer.failure().fault == Fault::wrong_device);
    }
    CHECK(unit.assemble(typed(0xA161, 0, 0xFED4)).value().battery_temperature == Celsius{-30});
}

TEST_CASE("compares only the type of a sensor without product id") {
    UnitPlan unit = bank_sensor();
    CHECK(unit.assemble(typed(0, 0, 0xFED4)).value().battery_temperature == Celsius{-30});
    const auto moved = unit.assemble(typed(0, 2, 680));
    REQUIRE_FALSE(moved);
    CHECK(moved.failure().fault == Fault::wrong_device);
    CHECK_FALSE(unit.assemble(typed(0xA162, 2, 680)));  // a sensor with a product took the unit
    CHECK(unit.assemble(typed(0, 0, 0xFED4)));
    CHECK(unit.assemble(typed(0xA161, 0, 0xFED4)));  // its product arrived late
    CHECK_FALSE(unit.assemble(typed(0xA162, 0, 680)));
    CHECK_FALSE(unit.assemble(typed(0, 2, 680)));
}

TEST_CASE("plans: one per configured unit, with power only if requested") {
    VictronConfig config;
    config.host = "192.0.2.1";
    const auto fewest = gx::plans(config, {});
    REQUIRE(fewest.size() == 2);
    CHECK(fewest[0].search);  // the battery monitor is searched
    CHECK_FALSE(fewest[1].search);
    config.battery_unit = 225;
    config.vebus_unit = 227;
    config.temperatures = {{"battery-box", 24, TemperatureRole::battery}};
    const auto plans = gx::plans(config, {.power = true});
    REQUIRE(plans.size() == 4);
    CHECK(plans[0].source == "victron.battery");
    CHECK(plans[0].unit == 225);
    CHECK_FALSE(plans[0].search);
    CHECK(plans[1].source == "victron.system");
    CHECK(plans[1].blocks == std::vector<Stretch>{{840, 7}, {808, 19}, {850, 2}});
    CHECK(gx::plans(config, {})[1].blocks == std::vector<Stretch>{{840, 7}});
    CHECK(plans[2].source == "victron.vebus");
    CHECK(plans[2].blocks == std::vector<Stretch>{{26, 11}});
    CHECK(plans[2].slow_blocks == std::vector<Stretch>{{61, 1}});
    CHECK(plans[0].blocks == std::vector<Stretch>{{256, 11}});
    CHECK(plans[0].place == 0);
    CHECK(plans[1].place == 1);
    CHECK_FALSE(plans[2].place);
    CHECK_FALSE(plans[3].place);
    CHECK(plans[3].source == "victron.battery-box");
    CHECK(plans[3].unit == 24);
    const auto reading = plans[0].assemble({battery_block});
    REQUIRE(reading.ok());
    CHECK(reading.value().voltage == 5234_cV);
}

TEST_CASE("plans: the first voltage source's unit is first") {
    VictronConfig config;
    config.battery_unit = 225;
    config.vebus_unit = 227;
    const auto plans = gx::plans(config, {.voltages = {"sol_ark", "victron.vebus", "victron.system"}});
    REQUIRE(plans.size() == 3);
    CHECK(plans[0].source == "victron.vebus");
    CHECK(plans[0].place == 1);
    CHECK(plans[1].source == "victron.system");
    CHECK(plans[1].place == 2);
    CHECK_FALSE(plans[2].place);
}

TEST_CASE("the battery monitor is the unit with the system's voltage") {
    const auto plans = gx::plans({}, {});
    REQUIRE(plans[0].search);
    const Search& search = *plans[0].search;
    CHECK(search.units.front() == 225);
    CHECK(search.units[1] == 100);
    CHECK(std::set(search.units.begin(), search.units.end()).size() == search.units.size());
    const auto place = [&](int unit) { return std::ranges::find(search.units, unit) - search.units.begin(); };
    for (int unit = 33; unit <= 203; ++unit)
        if (unit != 100) CHECK(place(unit) > place(20));
    CHECK(place(99) < std::ssize(search.units));
    CHECK(search.may_begin({840, {523}}));
    CHECK_FALSE(search.may_begin({840, {0}}));
    CHECK(search.reference_unit == 100);
    CHECK(search.is_it({259, {5234}}, {840, {523}}));
    CHECK_FALSE(search.is_it({259, {1280}}, {840, {523}}));  // a starter battery
    CHECK_FALSE(search.is_it({259, {0}}, {840, {523}}));
    CHECK_FALSE(search.is_it({259, {0}}, {840, {0}}));
}

TEST_CASE("alarms become a complaint") {
    Answer battery{258, Words(22, 0)};
    battery.words[1] = 5234;
    CHECK(gx::battery_reading({battery}).complaint.empty());
    CHECK(gx::battery_reading({battery}).complaint_level == 0);
    battery.words[268 - 258] = 2;
    battery.words[274 - 258] = 1;
    battery.words[270 - 258] = 0xFFFF;  // reserved on some firmware
    CHECK(gx::battery_reading({battery}).complaint == "alarm LowVoltage (268), warning HighTemperature (274)");
    CHECK(gx::battery_reading({battery}).complaint_level == 2);
    CHECK(gx::battery_reading({battery, {318, {0, 0, 0, 0, 2, 0, 0, 0, 0}}}).complaint.ends_with("CellImbalance (322)"));
    Answer multi{26, Words(11, 0)};
    multi.words[32 - 26] = 17;
    multi.words[36 - 26] = 1;
    CHECK(gx::vebus_reading({multi}).complaint == "warning Overload (36), VE.Bus error 17");
    CHECK(gx::vebus_reading({multi}).complaint_level == 2);
}

TEST_CASE("another GX at the same address is the wrong device") {
    const auto plans = gx::plans({}, {});
    const Answers mine{{800, {0x6131, 0x6232, 0x6333, 0x6534, 0x6635, 0x6136}}};
    Answers other = mine;
    other[0].words[5] = 0x6137;
    for (const UnitPlan& plan : plans) {
        REQUIRE(plan.identity);
        CHECK(plan.identity->unit == 100);
        CHECK_FALSE(plan.identity->judge({{800, Words(6, 0)}}));
        CHECK_FALSE(plan.identity->judge(mine));
        const auto failure = plan.identity->judge(other);
        REQUIRE(failure);
        CHECK(failure->fault == Fault::wrong_device);
    }
}

TEST_CASE("BMS limits and used powers are needed registers") {
    VictronConfig config;
    config.battery_unit = 225;
    const auto needs = [&](bool read_power, std::size_t plan, int address) {
        const auto all = gx::plans(config, {.power = read_power});
        return std::ranges::find(all.at(plan).needed, address) != all.at(plan).needed.end();
    };
    for (const int limit : {305, 308}) CHECK(needs(false, 0, limit));
    for (const int power : {808, 816, 817, 820, 822, 850}) {
        CHECK(needs(true, 1, power));
        CHECK_FALSE(needs(false, 1, power));
    }
}
