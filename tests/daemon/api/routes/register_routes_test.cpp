#include "daemon/api/routes/register_routes.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "drivers/modbus/register_board.hpp"

using namespace volt;
using namespace volt::api;
using nlohmann::json;

namespace {

struct RegisterSite {
    Boards boards;
    Router router;
    RegisterSite() {
        router.add(register_routes(boards, [] { return Time{10s}; }));
    }
    std::pair<int, json> ask(const std::string& source) const {
        const HttpAnswer answer = router.answer(
            {.method = "GET", .path = "/api/sources/" + source + "/registers", .caller = {Role::view, false, "x", "s1"}});
        return {answer.status, json::parse(answer.body)};
    }
};

}  // namespace

TEST_CASE("shows registers of the last poll, raw and decoded") {
    RegisterSite shown;
    const auto board = std::make_shared<modbus::RegisterBoard>();
    board->require({"victron.battery", "sol_ark"});
    board->put("victron.battery", {225, {{259, {5230}}}, 9600ms, 4s});
    shown.boards.registers = board;
    const auto [status, body] = shown.ask("victron.battery");
    CHECK(status == 200);
    CHECK(body["kind"] == "battery");
    CHECK(body["unit"] == 225);
    CHECK(body["age_s"] == 0.4);
    CHECK(body["moved_s"] == 6.0);
    CHECK(body["registers"] == json::parse(R"([{"address":259,"words":[5230],"name":"/Dc/0/Voltage","value":"52.30 V"}])"));

    const auto [unanswered, empty] = shown.ask("sol_ark");
    CHECK(unanswered == 200);
    CHECK(empty["unit"] == nullptr);
    CHECK(empty["age_s"] == nullptr);
    CHECK(empty["registers"] == json::array());
}

TEST_CASE("lists polled sources for an unknown one") {
    RegisterSite shown;
    CHECK(shown.ask("victron.battery").first == 404);  // before the site has started
    const auto board = std::make_shared<modbus::RegisterBoard>();
    board->require({"victron.system"});
    shown.boards.registers = board;
    for (const char* source : {"mqtt", "sensor.heat-room", "victron.batery", "x/y"}) {
        CAPTURE(source);
        const auto [status, body] = shown.ask(source);
        CHECK(status == 404);
        CHECK(body["known"] == json::array({"victron.system"}));
    }
}
