#include "drivers/modbus/device_look.hpp"

#include <doctest/doctest.h>

#include "tests/fakes/byte_server.hpp"
#include "tests/fakes/modbus_server.hpp"

using namespace volt;
using namespace volt::modbus;

namespace device_look_test {

namespace {

using Words = std::vector<std::uint16_t>;

VictronConfig gx_at(int port, Duration timeout = 5s) {
    VictronConfig config;
    config.host = "127.0.0.1";
    config.port = port;
    config.battery_unit = 225;
    config.timeout = timeout;
    return config;
}

SolArkConfig sol_ark_at(int port) {
    SolArkConfig config;
    config.host = "127.0.0.1";
    config.port = port;
    config.timeout = 5s;
    return config;
}

void fill_gx(fakes::ModbusServer& server) {
    server.window(100, 830, {0, 0, 0x6553, 0xF100});
    server.window(100, 840, {523, 0xFFCE, 0xFEFA, 85, 2, 220, 100});
    Words live(22, 0);
    live[1] = 5234;
    server.window(225, 258, live);
    server.window(100, 2705, {0xFFFF});
}

void fill_sol_ark(fakes::ModbusServer& server, int unit) {
    Words live(31, 0);
    live[182 - 166] = 1250;
    live[183 - 166] = 5230;
    live[184 - 166] = 87;
    server.window(unit, 166, live);
}

}  // namespace

TEST_CASE("examines a GX: units with values, clock, and charge limit") {
    fakes::ModbusServer server;
    fill_gx(server);
    VictronConfig config = gx_at(server.port());
    const DeviceLook look = look_at_gx(config, {});
    CHECK(look.unreachable.empty());
    REQUIRE(look.units.size() == 2);
    CHECK(look.units[0].source == "victron.battery");
    CHECK(look.units[0].failure.empty());
    CHECK(look.units[0].reading.voltage == Volts{5234});
    CHECK(look.units[1].reading.voltage == Volts{5230});
    CHECK(look.clock == Utc{std::chrono::seconds{0x6553F100}});
    CHECK_FALSE(look.charge_limit);
    config.charge_limit = ChargeLimit::write;
    CHECK(look_at_gx(config, {}).charge_limit == -1);
    server.take_away(225);
    CHECK_FALSE(look_at_gx(config, {}).units[0].failure.empty());
}

TEST_CASE("ends at a closed port, dripping bytes and silence") {
    const int nowhere = [] {
        const fakes::ModbusServer gone;
        return gone.port();
    }();
    CHECK(look_at_gx(gx_at(nowhere), {}).unreachable.find("refused") != std::string::npos);
    CHECK(look_at_sol_ark(sol_ark_at(nowhere), "sol_ark").unreachable.find("refused") != std::string::npos);
    const fakes::ByteServer silent([](const fakes::Asked&) { return fakes::Script{}; });
    const DeviceLook gx = look_at_gx(gx_at(silent.port(), 500ms), {});
    REQUIRE(gx.units.size() == 2);
    CHECK(gx.units[0].failure.find("no complete reply") != std::string::npos);
    CHECK_FALSE(gx.clock);
}

TEST_CASE("examines a Sol-Ark and reports another device") {
    fakes::ModbusServer server;
    fill_sol_ark(server, 1);
    SolArkConfig config = sol_ark_at(server.port());
    const DeviceLook good = look_at_sol_ark(config, "sol_ark");
    REQUIRE(good.units.size() == 1);
    CHECK(good.units[0].failure.empty());
    CHECK(good.units[0].reading.voltage == Volts{5230});
    CHECK(good.instead.empty());
    CHECK(good.second_client == true);
    config.unit = 3;
    const DeviceLook other = look_at_sol_ark(config, "sol_ark");
    CHECK_FALSE(other.units[0].failure.empty());
    CHECK(other.instead == "unit: 1");
    config.unit = 1;
    config.framing = Framing::rtu;
    CHECK(look_at_sol_ark(config, "sol_ark").instead == "framing: tcp");
}

TEST_CASE("converts displayed registers to the reading that voltd makes") {
    CHECK(reading_of("victron.battery", {{258, {633, 5234}}}, {})->voltage == Volts{5234});
    CHECK(reading_of("victron.system", {{840, {523}}}, {})->voltage == Volts{5230});
    CHECK_FALSE(reading_of("sol_ark_2", {{166, Words(31, 0)}}, {}));  // hollow
    CHECK_FALSE(reading_of("victron.vebus", {}, {})->voltage);
}

}  // namespace device_look_test
