// Looks at an unknown Modbus device: which units answer, what they are, every known register raw and decoded. Reads
// only, one question at a time with pauses, and a bounded number of them.
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
    /// For the first question, which may wait behind another master's on a gateway's serial line.
    Duration first_timeout = 5000ms;
    /// For all others to a gateway: it tries an absent slave for over 2 s before it answers.
    Duration gateway_timeout = 3000ms;
    Duration gap = 20ms;          ///< between two questions to a GX
    Duration serial_gap = 200ms;  ///< between two to a Sol-Ark: there is a slow line behind its gateway
    Duration watch{};             ///< how long to look whether an inverter's values move, at most; 0: not at all
    std::vector<int> units;       ///< empty: where a GX and a Sol-Ark usually have theirs
    /// Called before each unit with the number done, the total, and what is asked next. Return false to stop.
    std::function<bool(std::size_t done, std::size_t all, const std::string& what)> progress;
};

/// One service of a GX, or an inverter, behind a unit id.
struct ProbedUnit {
    int unit = 0;
    std::string kind;  ///< system, battery, vebus, solarcharger, temperature, sol_ark, unknown
    std::vector<ProbedRow> rows;
    std::vector<std::string> remarks;  ///< about the unit as a whole
};

struct ProbeReport {
    std::string failure;  ///< why nothing was found, with what to check; empty: something was
    Framing framing = Framing::tcp;
    std::vector<ProbedUnit> units;
    std::vector<std::string> yaml;  ///< lines for voltd.yaml; empty where neither a GX nor a Sol-Ark was found
    int questions = 0;
};

/// Blocks until it is through: at most 250 units, about 6 questions for each that is absent, and `watch` for each inverter.
ProbeReport probe(const ProbeOptions& options);

}  // namespace volt::modbus
