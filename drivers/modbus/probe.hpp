// Examines an unknown Modbus device: units that answer, their kinds, every known register raw and decoded. Never writes. Sends
// one request at a time with pauses, and a bounded number of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/probe_kinds.hpp"

namespace volt::modbus {

struct ProbeOptions {
    std::string host;
    int port = 502;
    std::optional<Framing> framing;  ///< default: Modbus TCP, then raw RTU if nothing answers
    Duration timeout = 1000ms;       ///< for a whole exchange
    /// For the first request, which may wait behind another master's on a gateway's serial line.
    Duration first_timeout = 5000ms;
    /// For all others to a gateway: it tries an absent slave for over 2 s before it answers.
    Duration gateway_timeout = 3000ms;
    Duration gap = 20ms;          ///< between two requests to a GX
    Duration serial_gap = 200ms;  ///< between two requests to a Sol-Ark: the line behind its gateway is slow
    Duration watch{};             ///< longest time to watch an inverter's values for movement; 0 to skip this
    std::vector<int> units;       ///< empty for the usual units of a GX and a Sol-Ark
    /// Called before each unit with the number done, the total, and the next request. Return false to stop.
    std::function<bool(std::size_t done, std::size_t all, const std::string& what)> progress;
};

/// One service of a GX, or an inverter, on a unit id.
struct ProbedUnit {
    int unit = 0;
    std::string kind;  ///< system, battery, vebus, solarcharger, temperature, sol_ark, unknown
    std::vector<ProbedRow> rows;
    std::vector<std::string> remarks;  ///< remarks about the unit as a whole
};

struct ProbeReport {
    std::string failure;  ///< reason why nothing was found, with its remedy, or empty if something was
    Framing framing = Framing::tcp;
    std::vector<ProbedUnit> units;
    std::vector<std::string> yaml;  ///< lines for voltd.yaml, empty if neither a GX nor a Sol-Ark was found
    int questions = 0;
};

/// Probes a device. Blocks until finished: at most 250 units, about 6 requests for each absent one, and `watch` for each
/// inverter.
ProbeReport probe(const ProbeOptions& options);

}  // namespace volt::modbus
