#include "drivers/sim/modbus_server.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

#include "drivers/sim/gx_server.hpp"
#include "drivers/sim/sol_ark_server.hpp"
#include "tests/drivers/sim/raw_client.hpp"

using namespace volt;
using namespace volt::sim;
using namespace volt::sim::testing;

namespace {

/// Returns the state of the GX fact sheet's frames: 52.3 V, -5.0 A, -262 W, 85 %, -22.0 Ah, 10,000 s to go.
SiteMeasurements vector_view() {
    SiteMeasurements view;
    view.battery_cv = 5'230;
    view.battery_w = -262;
    view.battery_ca = -500;
    view.soc_permille = 850;
    view.capacity_dah = 359;
    view.consumed_dah = 220;
    return view;
}

struct Bench {
    explicit Bench(Wire wire = Wire::tcp) : gx({}), server(gx, wire, 0), client(server.port()) { gx.show(vector_view()); }
    /// Turns the server until an answer arrives; "" if none does.
    std::string answer(RawClient& from, int turns = 20) {
        for (int i = 0; i < turns; ++i) {
            server.turn(now);
            const std::string got = from.receive();
            if (!got.empty()) return got;
        }
        return "";
    }
    std::string ask(const std::string& request, int turns = 20) {
        client.send(request);
        return answer(client, turns);
    }
    Time now = 1'000s;
    GxRegisters gx;
    ModbusServer server;
    RawClient client;
};

constexpr const char* read_840 = "00 01 00 00 00 06 64 03 03 48 00 07";
constexpr const char* answer_840 = "00 01 00 00 00 11 64 03 0E 02 0B FF CE FE FA 00 55 00 02 00 DC 00 64";

}  // namespace

TEST_CASE("modbus server: reproduces the GX fact sheet's frames") {
    Bench bench;
    CHECK(bench.ask(read_840) == answer_840);
    CHECK(bench.ask("00 02 00 00 00 06 64 06 0A 91 00 00") == "00 02 00 00 00 06 64 06 0A 91 00 00");
    CHECK(bench.gx.charge_limit_a() == 0);
    CHECK(bench.ask("00 03 00 00 00 06 64 06 0A 91 FF FF") == "00 03 00 00 00 06 64 06 0A 91 FF FF");
    CHECK(bench.gx.charge_limit_a() == -1);
    CHECK(bench.ask("00 04 00 00 00 06 64 06 03 26 00 01") == "00 04 00 00 00 06 64 06 03 26 00 01");
    CHECK(bench.ask("00 01 00 00 00 06 63 03 03 48 00 07") == "00 01 00 00 00 03 63 83 0A");
    CHECK(bench.ask("00 01 00 00 00 06 E1 03 01 4C 00 01") == "00 01 00 00 00 03 E1 83 02");
    CHECK(bench.ask("00 05 00 00 00 06 64 04 03 48 00 01") == "00 05 00 00 00 05 64 04 02 02 0B");
    CHECK(bench.ask("00 06 00 00 00 09 64 10 0A 91 00 01 02 00 64") == "00 06 00 00 00 06 64 10 0A 91 00 01");
    CHECK(bench.gx.charge_limit_a() == 100);
}

TEST_CASE("modbus server: reproduces the Sol-Ark fact sheet's frames") {
    SolArkRegisters ark({});
    SiteMeasurements view;
    view.battery_cv = 5'230;
    view.battery_w = 2'092;
    view.battery_ca = 4'000;
    ark.show(view);
    ModbusServer tcp(ark, Wire::tcp, 0), rtu(ark, Wire::rtu, 0);
    RawClient by_tcp(tcp.port()), by_rtu(rtu.port());
    const auto ask = [](ModbusServer& server, RawClient& client, const std::string& request) {
        client.send(request);
        std::string got;
        for (int i = 0; i < 20 && got.empty(); ++i) {
            server.turn(1s);
            got = client.receive();
        }
        return got;
    };
    CHECK(ask(tcp, by_tcp, "00 01 00 00 00 06 01 03 00 B7 00 01") == "00 01 00 00 00 05 01 03 02 14 6E");
    CHECK(ask(tcp, by_tcp, "00 02 00 00 00 06 01 03 00 A6 00 1F").substr(0, 26) == "00 02 00 00 00 41 01 03 3E");
    CHECK(ask(tcp, by_tcp, "00 01 00 00 00 06 02 03 00 B7 00 01") == "00 01 00 00 00 03 02 83 0B");
    CHECK(ask(rtu, by_rtu, "01 03 00 B7 00 01 34 2C") == "01 03 02 14 6E 36 A8");
    CHECK(ask(rtu, by_rtu, "01 03 00 BE 00 02 A4 2F") == "01 03 04 F7 D4 F0 60 CC 57");
    CHECK(ask(rtu, by_rtu, "01 10 00 E8 00 01 02 00 00 B1 78") == "01 10 00 E8 00 01 81 FD");
    CHECK(ask(tcp, by_tcp, "00 07 00 00 00 06 01 06 00 E8 00 01").empty());  // code 6: no answer at all
}

TEST_CASE("modbus server: handles split and joined requests of several clients") {
    Bench bench;
    bench.client.send("00 01 00 00 00");
    bench.server.turn(bench.now);
    CHECK(bench.client.receive().empty());
    CHECK(bench.ask("06 64 03 03 48 00 07") == answer_840);
    CHECK(bench.ask("00 01 00 00 00 06 64 03 03 48 00 01 00 02 00 00 00 06 64 03 03 4B 00 01") ==
          "00 01 00 00 00 05 64 03 02 02 0B 00 02 00 00 00 05 64 03 02 00 55");
    RawClient second(bench.server.port());
    second.send(read_840);
    CHECK(bench.answer(second) == answer_840);
    CHECK(bench.ask(read_840) == answer_840);
}

TEST_CASE("modbus server: closes on junk, and rejects too many clients") {
    Bench bench;
    CHECK(bench.ask("00 01 00 00 FF FF 64 03") == "closed");
    std::vector<std::unique_ptr<RawClient>> many;
    for (int i = 0; i < 20; ++i) {
        many.push_back(std::make_unique<RawClient>(bench.server.port()));
        bench.server.turn(bench.now);
    }
    int closed = 0;
    for (const auto& one : many) closed += one->receive().empty() ? 0 : 1;
    CHECK(closed >= 3);
    CHECK(closed <= 5);
}

TEST_CASE("modbus server: silent answers nothing until the fault ends") {
    Bench bench;
    bench.server.fault({ServerFaultKind::silent, 0}, bench.now + 120s);
    CHECK(bench.server.due() == bench.now + 120s);
    CHECK(bench.ask(read_840, 5).empty());
    bench.now += 121s;
    bench.server.turn(bench.now);
    CHECK(bench.ask(read_840) == answer_840);
    CHECK_FALSE(bench.server.due());
}

TEST_CASE("modbus server: slow answers late, unless the client left") {
    Bench bench;
    bench.server.fault({ServerFaultKind::slow, 2'500}, bench.now + 60s);
    CHECK(bench.ask(read_840, 5).empty());
    bench.now += 2'499ms;
    CHECK(bench.answer(bench.client, 5).empty());
    bench.now += 1ms;
    CHECK(bench.answer(bench.client) == answer_840);
    {
        RawClient leaves(bench.server.port());
        leaves.send(read_840);
        bench.server.turn(bench.now);
    }
    bench.server.turn(bench.now);
    bench.server.turn(bench.now + 3s);
}

TEST_CASE("modbus server: reset cuts the connection with a reset") {
    Bench bench;
    bench.server.fault({ServerFaultKind::reset, 0}, bench.now + 60s);
    CHECK(bench.ask(read_840) == "reset");
    RawClient again(bench.server.port());
    bench.now += 61s;
    bench.server.turn(bench.now);
    again.send(read_840);
    CHECK(bench.answer(again) == answer_840);
}

TEST_CASE("modbus server: supports exception, zeros, frozen and shifted") {
    Bench bench;
    bench.server.fault({ServerFaultKind::exception, 6}, bench.now + 60s);
    CHECK(bench.ask(read_840) == "00 01 00 00 00 03 64 83 06");
    bench.server.fault({ServerFaultKind::zeros, 0}, bench.now + 60s);
    CHECK(bench.ask(read_840) == "00 01 00 00 00 11 64 03 0E 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
    bench.server.fault({ServerFaultKind::shifted, 0}, bench.now + 60s);
    CHECK(bench.ask("00 01 00 00 00 06 64 03 03 48 00 02") == "00 01 00 00 00 07 64 03 04 FF CE FE FA");
    bench.server.fault({ServerFaultKind::frozen, 0}, bench.now + 60s);
    SiteMeasurements later = vector_view();
    later.battery_cv = 4'800;
    bench.gx.show(later);
    CHECK(bench.ask(read_840) == answer_840);
    bench.server.fault({}, bench.now);
    bench.gx.show(later);
    CHECK(bench.ask("00 01 00 00 00 06 64 03 03 48 00 01") == "00 01 00 00 00 05 64 03 02 01 E0");
}

TEST_CASE("modbus server: late gives each request the previous answer") {
    Bench bench;
    bench.server.fault({ServerFaultKind::late, 0}, bench.now + 60s);
    CHECK(bench.ask(read_840, 5).empty());
    CHECK(bench.ask("00 02 00 00 00 06 64 03 03 4B 00 01") == answer_840);
    CHECK(bench.ask("00 03 00 00 00 06 64 03 03 48 00 01") == "00 02 00 00 00 05 64 03 02 00 55");
}

TEST_CASE("modbus server: parses names of faults") {
    CHECK(server_fault_of("slow")->number == 2'500);
    CHECK(server_fault_of("slow:400")->number == 400);
    CHECK(server_fault_of("exception:6")->number == 6);
    CHECK(server_fault_of("exception")->number == 4);
    CHECK_FALSE(server_fault_of("exception:0"));
    CHECK_FALSE(server_fault_of("exception:200"));
    CHECK_FALSE(server_fault_of("silent:3"));
    CHECK_FALSE(server_fault_of("dead"));
    CHECK_FALSE(server_fault_of(""));
}

TEST_CASE("modbus server: reports a port in use") {
    GxRegisters gx({});
    ModbusServer first(gx, Wire::tcp, 0);
    CHECK_THROWS_AS(ModbusServer(gx, Wire::tcp, first.port()), std::runtime_error);
}

TEST_CASE("modbus server: a patient gateway queues clients behind absent slaves") {
    SolArkRegisters sol_ark({});
    sol_ark.show(vector_view());
    ModbusServer server(sol_ark, Wire::tcp, 0);
    server.be_patient();
    RawClient other(server.port()), own(server.port());
    const Time now = 1'000s;
    const auto turn = [&](Time at) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
        for (int i = 0; i < 5; ++i) server.turn(at);
    };
    other.send("00 07 00 00 00 06 09 03 00 00 00 01");
    turn(now);
    own.send("00 01 00 00 00 06 01 03 00 B7 00 01");
    turn(now);
    turn(now + 2'149ms);
    CHECK(other.receive().empty());
    turn(now + 2'150ms);
    CHECK(other.receive() == "00 07 00 00 00 03 09 83 0B");
    CHECK(own.receive().empty());
    turn(now + 2'190ms);
    CHECK(own.receive() == "00 01 00 00 00 05 01 03 02 14 6E");
}
