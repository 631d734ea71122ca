#include "drivers/modbus/probe.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/modbus/copy_watch.hpp"
#include "drivers/source.hpp"
#include "tests/fakes/byte_server.hpp"
#include "tests/fakes/modbus_server.hpp"

using namespace volt;
using namespace volt::modbus;

namespace {

using Words = std::vector<std::uint16_t>;

ProbeOptions options_for(int port) {
    ProbeOptions options;
    options.host = "127.0.0.1";
    options.port = port;
    options.timeout = 300ms;
    options.first_timeout = 300ms;
    options.gap = 0ms;
    options.serial_gap = 1ms;
    return options;
}

void fill_gx(fakes::ModbusServer& server) {
    server.window(100, 800, {0x6131, 0x6232, 0x6333, 0x6534, 0x6635, 0x6136});
    server.window(100, 830, {0, 0, 0x6553, 0xF100, 0x0360, 0});
    server.window(100, 840, {523, 0xFFCE, 0xFEFA, 85, 2, 220, 100});
    Words live(22, 0);
    live[1] = 5234;
    live[268 - 258] = 2;
    server.window(226, 258, live);
    live[1] = 1280;  // a starter battery
    server.window(225, 258, live);
    server.window(24, 3300, {0xA161, 100, 0, 0, 2150, 0});
}

Words sol_ark_live() {
    Words live(31, 0);
    const auto set = [&](int address, unsigned word) {
        live[static_cast<std::size_t>(address - 166)] = static_cast<std::uint16_t>(word);
    };
    set(175, 3545), set(178, 234), set(169, 0xFF88);  // 10 W per step
    set(182, 1250), set(183, 5230), set(184, 87);
    set(190, 0xF7D4), set(191, 0xFE70);  // 0.1 A per step
    return live;
}

const ProbedUnit* find_unit(const ProbeReport& report, const std::string& kind, int unit) {
    const auto found =
        std::ranges::find_if(report.units, [&](const ProbedUnit& one) { return one.kind == kind && one.unit == unit; });
    return found == report.units.end() ? nullptr : &*found;
}

std::string value_at(const ProbedUnit& unit, int address) {
    const auto found = std::ranges::find(unit.rows, address, &ProbedRow::address);
    return found == unit.rows.end() ? "" : found->value;
}

bool has_line(const ProbeReport& report, const std::string& line) {
    return std::ranges::find(report.yaml, line) != report.yaml.end();
}

}  // namespace

TEST_CASE("probes a GX and writes the lines for voltd.yaml") {
    fakes::ModbusServer server;
    fill_gx(server);
    const ProbeReport report = probe(options_for(server.port()));
    CHECK(report.failure.empty());
    CHECK(report.questions < 700);
    const ProbedUnit* system = find_unit(report, "system", 100);
    REQUIRE(system);
    CHECK(value_at(*system, 800) == "a1b2c3e4f5a6");
    CHECK(value_at(*system, 840) == "52.30 V");
    CHECK(value_at(*system, 841) == "-5.00 A");
    CHECK(value_at(*system, 834) == "v3.60");
    CHECK(value_at(*system, 850) == "-");  // a hole of this one
    const ProbedUnit* battery = find_unit(report, "battery", 226);
    REQUIRE(battery);
    CHECK(battery->remarks.at(0) == "it reports: alarm LowVoltage (268)");
    CHECK(find_unit(report, "temperature", 24));
    CHECK_FALSE(find_unit(report, "vebus", 227));
    CHECK(has_line(report, "victron:"));
    CHECK(has_line(report, "  units: { system: 100, battery: 226 }  # also 225"));
    CHECK(has_line(report, "  temperatures: [ { id: sensor-24, unit: 24, role: battery } ]"));
}

TEST_CASE("finds a GX battery on an unusual unit, and names a pack") {
    fakes::ModbusServer server;
    server.window(100, 800, {0x6131, 0x6232, 0x6333, 0x6534, 0x6635, 0x6136});
    server.window(100, 830, {0, 0, 0x6553, 0xF100, 0x0360, 0});
    server.window(100, 840, {523, 600, 3138, 85, 1, 220, 100});
    server.window(99, 258, {0, 5237, 0, 200, 215, 0, 0, 0, 853});
    const ProbeReport report = probe(options_for(server.port()));
    const ProbedUnit* battery = find_unit(report, "battery", 99);
    REQUIRE(battery);
    CHECK(battery->remarks.back().ends_with("it seems to be one of 3 packs"));
    CHECK(has_line(report, "  units: { system: 100, battery: 99 }"));
    server.window(225, 258, {0, 5290, 0, 600, 215, 0, 0, 0, 853});
    server.window(226, 258, {0, 5234, 0, 600, 215, 0, 0, 0, 853});
    const ProbeReport usual = probe(options_for(server.port()));
    CHECK_FALSE(find_unit(usual, "battery", 99));
    CHECK(has_line(usual, "  units: { system: 100, battery: 226 }  # also 225"));
}

TEST_CASE("doubts a Sol-Ark whose values do not move") {
    fakes::ModbusServer server;
    server.window(1, 0, {3, 2, 0x0104, 0x3231, 0x3030, 0x3030, 0x3031, 0x3233});
    server.window(1, 166, sol_ark_live());
    ProbeOptions options = options_for(server.port());
    options.watch = CopyWatch::lasts;
    std::vector<std::string> asked;
    options.progress = [&](std::size_t, std::size_t, const std::string& what) {
        asked.push_back(what);
        return asked.back() != "unit 1 for moving values";
    };
    const ProbeReport report = probe(options);
    CHECK(asked.back() == "unit 1 for moving values");
    CHECK(find_unit(report, "sol_ark", 1));
}

TEST_CASE("finds a Sol-Ark's slave id, and reports suspicious scales") {
    fakes::ModbusServer server;
    server.window(2, 0, {3, 2, 0x0104, 0x3231, 0x3030, 0x3030, 0x3031, 0x3233});
    server.window(2, 166, sol_ark_live());
    const ProbeReport report = probe(options_for(server.port()));
    const ProbedUnit* inverter = find_unit(report, "sol_ark", 2);
    REQUIRE(inverter);
    CHECK(value_at(*inverter, 3) == "2100000123");
    CHECK(value_at(*inverter, 183) == "52.30 V");
    CHECK(value_at(*inverter, 190) == "2092 W");
    CHECK(std::ranges::any_of(inverter->rows, [](const ProbedRow& row) { return !row.doubt.empty(); }));
    CHECK(has_line(report, "  unit: 2"));
    CHECK(has_line(report, "  power_scale: 10             # by cross-check"));
    CHECK(has_line(report, "  battery_current_scale: 0.1  # by cross-check"));
}

TEST_CASE("distinguishes two Sol-Arks on a line from one on two ids") {
    fakes::ModbusServer server;
    for (const int unit : {0, 1, 2}) {
        const auto last = static_cast<std::uint16_t>(unit == 2 ? 0x3939 : 0x3233);
        server.window(unit, 0, {3, 1, 0x0104, 0x3231, 0x3030, 0x3030, 0x3031, last});
        server.window(unit, 166, sol_ark_live());
    }
    const ProbeReport report = probe(options_for(server.port()));
    CHECK(has_line(report, "  unit: 1  # also 0, 2"));
    const auto second = std::ranges::find(report.yaml, "sol_ark_2:");
    REQUIRE(second != report.yaml.end());
    CHECK(std::ranges::find(second, report.yaml.end(), "  unit: 2") != report.yaml.end());
    CHECK(std::ranges::find(second, report.yaml.end(), "  power_scale: 10             # by cross-check") != report.yaml.end());
    server.take_away(2);
    CHECK(std::ranges::count(probe(options_for(server.port())).yaml, "sol_ark_2:") == 0);
}

TEST_CASE("finds raw RTU if nothing answers Modbus TCP") {
    fakes::ByteServer serial(
        [](const fakes::Asked& asked) {
            return asked.unit == 1 ? fakes::answer_with(fakes::good_reply(asked)) : fakes::Script{};
        },
        Framing::rtu);
    ProbeOptions options = options_for(serial.port());
    options.units = {1};
    options.framing = Framing::rtu;
    const ProbeReport report = probe(options);
    CHECK(report.framing == Framing::rtu);
    CHECK(find_unit(report, "sol_ark", 1));
    CHECK(has_line(report, "  framing: rtu"));
}

TEST_CASE("finds an inverter behind a gateway slow about absent slaves") {
    fakes::ModbusServer server;
    server.window(1, 0, {3, 2, 0x0104, 0x3231, 0x3030, 0x3030, 0x3031, 0x3233});
    server.window(1, 166, sol_ark_live());
    // The gateway's patience, shortened: longer than the usual timeout, shorter than the one for gateways.
    server.absent_after(600ms);
    ProbeOptions options = options_for(server.port());
    options.gateway_timeout = 2000ms;
    for (const bool named : {false, true}) {
        options.units = named ? std::vector<int>{1} : std::vector<int>{};
        const ProbeReport report = probe(options);
        CHECK(report.failure == "");
        CHECK(find_unit(report, "sol_ark", 1));
        CHECK(server.absent_requests(100) == 0);
    }
}

TEST_CASE("shows an unknown Modbus device raw") {
    fakes::ModbusServer server;
    server.window(7, 0, {11, 22, 33});
    ProbeOptions options = options_for(server.port());
    options.units = {7};
    const ProbeReport report = probe(options);
    const ProbedUnit* unknown = find_unit(report, "unknown", 7);
    REQUIRE(unknown);
    CHECK(value_at(*unknown, 1) == "22");
    CHECK(report.yaml.empty());
}

TEST_CASE("reports the remedy if nothing usable answers") {
    CHECK(probe(options_for(1)).failure.find("refused") != std::string::npos);
    fakes::ByteServer mute([](const fakes::Asked&) { return fakes::Script{}; });
    ProbeOptions options = options_for(mute.port());
    options.timeout = 50ms;
    const ProbeReport silent = probe(options);
    CHECK(silent.failure.find("nothing answers as Modbus") != std::string::npos);
    CHECK(silent.questions <= 10);
    fakes::ModbusServer empty;
    CHECK(probe(options_for(empty.port())).failure.find("--units") != std::string::npos);
}

TEST_CASE("stops on request") {
    fakes::ModbusServer server;
    fill_gx(server);
    ProbeOptions options = options_for(server.port());
    options.progress = [](std::size_t done, std::size_t, const std::string&) { return done < 2; };
    CHECK(probe(options).units.size() == 2);
}

TEST_CASE("proposes system unit 100 even if another one answers first") {
    fakes::ModbusServer server;
    fill_gx(server);
    server.window(0, 800, {0x6131, 0x6232, 0x6333, 0x6534, 0x6635, 0x6136});
    server.window(0, 840, {523, 0xFFCE, 0xFEFA, 85, 2, 220, 100});
    ProbeOptions options = options_for(server.port());
    options.units = {0, 100};
    const ProbeReport report = probe(options);
    CHECK(find_unit(report, "system", 0));
    CHECK(has_line(report, "  units: { system: 100 }"));
}
