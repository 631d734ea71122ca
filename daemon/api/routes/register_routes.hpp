// GET /api/sources/{name}/registers: result of the last poll of a device, raw and decoded. Queries no device.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "drivers/modbus/probe_kinds.hpp"

namespace volt::api {

/// Returns a row for programs. Includes `doubt` only if there is one.
nlohmann::ordered_json register_json(const modbus::ProbedRow& row);

/// Returns the router rows. `boards` must outlive them.
std::vector<Route> register_routes(const Boards& boards, std::function<Time()> now);

}  // namespace volt::api
