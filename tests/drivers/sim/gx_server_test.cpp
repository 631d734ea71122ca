#include "drivers/sim/gx_server.hpp"

#include <doctest/doctest.h>

using namespace volt::sim;

namespace {

SiteMeasurements charging() {
    SiteMeasurements view;
    view.utc_s = 1'700'000'000;
    view.battery_cv = 5'234;
    view.battery_w = 6'600;
    view.battery_ca = 12'610;
    view.soc_permille = 653;
    view.battery_ddeg = 215;
    view.capacity_dah = 6'000;
    view.consumed_dah = 2'082;
    view.pv_w = 8'450;
    view.load_w = 1'850;
    return view;
}

struct Gx {
    explicit Gx(GxOptions options = {}) : registers(std::move(options)) { registers.show(charging()); }
    int word(int unit, int address) {
        const ReadAnswer answer = read(unit, address, 1);
        return answer.exception != no_exception ? -answer.exception : answer.words.at(0);
    }
    ReadAnswer read(int unit, int address, int count) {
        return registers.read(static_cast<std::uint8_t>(unit), 3, static_cast<std::uint16_t>(address),
                              static_cast<std::uint16_t>(count));
    }
    int write(int address, int value, int unit = 100) {
        const std::uint16_t word = static_cast<std::uint16_t>(value);
        return registers.write(static_cast<std::uint8_t>(unit), 6, static_cast<std::uint16_t>(address), {&word, 1});
    }
    GxRegisters registers;
};

}  // namespace

TEST_CASE("gx: scales battery values of the system service") {
    Gx gx;
    CHECK(gx.word(100, 840) == 523);
    CHECK(gx.word(100, 841) == 1'261);
    CHECK(gx.word(100, 842) == 6'600);
    CHECK(gx.word(100, 843) == 65);
    CHECK(gx.word(100, 844) == 1);
    CHECK(gx.word(100, 845) == 2'082);
    CHECK(gx.read(100, 830, 4).words == std::vector<std::uint16_t>{0, 0, 0x6553, 0xF100});
    CHECK(gx.read(100, 800, 6).words == std::vector<std::uint16_t>{0x6131, 0x6232, 0x6333, 0x6534, 0x6635, 0x6136});
    CHECK(gx.word(0, 840) == 523);  // unit 0 is the same service
}

TEST_CASE("gx: discharging is negative, and idle below 30 W") {
    Gx gx;
    SiteMeasurements view = charging();
    view.battery_w = -262;
    view.battery_ca = -500;
    gx.registers.show(view);
    CHECK(gx.word(100, 841) == 0xFFCE);
    CHECK(gx.word(100, 842) == 0xFEFA);
    CHECK(gx.word(100, 844) == 2);
    CHECK(gx.read(225, 256, 2).words == std::vector<std::uint16_t>{0xFFFF, 0xFEFA});
    CHECK(gx.word(225, 261) == 0xFFCE);
    view.battery_w = -20;
    gx.registers.show(view);
    CHECK(gx.word(100, 844) == 0);
}

TEST_CASE("gx: serves battery, vebus and temperature units") {
    Gx gx;
    CHECK(gx.word(225, 259) == 5'234);
    CHECK(gx.word(225, 262) == 215);
    CHECK(gx.word(225, 266) == 653);
    CHECK(gx.word(225, 305) == 576);
    CHECK(gx.word(225, 308) == 2'500);
    CHECK(gx.word(227, 26) == 5'234);
    CHECK(gx.word(227, 61) == 215);
    CHECK(gx.word(24, 3300) != 0);
    CHECK(gx.word(24, 3304) == 2'150);
    CHECK(gx.word(24, 3305) == 0);
}

TEST_CASE("gx: reads 0 for values that it does not measure") {
    Gx gx;
    CHECK(gx.word(100, 850) == 0);
    CHECK(gx.word(100, 817) == 0);
    GxOptions options;
    options.power = true;
    Gx full(options);
    CHECK(full.word(100, 850) == 8'450);
    CHECK(full.word(100, 817) + full.word(100, 818) == 1'850);
}

TEST_CASE("gx: spacers are 0xFFFF or holes by server version") {
    Gx gx;
    CHECK(gx.word(100, 827) == 0xFFFF);
    CHECK(gx.word(100, 847) == 0xFFFF);
    CHECK(gx.word(100, 867) == 0xFFFF);
    CHECK(gx.read(100, 800, 120).words.size() == 120);
    GxOptions options;
    options.server_version = 94;
    Gx older(options);
    CHECK(older.word(100, 827) == 0xFFFF);
    CHECK(older.word(100, 847) == -illegal_address);
    CHECK(older.read(100, 840, 11).exception == illegal_address);
    CHECK(older.read(100, 840, 7).exception == no_exception);
    CHECK(older.word(225, 327) == 0xFFFF);
    CHECK(older.word(225, 1'319) == 3);
    CHECK(older.read(225, 1'318, 8).exception == illegal_address);
    CHECK(gx.word(225, 1'322) == 3);
}

TEST_CASE("gx: a hole fails the whole read") {
    Gx gx;
    CHECK(gx.word(225, 332) == -illegal_address);
    CHECK(gx.read(225, 330, 4).exception == illegal_address);
    CHECK(gx.word(227, 148) == -illegal_address);
    CHECK(gx.word(100, 920) == -illegal_address);
    CHECK(gx.word(50, 840) == -no_path);
    CHECK(gx.word(225, 840) == -no_path);                         // no system service behind the battery's unit
    CHECK(gx.word(100, 2'600) == -no_path);                       // no grid meter
    CHECK(gx.read(100, 2'700, 11).exception == illegal_address);  // 2709 belongs to a missing service
    CHECK(gx.word(100, 2'709) == -no_path);
}

TEST_CASE("gx: the charge limit accepts -1 and up") {
    Gx gx;
    CHECK(gx.word(100, 2'705) == 0xFFFF);
    CHECK(gx.write(2'705, 0) == no_exception);
    CHECK(gx.word(100, 2'705) == 0);
    CHECK(gx.registers.charge_limit_a() == 0);
    CHECK(gx.write(2'705, 150) == no_exception);
    CHECK(gx.write(2'705, -2) == no_exception);
    CHECK(gx.write(2'705, 10'001) == no_exception);
    CHECK(gx.word(100, 2'705) == 150);
    CHECK(gx.write(2'705, -1) == no_exception);
    CHECK(gx.registers.charge_limit_a() == -1);
}

TEST_CASE("gx: only relays are writable") {
    Gx gx;
    CHECK(gx.write(806, 1) == no_exception);
    CHECK(gx.word(100, 806) == 1);
    CHECK(gx.write(840, 1) == illegal_address);
    CHECK(gx.write(332, 1) == illegal_address);
    CHECK(gx.write(2'705, 1, 50) == no_path);
}

TEST_CASE("gx: frozen values do not change while the clock runs") {
    Gx gx;
    gx.registers.freeze(true);
    SiteMeasurements view = charging();
    view.utc_s += 5;
    view.battery_cv = 5'100;
    gx.registers.show(view);
    CHECK(gx.word(225, 259) == 5'234);
    CHECK(gx.word(100, 833) == 0xF105);
    gx.registers.freeze(false);
    gx.registers.show(view);
    CHECK(gx.word(225, 259) == 5'100);
}

TEST_CASE("gx: freezing forbids charging and raises an alarm") {
    Gx gx;
    SiteMeasurements view = charging();
    view.battery_ddeg = -10;
    gx.registers.show(view);
    CHECK(gx.word(225, 262) == 0xFFF6);
    CHECK(gx.word(225, 307) == 0);
    CHECK(gx.word(225, 1'297) == 0);
    CHECK(gx.word(225, 325) == 2);
    CHECK(gx.word(24, 3'304) == 0xFF9C);  // -1.00 in hundredths
}
