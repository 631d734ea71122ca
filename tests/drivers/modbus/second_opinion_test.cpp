// The driver against a foreign Modbus server other than libmodbus: pymodbus, if installed (Debian: python3-pymodbus with
// python3-serial-asyncio). The words are the addresses.
#include <doctest/doctest.h>

#include <numeric>

#include "drivers/modbus/probe.hpp"
#include "drivers/modbus/transport.hpp"
#include "drivers/source.hpp"
#include "tests/fakes/process.hpp"

using namespace volt;
using namespace volt::modbus;
using volt::testing::Process;

namespace {

bool is_installed() {
    Process asked({"/usr/bin/python3", "-c", "import pymodbus.server"});
    return asked.wait() == 0;
}

std::string script() { return std::string(VOLT_SOURCE_DIR) + "/tests/drivers/modbus/pymodbus_server.py"; }

std::vector<std::uint16_t> addresses(Stretch stretch) {
    std::vector<std::uint16_t> words(stretch.count);
    std::iota(words.begin(), words.end(), stretch.address);
    return words;
}

}  // namespace

TEST_CASE("works with pymodbus in both framings") {
    if (!is_installed()) {
        MESSAGE("skipped: python3-pymodbus is not installed");
        return;
    }
    for (const Framing framing : {Framing::tcp, Framing::rtu}) {
        const int port = volt::testing::free_port();
        Process server({"/usr/bin/python3", script(), std::to_string(port), framing == Framing::rtu ? "rtu" : "tcp"});
        StopEvent stop;
        const auto transport = make_transport({"127.0.0.1", port, framing, 5s, 0ms}, stop);
        REQUIRE(volt::testing::eventually([&] { return !transport->connect(); }));
        CHECK(transport->read(1, {166, 31}).value() == addresses({166, 31}));
        CHECK(transport->read(1, {0, 8}).value() == addresses({0, 8}));
        CHECK(transport->read(100, {840, 7}).value() == addresses({840, 7}));
        CHECK(transport->read(225, {258, 22}).value() == addresses({258, 22}));
        CHECK(transport->read(1, {200, 125}).value() == addresses({200, 125}));
        CHECK(transport->read(100, {840, 8}).failure().fault == Fault::unsupported);
        CHECK(transport->connected());
        for (std::uint16_t i = 0; i < 300; ++i) CHECK(transport->read(1, {i, 2}).value() == addresses({i, 2}));
        const auto hasty = make_transport({"127.0.0.1", port, framing, 200ms, 0ms}, stop);
        REQUIRE_FALSE(hasty->connect());
        CHECK_FALSE(hasty->read(9, {1, 1}).ok());  // silence, or the server's own exception
    }
}

TEST_CASE("the probe works with pymodbus in both framings") {
    if (!is_installed()) {
        MESSAGE("skipped: python3-pymodbus is not installed");
        return;
    }
    for (const Framing framing : {Framing::tcp, Framing::rtu}) {
        const int port = volt::testing::free_port();
        Process server({"/usr/bin/python3", script(), std::to_string(port), framing == Framing::rtu ? "rtu" : "tcp"});
        StopEvent stop;
        const auto transport = make_transport({"127.0.0.1", port, framing, 5s, 0ms}, stop);
        REQUIRE(volt::testing::eventually([&] { return !transport->connect(); }));
        transport->close();
        ProbeOptions options;
        options.host = "127.0.0.1";
        options.port = port;
        options.framing = framing;
        options.gap = options.serial_gap = 0ms;
        options.units = {1, 100};
        const ProbeReport report = probe(options);
        CHECK(report.failure.empty());
        REQUIRE_FALSE(report.units.empty());
        std::size_t words = 0;
        for (const ProbedUnit& unit : report.units) {
            for (const ProbedRow& row : unit.rows) {
                CAPTURE(row.name);
                for (std::size_t i = 0; i < row.words.size(); ++i, ++words)
                    CHECK((row.words[i] == row.address + i || row.words[i] == row.address + 2 * i));  // stride 2: 78 and 80
            }
        }
        CHECK(words > 20);
    }
}
