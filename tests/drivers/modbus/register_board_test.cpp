#include "drivers/modbus/register_board.hpp"

#include <doctest/doctest.h>

#include "drivers/modbus/gx_registers.hpp"

using namespace volt;
using namespace volt::modbus;

TEST_CASE("the board has the newest poll of each required source only") {
    RegisterBoard board;
    board.put("victron.battery", {225, {{259, {5230}}}, 1s, 1s});
    CHECK_FALSE(board.read("victron.battery"));
    board.require({"victron.battery", "sol_ark"});
    CHECK(board.sources() == std::vector<std::string>{"sol_ark", "victron.battery"});
    CHECK_FALSE(board.read("victron.battery"));
    board.put("victron.battery", {225, {{259, {5230}}}, 2s, 1s});
    board.put("victron.battery", {226, {{259, {5231}}}, 3s, 3s});
    const auto polled = board.read("victron.battery");
    REQUIRE(polled);
    CHECK(polled->unit == 226);
    CHECK(polled->answers == Answers{{259, {5231}}});
    CHECK(polled->moved == 3s);
    board.require({"victron.battery"});
    CHECK(board.read("victron.battery"));
    CHECK_FALSE(board.read("sol_ark"));
    CHECK(board.sources().size() == 1);
}

TEST_CASE("a source's name determines its registers") {
    const auto kind = [](const char* source) { return std::string(kind_of_source(source).name); };
    CHECK(kind("victron.system") == "system");
    CHECK(kind("victron.battery") == "battery");
    CHECK(kind("victron.vebus") == "vebus");
    CHECK(kind("victron.battery-box") == "temperature");
    CHECK(kind("victron.solarcharger") == "temperature");  // a sensor may have any id
    CHECK(kind("sol_ark") == "sol_ark");
    CHECK(kind("sol_ark_2") == "sol_ark");
}

TEST_CASE("shows only answered rows, decoded and with their doubts") {
    const auto rows = decoded_rows(kind_of_source("victron.battery"), {{258, {633, 5230}}, {262, {0}}});
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].address == 258);
    CHECK(rows[1].address == 259);
    CHECK(rows[1].words == std::vector<std::uint16_t>{5230});
    CHECK(rows[1].value == "52.30 V");
    CHECK(rows[1].doubt.empty());
    CHECK(rows[2].doubt == "0.0 may also be a missing sensor");
    CHECK(decoded_rows(kind_of_source("sol_ark"), {}).empty());
}
