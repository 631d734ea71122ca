// Zones: fan level, heat in the order of the zone, run-on, trip, lost sensor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/battery/stage.hpp"
#include "rules/hold.hpp"
#include "rules/readings/readings.hpp"

namespace volt {

/// State of one zone. Only judge_zones() changes it. All its latches survive a restart.
struct ZoneState {
    std::string key;  ///< Zone::id
    bool tripped = false;
    bool fan_on = false;         ///< on by the rule (hysteresis)
    bool fan_seen = false;       ///< the fan has reported since the daemon started
    std::int32_t fan_level = 0;  ///< level wanted now
    Time fan_level_since{};
    Hold unusable_since;                ///< temperature unusable since
    bool miner_on = false;              ///< a miner was on in the previous tick
    std::optional<Time> miner_last_on;  ///< last time a miner of the zone was on or stopped (first tick without one)
    bool cold = false;                  ///< T <= too_cold, until T >= cold_ok
    bool sun_ok = false;                ///< PV suffices for heating, including its holds
    Hold sun_since, no_sun_since;       ///< PV has been at or above, or 500 W below, the heating limit since
    bool heat_wanted = false;           ///< implies `cold` and `sun_ok`, also after a restart
    Hold no_miner_since;                ///< heat wanted and no miner of the zone on since
    Hold miner_drew_since;              ///< a miner has drawn 80 % since
    Hold heater_wanted_since;
    HeatSource serving = HeatSource::none;
    OverrideKind fan_override = OverrideKind::automatic;
    std::int32_t fan_override_level = 0;
    std::optional<Time> fan_override_until;
};

/// States of loads and outputs in the previous tick that matter to one zone; filled by decide().
struct ZoneInputs {
    bool miner_on = false;        ///< a miner of the zone is on, or must count as on
    bool miner_drawing = false;   ///< one of them draws 80 % of its nominal
    bool fan_confirmed = false;   ///< the fan reports the ordered state
    bool fan_reports_off = true;  ///< the fan is confirmed off, or there is none
    bool fan_usable = true;       ///< not faulty and not unknown, or there is no fan
    bool heater_on = false;
    bool heater_override_on = false;
};

/// Results for a zone that the other rules need.
struct ZoneView {
    std::int32_t fan_wanted = 0;
    bool fan_safe_state = false;  ///< the fan must take its safe state (shutdown, blind)
    bool tripped = false;         ///< its miners stop at once and do not start
    bool start_allowed = true;    ///< gate `zone`: below too_hot, not tripped, temperature usable, fan working
    bool sensor_configured = false;
    bool temperature_usable = false;
    std::optional<Celsius> temperature;
    bool heat_by_miner = false;       ///< the first in order of its miners is asked to run (waives schedule, weather)
    bool miner_asked = false;         ///< that miner was asked
    bool heater_wanted = false;       ///< its heater is asked to run
    bool heater_may_by_hand = false;  ///< with an `on` override it would be asked to run
    bool heater_stop_now = false;     ///< fan needed, T unusable or T >= cold_ok: stops at once
    bool heater_lacks_sun = false;    ///< not wanted only because PV is lacking (after its hold): stops after 300 s on
    ZoneVerdict verdict;
};

/// Replaces `views` with all zones, and applies the fan overrides among the snapshot's requests (of kind `fan`). `inputs` is
/// aligned with Policy::zones; `daemon_start` is the time of the first tick.
void judge_zones(const SiteSnapshot& snapshot, const Policy& policy, const Readings& readings, const StageView& stage,
                 const std::vector<ZoneInputs>& inputs, Time daemon_start, std::vector<ZoneState>& states,
                 std::vector<ZoneView>& views);

}  // namespace volt
