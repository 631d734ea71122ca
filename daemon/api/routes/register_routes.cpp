#include "daemon/api/routes/register_routes.hpp"

#include <algorithm>
#include <utility>

#include "daemon/api/http/answers.hpp"
#include "drivers/modbus/register_board.hpp"

namespace volt::api {

namespace {

double seconds_since(Time then, Time now) { return static_cast<double>(std::max(now - then, Duration{}).count()) / 1000; }

HttpAnswer unknown_source(const std::string& source, const std::vector<std::string>& known) {
    return ok_answer({{"error", source + " is not a polled source, so it has no registers"}, {"known", known}}, 404);
}

HttpAnswer registers_of(const modbus::RegisterBoard& board, const std::string& source, Time now) {
    const std::vector<std::string> known = board.sources();
    if (std::find(known.begin(), known.end(), source) == known.end()) return unknown_source(source, known);
    const modbus::ProbeKind& kind = modbus::kind_of_source(source);
    Object object{{"source", source}, {"kind", kind.name}, {"unit", nullptr}, {"age_s", nullptr}, {"moved_s", nullptr}};
    object["registers"] = Object::array();
    const auto polled = board.read(source);
    if (!polled) return ok_answer(object);
    object["unit"] = polled->unit;
    object["age_s"] = seconds_since(polled->taken, now);
    object["moved_s"] = seconds_since(polled->moved, now);
    for (const modbus::ProbedRow& row : modbus::decoded_rows(kind, polled->answers))
        object["registers"].push_back(register_json(row));
    return ok_answer(object);
}

}  // namespace

nlohmann::ordered_json register_json(const modbus::ProbedRow& row) {
    Object json{{"address", row.address}, {"words", row.words}, {"name", row.name}, {"value", row.value}};
    if (!row.doubt.empty()) json["doubt"] = row.doubt;
    return json;
}

std::vector<Route> register_routes(const Boards& boards, std::function<Time()> now) {
    const auto show = [&boards, now = std::move(now)](const HttpRequest& request) {
        if (!boards.registers) return unknown_source(request.argument, {});
        return registers_of(*boards.registers, request.argument, now());
    };
    return {{"GET", "/api/sources/{}/registers", show}};
}

}  // namespace volt::api
