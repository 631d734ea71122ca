// What a poller asks one unit for, and how the answers become a reading: the joint between the device knowledge
// (victron_gx, sol_ark) and the polling, which knows no device.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "drivers/modbus/registers.hpp"
#include "drivers/result.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {

struct UnitPlan {
    std::string source;              ///< name of the source: `victron.battery`
    int unit = 0;                    ///< unit id on the wire
    /// Asked for in this order. The first one must be answered, and its answer dates the reading; the others are left
    /// out where the device does not know them.
    std::vector<Stretch> blocks;
    /// Asked for once on each connection, before anything else; left out where the device does not know it.
    std::optional<Stretch> identity;
    /// Nothing: the device is what it should be. Only called with an answer to `identity`.
    std::function<std::optional<Failure>(const Answer&)> identify;
    /// Pure; fills the values alone (no name, no times). A Failure: the answers cannot be true as a whole.
    std::function<Result<SourceReading>(const Answers&)> assemble;
};

/// A decoded value as a quantity; nothing where it is not good.
template <class Q>
std::optional<Q> value_of(const Register& row, const Answers& answers) {
    const Decoded decoded = decode(row, answers);
    if (!decoded.good()) return std::nullopt;
    return Q{decoded.steps};
}

}  // namespace volt::modbus
