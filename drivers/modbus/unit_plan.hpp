// Plan of a unit: the registers that a poller reads, and how the answers become a reading. It connects the device knowledge
// (victron_gx, sol_ark) and the polling, which knows no device.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/modbus/known_holes.hpp"
#include "drivers/modbus/registers.hpp"
#include "drivers/modbus/unit_finder.hpp"
#include "drivers/result.hpp"
#include "drivers/source.hpp"

namespace volt::modbus {

/// Registers that identify the device. Read once on each connection, before anything else.
struct Identity {
    int unit = 0;  ///< the check is skipped if this is not the plan's unit and does not exist
    Stretch stretch;
    /// Returns empty if the device is the right one. Called only with answers, some of which may be missing.
    std::function<std::optional<Failure>(const Answers&)> judge;
};

struct UnitPlan {
    std::string source;  ///< name of the source: `victron.battery`
    int unit = 0;        ///< unit id on the wire; none yet with `search`
    /// Blocks, read in this order. The first one must be answered: its answer dates the reading, and its changes distinguish a
    /// live unit from a frozen one, since it contains the voltage (if there is one) with current or power. The others are skipped
    /// if the device does not know them.
    std::vector<Stretch> blocks;
    /// Place of its voltage in the site's order of sources, 0 for the first choice, or empty if no decision takes it. A unit is
    /// polled every `PollTiming::slow_period` if it has no place, or while another unit of the device with a better one answers.
    std::optional<int> place = 0;
    /// Further blocks that change slowly, read every `PollTiming::slow_period`.
    std::vector<Stretch> slow_blocks;
    /// Registers that decisions need, retried soon if the device does not know them.
    std::vector<std::uint16_t> needed;
    /// Reads blocks that are due together in one request, with the registers between them. The first one of a unit with a place
    /// is always read separately.
    bool joins = false;
    /// Keeps the holes of its further blocks over a restart, under this name and the unit's id; null to keep none.
    std::shared_ptr<KnownHoles> known_holes{};
    std::string holes_key{};
    /// Registers in one request, descending: smaller ones if a gateway loses the larger.
    std::vector<std::uint16_t> sizes{125};
    std::optional<Identity> identity;
    /// Set if the unit is searched.
    std::optional<Search> search;
    /// Fills only the values (no name, no times). Fails if the answers are impossible as a whole. If all further blocks are slow,
    /// it is called twice in a poll that reads them.
    std::function<Result<SourceReading>(const Answers&)> assemble;
};

/// Returns a decoded value as a quantity, or empty if it is not good.
template <class Q>
std::optional<Q> value_of(const Register& row, const Answers& answers) {
    const Decoded decoded = decode(row, answers);
    if (!decoded.good()) return std::nullopt;
    return Q{decoded.steps};
}

}  // namespace volt::modbus
