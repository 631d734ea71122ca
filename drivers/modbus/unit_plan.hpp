// What a poller asks one unit for, and how the answers become a reading: the joint between the device knowledge
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

/// Registers that identify the device; read once on each connection, before anything else.
struct Identity {
    int unit = 0;  ///< the check is skipped if this is not the plan's unit and does not exist
    Stretch stretch;
    /// Empty: the device is what it should be. Only called with answers, some of which may be left out.
    std::function<std::optional<Failure>(const Answers&)> judge;
};

struct UnitPlan {
    std::string source;  ///< name of the source: `victron.battery`
    int unit = 0;        ///< unit id on the wire; with `search`: none yet
    /// Asked for in this order. The first one must be answered: its answer dates the reading, and by its changes a live unit
    /// differs from a frozen one, since it holds the voltage (where there is one) with the current or power beside it. The
    /// others are left out where the device does not know them.
    std::vector<Stretch> blocks;
    /// Place of its voltage in the site's order of sources, 0 the first choice; none: no decision takes it. A unit is asked
    /// every `PollTiming::slow_period` where it has no place, or while another unit of the device with a better one answers.
    std::optional<int> place = 0;
    /// Further blocks that change slowly: asked for every `PollTiming::slow_period`.
    std::vector<Stretch> slow_blocks;
    /// Registers that decisions need: asked for soon again where the device says that it does not know them.
    std::vector<std::uint16_t> needed;
    /// Blocks that are due together are asked for in one request, with what lies between them; the first one of a unit with
    /// a place is always asked for by itself.
    bool joins = false;
    /// What its further blocks lack is kept here over a restart, under this name and the unit's id; null: it is not.
    std::shared_ptr<KnownHoles> known_holes{};
    std::string holes_key{};
    /// Registers in one request, from the largest down: smaller ones where a gateway loses the larger.
    std::vector<std::uint16_t> sizes{125};
    std::optional<Identity> identity;
    /// Set: the unit is searched.
    std::optional<Search> search;
    /// Fills the values alone (no name, no times). A Failure: the answers cannot be true as a whole. Where all further blocks
    /// are slow it is called twice in a poll that asks for them.
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
