// Parts of judge_zones(), one source file each. For zones.cpp, fan.cpp and heat.cpp only.
#pragma once

#include "rules/hold.hpp"
#include "rules/zones/zones.hpp"

namespace volt {

/// Inputs for judging one zone in this tick.
struct ZoneTurn {
    const SiteSnapshot& snapshot;
    const Policy& policy;
    const Readings& readings;
    const StageView& stage;
    const Zone& zone;
    const ZoneInputs& in;
    std::size_t index;         ///< index of the zone
    std::optional<Celsius> t;  ///< usable temperature

    Time now() const { return snapshot.now; }
    bool too_hot() const { return t && *t >= zone.too_hot; }
};

/// Returns true if the zone's fan is in the wiring.
bool has_fan(const Zone& zone);

/// Returns the remaining run-on of the fan after the last miner, or empty while one is on or none ran.
std::optional<Duration> run_on_left(const ZoneTurn& turn, const ZoneState& state);

/// Applies this tick's requests for the fan and ends expired overrides.
void judge_fan_override(const ZoneTurn& turn, ZoneState& state);

/// Sets the fan's level by override, safe state or rule. Call after judge_fan_override().
void judge_fan(const ZoneTurn& turn, ZoneState& state, ZoneView& view);

/// Chooses the source of heat. Call after judge_fan().
void judge_heat(const ZoneTurn& turn, ZoneState& state, ZoneView& view);

}  // namespace volt
