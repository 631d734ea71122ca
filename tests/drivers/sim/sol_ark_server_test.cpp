#include "drivers/sim/sol_ark_server.hpp"

#include <doctest/doctest.h>

using namespace volt::sim;

namespace {

SiteMeasurements charging_sol_ark() {
    SiteMeasurements view;
    view.utc_s = 1'750'510'800;  // 2025-06-21 13:00:00
    view.battery_cv = 5'230;
    view.battery_w = 2'092;
    view.battery_ca = 4'000;
    view.soc_permille = 870;
    view.battery_ddeg = 200;
    view.capacity_dah = 6'000;
    view.pv_w = 8'450;
    view.load_w = 1'850;
    return view;
}

struct SolArk {
    explicit SolArk(SolArkOptions options = {}) : registers(options) { registers.show(charging_sol_ark()); }
    int word(int address, int unit = 1, int function = 3) {
        const ReadAnswer answer = registers.read(static_cast<std::uint8_t>(unit), static_cast<std::uint8_t>(function),
                                                 static_cast<std::uint16_t>(address), 1);
        return answer.exception != no_exception ? -answer.exception : answer.words.at(0);
    }
    int write(int address, int value, int function = 16) {
        const std::uint16_t word = static_cast<std::uint16_t>(value);
        return registers.write(1, static_cast<std::uint8_t>(function), static_cast<std::uint16_t>(address), {&word, 1});
    }
    SolArkRegisters registers;
};

}  // namespace

TEST_CASE("sol-ark: battery charging is negative") {
    SolArk ark;
    CHECK(ark.word(182) == 1'200);
    CHECK(ark.word(183) == 5'230);
    CHECK(ark.word(184) == 87);
    CHECK(ark.word(190) == 0xF7D4);
    CHECK(ark.word(191) == 0xF060);
    CHECK(ark.word(317) == 5'230);
    CHECK(ark.word(319) == 1'200);
}

TEST_CASE("sol-ark: strings add up to PV, legs to the load") {
    SolArk ark;
    CHECK(ark.word(186) + ark.word(187) + ark.word(188) == 8'450);
    CHECK(ark.word(178) == 1'850);
    CHECK(ark.word(176) + ark.word(177) == 1'850);
    CHECK(ark.word(109) == 3'605);
    CHECK(ark.word(169) == 0);
    CHECK(ark.word(175) == 1'850);
    CHECK(ark.word(150) < 500);  // no grid: a little noise, no voltage
}

TEST_CASE("sol-ark: serves identity, clock and state") {
    SolArk ark;
    CHECK(ark.word(0) == 3);
    CHECK(ark.word(2) == 0x0104);
    CHECK(ark.word(3) == 0x3231);
    CHECK(ark.word(7) == 0x3233);
    CHECK(ark.word(16) == 0x49F0);
    CHECK(ark.word(17) == 0x0002);
    CHECK(ark.word(22) == 25 * 256 + 6);
    CHECK(ark.word(23) == 21 * 256 + 13);
    CHECK(ark.word(24) == 0);
    CHECK(ark.word(59) == 2);
}

TEST_CASE("sol-ark: totals have their low word first") {
    SolArk ark;
    CHECK(ark.word(72) == 0x86A0);
    CHECK(ark.word(73) == 0x0001);
    CHECK(ark.word(96) == 0x0000);
    CHECK(ark.word(97) == 0x0002);
}

TEST_CASE("sol-ark: supports firmware with tens of watts") {
    SolArk ark({1, 10, 10});
    CHECK(ark.word(178) == 185);
    CHECK(ark.word(191) == 0xFE70);
    CHECK(ark.word(190) == 0xF7D4);
    CHECK(ark.word(186) == 2'816);
}

TEST_CASE("sol-ark: serves one unit and function 3 up to an end") {
    SolArk ark;
    CHECK(ark.word(183, 2) == -no_target);
    CHECK(ark.word(183, 1, 4) == -illegal_function);
    CHECK(ark.word(326) == 0);
    CHECK(ark.word(327) == -illegal_address);
    CHECK(ark.word(140) == 0);
}

TEST_CASE("sol-ark: reads settings back, and refuses other writes") {
    SolArk ark;
    CHECK(ark.word(202) == 5'760);
    CHECK(ark.write(202, 5'640) == no_exception);
    CHECK(ark.word(202) == 5'640);
    CHECK(ark.write(210, 0) == no_exception);
    CHECK(ark.registers.charge_limit_a() == 0);
    CHECK(ark.write(285, 1) == illegal_address);
    CHECK(ark.write(183, 1) == illegal_address);
    CHECK(ark.write(202, 1, 6) == no_answer);
    CHECK(ark.word(202) == 5'640);
}

TEST_CASE("sol-ark: frozen values do not change") {
    SolArk ark;
    ark.registers.freeze(true);
    SiteMeasurements view = charging_sol_ark();
    view.battery_cv = 5'000;
    ark.registers.show(view);
    CHECK(ark.word(183) == 5'230);
}
