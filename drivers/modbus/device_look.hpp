// Examines a configured device once without voltd: reads each unit once, over a separate connection, for a bounded time. Never
// writes. For diagnosis (`voltctl doctor`).
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

/// Answers of one unit.
struct UnitLook {
    std::string source;  ///< `victron.battery`
    int unit = 0;
    std::string failure;    ///< reason why it gave no reading, or empty if it did
    SourceReading reading;  ///< values only
    Answers answers;
};

struct DeviceLook {
    std::string unreachable;  ///< reason why there is no connection, or empty if there is one
    std::vector<UnitLook> units;
    std::optional<Utc> clock{};           ///< clock of a GX
    std::optional<int> charge_limit{};    ///< register of the charge limit, A
    std::string charge_limit_failure{};   ///< reason why it could not be read, or empty if it could or was not requested
    std::string instead{};                ///< settings under which a device answers instead: `unit: 2`, `framing: rtu`
    std::string wrong_scale{};            ///< key whose scale does not fit the values
    std::string copy{};                   ///< signs of a logger's copy of the registers, or empty if none
    std::optional<bool> second_client{};  ///< true if a second connection is also served, or empty if not tried
};

/// Examines a GX. Skips a unit id that voltd would search for.
DeviceLook look_at_gx(const VictronConfig& config, const GxUse& use);
/// Examines a Sol-Ark. If the configured unit does not answer, it tries the other framing and the usual unit ids. `watch`:
/// longest time to watch its values for movement.
DeviceLook look_at_sol_ark(const SolArkConfig& config, const std::string& source, Duration watch = {});

/// Returns the values of a source's registers as voltd would read them, or empty if they are impossible as a whole. `sol_ark` has
/// the scales.
std::optional<SourceReading> reading_of(const std::string& source, const Answers& answers, const SolArkConfig& sol_ark);

}  // namespace volt::modbus
