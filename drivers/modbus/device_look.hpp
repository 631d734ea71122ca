// One look at a configured device without voltd: each unit is asked once, over a connection of its own. Reads only, for a bounded
// time. For people who ask what is wrong (`voltctl doctor`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/modbus/device_config.hpp"
#include "drivers/modbus/gx_use.hpp"
#include "drivers/modbus/registers.hpp"
#include "drivers/source.hpp"
#include "rules/time.hpp"

namespace volt::modbus {

/// What one unit answered.
struct UnitLook {
    std::string source;  ///< `victron.battery`
    int unit = 0;
    std::string failure;    ///< why it gave no reading; empty: it did
    SourceReading reading;  ///< values alone
    Answers answers;
};

struct DeviceLook {
    std::string unreachable;  ///< why there is no connection; empty: there is one
    std::vector<UnitLook> units;
    std::optional<Utc> clock{};           ///< of a GX
    std::optional<int> charge_limit{};    ///< register of the charge limit, A
    std::string charge_limit_failure{};   ///< why it could not be read; empty: it could, or was not asked for
    std::string instead{};                ///< what answers in place of what is configured: `unit: 2`, `framing: rtu`
    std::string wrong_scale{};            ///< the key whose scale does not fit what was read
    std::string copy{};                   ///< why it looks like a logger's copy of the registers; empty: it does not
    std::optional<bool> second_client{};  ///< whether a second connection is served beside the first; empty: not tried
};

/// A unit id that voltd would search is left out.
DeviceLook look_at_gx(const VictronConfig& config, const GxUse& use);
/// Where the configured unit does not answer, the other framing and the usual unit ids are tried. `watch`: how long to look whether
/// its values move, at most.
DeviceLook look_at_sol_ark(const SolArkConfig& config, const std::string& source, Duration watch = {});

/// The values of a source's registers as voltd would read them; nothing where they cannot be true as a whole. `sol_ark`: its scales.
std::optional<SourceReading> reading_of(const std::string& source, const Answers& answers, const SolArkConfig& sol_ark);

}  // namespace volt::modbus
