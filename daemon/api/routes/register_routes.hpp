// GET /api/sources/{name}/registers: what the last poll of a device brought, raw and decoded. Asks no device.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <vector>

#include "daemon/api/http/router.hpp"
#include "daemon/journal/status_snapshot.hpp"
#include "drivers/modbus/probe_kinds.hpp"

namespace volt::api {

/// A row as programs read it; `doubt` only where there is one.
nlohmann::ordered_json register_json(const modbus::ProbedRow& row);

/// Rows of the router. `boards` must outlive them.
std::vector<Route> register_routes(const Boards& boards, std::function<Time()> now);

}  // namespace volt::api
