// The parts of judge_zones(), one source file each. For zones.cpp, fan.cpp and heat.cpp only.
#pragma once

#include "rules/hold.hpp"
#include "rules/zones/zones.hpp"

namespace volt {

/// Everything one zone is judged by in this tick.
struct ZoneTurn {
    const SiteSnapshot& snapshot;
    const Policy& policy;
    const Readings& readings;
    const StageView& stage;
    const Zone& zone;
    const ZoneInputs& in;
    std::size_t index;         ///< of the zone
    std::optional<Celsius> t;  ///< usable temperature

    Time now() const { return snapshot.now; }
    bool too_hot() const { return t && *t >= zone.too_hot; }
};

/// True where the zone has a fan in the wiring.
bool has_fan(const Zone& zone);

/// Remaining run-on of the fan after the last miner; nothing while one is on or none ran.
std::optional<Duration> run_on_left(const ZoneTurn& turn, const ZoneState& state);

/// Takes this tick's requests for the fan and ends overrides that are over.
void judge_fan_override(const ZoneTurn& turn, ZoneState& state);

/// The fan's level by override, safe state or rule; after judge_fan_override().
void judge_fan(const ZoneTurn& turn, ZoneState& state, ZoneView& view);

/// Who is asked for heat; after judge_fan().
void judge_heat(const ZoneTurn& turn, ZoneState& state, ZoneView& view);

}  // namespace volt
