// Zones: fans by level, heat by the order of the zone, run-on, trip, lost sensor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/battery/stage.hpp"
#include "rules/hold.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

/// State of one zone; owned and changed by judge_zones() alone. All latches of it survive a restart.
struct ZoneState {
    std::string key;  ///< Zone::id
    bool tripped = false;
    bool fan_on = false;         ///< by the rule (hysteresis)
    bool fan_seen = false;       ///< the fan has reported since the start of the daemon
    std::int32_t fan_level = 0;  ///< wanted now
    Time fan_level_since{};
    Hold unusable_since;                ///< temperature unusable since
    bool miner_on = false;              ///< in the tick before
    std::optional<Time> miner_last_on;  ///< a miner of the zone was on at, or stopped at (first tick without one)
    bool cold = false;                  ///< T <= too_cold, until T >= cold_ok
    bool sun_ok = false;                ///< PV suffices for heating, with its holds
    Hold sun_since, no_sun_since;       ///< PV at or above, 500 W below the heating limit since
    bool heat_wanted = false;           ///< implies `cold` and `sun_ok`, after a restart too
    Hold no_miner_since;                ///< heat wanted and no miner of the zone on since
    Hold miner_drew_since;              ///< a miner has drawn 80 % since
    Hold heater_wanted_since;
    HeatSource serving = HeatSource::none;
    OverrideKind fan_override = OverrideKind::automatic;
    std::int32_t fan_override_level = 0;
    std::optional<Time> fan_override_until;
};

/// What the loads and outputs of the tick before mean for one zone; filled by decide().
struct ZoneInputs {
    bool miner_on = false;        ///< a miner of the zone is on, or must be taken as on
    bool miner_drawing = false;   ///< one of them draws 80 % of its nominal
    bool fan_confirmed = false;   ///< the fan reports what was ordered
    bool fan_reports_off = true;  ///< the fan is confirmed off, or there is none
    bool fan_usable = true;       ///< neither faulty nor unknown, or there is none
    bool heater_on = false;
    bool heater_override_on = false;
};

/// What the rest of the rules need to know of a zone.
struct ZoneView {
    std::int32_t fan_wanted = 0;
    bool fan_safe_state = false;  ///< the fan is to take its safe state (shutdown, blind)
    bool tripped = false;         ///< its miners stop at once and do not start
    bool start_allowed = true;    ///< gate `zone`: below too_hot, not tripped, temperature usable, fan fine
    bool sensor_configured = false;
    bool temperature_usable = false;
    std::optional<Celsius> temperature;
    bool heat_by_miner = false;       ///< the first in order of its miners is asked to run (waives schedule, weather)
    bool miner_asked = false;         ///< that miner was asked
    bool heater_wanted = false;       ///< its heater is asked to run
    bool heater_may_by_hand = false;  ///< with an `on` override it would be asked to run
    bool heater_stop_now = false;     ///< fan needed, T unusable or T >= cold_ok: stops at once
    bool heater_lacks_sun = false;    ///< not wanted for want of PV alone (after its hold): stops after 300 s on
    ZoneVerdict verdict;
};

/// Fills `views` anew with all zones, and takes the fan overrides among the snapshot's requests (those of kind `fan`). `inputs` is aligned with Policy::zones; `daemon_start` is the time of the first tick.
void judge_zones(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings, const StageView& stage,
                 const std::vector<ZoneInputs>& inputs, Time daemon_start, std::vector<ZoneState>& states,
                 std::vector<ZoneView>& views);

}  // namespace volt
