#include "drivers/modbus/sol_ark.hpp"

#include <doctest/doctest.h>

using namespace volt;
using namespace volt::modbus;

namespace {

/// A sunny afternoon: 8.4 kW of PV, the battery charging.
Answer live() {
    Answer answer{166, std::vector<std::uint16_t>(31, 0)};
    const auto set = [&answer](int address, unsigned word) {
        answer.words[static_cast<std::size_t>(address - 166)] = static_cast<std::uint16_t>(word);
    };
    set(169, 0xFB50);
    set(178, 2345);
    set(182, 1250);
    set(183, 5230);
    set(184, 87);
    set(186, 3456), set(187, 3000), set(188, 2000), set(189, 1);
    set(190, 0xF7D4);
    set(191, 0xF060);
    return answer;
}

Answer with(int address, unsigned word) {
    Answer answer = live();
    answer.words[static_cast<std::size_t>(address - 166)] = static_cast<std::uint16_t>(word);
    return answer;
}

SourceReading reading_of(const Answers& answers, const SolArkConfig& config = {}) {
    const auto reading = sol_ark::reading(answers, config);
    REQUIRE(reading.ok());
    return reading.value();
}

}  // namespace

TEST_CASE("decodes the live block with reversed battery signs") {
    const SourceReading reading = reading_of({live()});
    CHECK(reading.voltage == 5230_cV);
    CHECK(reading.battery_power == 2092_W);
    CHECK(reading.battery_current == Amps{4000});
    CHECK(reading.battery_temperature == Celsius{250});
    CHECK(reading.soc == Percent{8700});
    CHECK(reading.load == 2345_W);
    CHECK(reading.grid == Watts{-1200});
    CHECK_FALSE(reading.pv_voltage);
    CHECK_FALSE(reading.pv_current);
}

TEST_CASE("sums three PV inputs without register 189") { CHECK(reading_of({with(189, 5000)}).pv == 8456_W); }

TEST_CASE("sums PV without a third input, but not without the first two") {
    const auto without = [](int address) {
        const Answer all = live();
        const auto at = all.words.begin() + (address - 166);
        return Answers{{166, {all.words.begin(), at}}, {static_cast<std::uint16_t>(address + 1), {at + 1, all.words.end()}}};
    };
    CHECK(reading_of(without(188)).pv == 6456_W);
    CHECK_FALSE(reading_of(without(187)).pv);
    CHECK_FALSE(reading_of(without(186)).pv);
    CHECK_FALSE(reading_of({with(188, 0xFFFF)}).pv);
}

TEST_CASE("uses the highest PV voltage and the sum of currents") {
    const SourceReading reading = reading_of({live(), {109, {3605, 82, 3700, 80, 0, 0}}});
    CHECK(reading.pv_voltage == Volts{37'000});
    CHECK(reading.pv_current == Amps{1620});
}

TEST_CASE("applies scales of device variants to readings") {
    SolArkConfig config;
    config.power_scale = 10;
    config.battery_current_step_ma = 100;
    Answer answer = with(169, 150);
    answer.words[191 - 166] = 0xFE70;
    const SourceReading reading = reading_of({answer}, config);
    CHECK(reading.grid == 1500_W);
    CHECK(reading.load == 23'450_W);
    CHECK(reading.battery_current == Amps{4000});
    CHECK(reading.battery_power == 2092_W);
    CHECK(reading.pv == 8456_W);
}

TEST_CASE("counts the generator port as PV for micro-inverters") {
    SolArkConfig config;
    CHECK(reading_of({with(166, 1200)}, config).pv == 8456_W);
    config.micro_inverters = true;
    CHECK(reading_of({with(166, 1200)}, config).pv == 9656_W);
    CHECK(reading_of({with(166, 0x10000 - 1200)}, config).pv == 9656_W);
}

TEST_CASE("the grid's scale defaults to the load's") {
    SolArkConfig config;
    config.grid_power_scale = 10;
    CHECK(reading_of({live()}, config).grid == Watts{-12'000});
    CHECK(reading_of({live()}, config).load == 2345_W);
    config = {};
    config.power_scale = 10;
    config.grid_power_scale = 1;
    CHECK(reading_of({live()}, config).grid == Watts{-1200});
    CHECK(reading_of({live()}, config).load == 23'450_W);
}

TEST_CASE("refuses a frame without voltage, SOC and temperature") {
    for (const unsigned word : {0U, 0xFFFFU}) {
        Answer hollow = live();
        for (const int address : {182, 183, 184}) {
            hollow.words[static_cast<std::size_t>(address - 166)] = static_cast<std::uint16_t>(word);
        }
        const auto reading = sol_ark::reading({hollow}, {});
        REQUIRE_FALSE(reading.ok());
        CHECK(reading.failure().fault == Fault::retry);
    }
}

TEST_CASE("omits a single impossible value") {
    const SourceReading no_voltage = reading_of({with(183, 0)});
    CHECK_FALSE(no_voltage.voltage);
    CHECK_FALSE(no_voltage.battery_power);
    CHECK(no_voltage.battery_temperature == Celsius{250});
    CHECK_FALSE(reading_of({with(183, 0xFFFF)}).voltage);
    CHECK_FALSE(reading_of({with(182, 0)}).battery_temperature);
    CHECK_FALSE(reading_of({with(184, 101)}).soc);
}

TEST_CASE("register 0 identifies a three-phase inverter") {
    CHECK_FALSE(sol_ark::identify({{0, {0x0003}}}));
    CHECK_FALSE(sol_ark::identify({{0, {0x0300}}}));
    for (const unsigned type : {2U, 4U, 5U, 6U, 7U, 8U, 0x0500U, 0x0601U}) {
        const auto failure = sol_ark::identify({{0, {static_cast<std::uint16_t>(type)}}});
        REQUIRE(failure);
        CHECK(failure->fault == Fault::wrong_device);
    }
}

TEST_CASE("the plan reads type and serial number before the live block") {
    SolArkConfig config;
    config.unit = 2;
    const UnitPlan plan = sol_ark::plan(config);
    CHECK(plan.source == "sol_ark");
    CHECK(plan.unit == 2);
    REQUIRE(plan.identity);
    CHECK(plan.identity->stretch == Stretch{0, 8});
    CHECK(plan.sizes == std::vector<std::uint16_t>{31, 16, 8});
    CHECK(plan.blocks.front() == Stretch{166, 31});
    CHECK(plan.assemble({live()}).value().voltage == 5230_cV);
}

TEST_CASE("shows faults by number and name, and alarms only for abnormal ones") {
    const SourceReading reading = reading_of({live(), {103, {0x1000, 0, 0x2000, 0}}});
    CHECK(reading.complaint == "the inverter reports F13 (working mode changed), F46");
    CHECK(reading.complaint_level == 2);
    CHECK(reading_of({live(), {103, {0x1000, 0, 0x0004, 0}}}).complaint_level == 0);  // F13, F35
    CHECK(reading_of({live(), {103, {0, 0, 0, 0x0040}}}).complaint == "the inverter reports F55 (DC bus overvoltage)");
    CHECK(reading_of({live(), {103, {0, 0, 0, 0}}}).complaint.empty());
    CHECK(reading_of({live()}).complaint.empty());
}

TEST_CASE("another inverter at the same address is the wrong device") {
    const UnitPlan plan = sol_ark::plan({});
    const Answers mine{{0, {3, 1, 0x0104, 0x3231, 0x3030, 0x3030, 0x3031, 0x3233}}};
    Answers other = mine;
    other[0].words[7] = 0x3939;
    CHECK_FALSE(plan.identity->judge({{0, {3}}}));
    CHECK_FALSE(plan.identity->judge(mine));
    const auto failure = plan.identity->judge(other);
    REQUIRE(failure);
    CHECK(failure->fault == Fault::wrong_device);
    CHECK(failure->text.find("2100000199") != std::string::npos);
    CHECK(failure->text.find("systemctl reload voltd") != std::string::npos);
    CHECK_FALSE(plan.identity->judge({{0, {3, 1, 0x0104, 0, 0, 0, 0, 0}}}));
    CHECK_FALSE(plan.identity->judge(mine));
}
