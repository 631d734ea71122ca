#include "rules/loads/heaters.hpp"

#include "rules/loads/stops.hpp"

namespace volt {

namespace {

/// The fan is needed, or the room is warm or not known, or a miner heats: no heater at all. Too little PV may wait.
bool must_go(const ZoneView& view) {
    if (view.fan_wanted > 0 || view.heater_stop_now) return true;
    return !view.heater_wanted && !view.heater_lacks_sun;
}

void see(Tick& tick, Hold& hold, bool fails, Reason reason, bool min_on, LoadTick& load, std::optional<Reason>& stops) {
    hold.see(fails, tick.now);
    if (!hold.over(tick.now, tick.policy.control.stop_hold)) return;
    if (min_on) load.wait_min_on(reason);
    else if (!stops || reason < *stops) stops = reason;
}

}  // namespace

std::optional<Reason> heater_stop(Tick& tick, std::size_t index, bool min_on) {
    LoadTick& load = tick.loads[index];
    LoadMemory& m = tick.memory(index);
    const ZoneView& view = tick.zones[at(load.zone_index)];
    const std::optional<Volts> v = tick.readings.for_stops;
    if (must_go(view)) return Reason::zone;
    std::optional<Reason> stops;
    load.fails_voltage = v && *v < tick.policy.preferences.low;
    const std::int64_t missing = load.draw.steps - load.headroom.steps;
    load.fails_power = !tick.power.surplus || missing > tick.policy.control.power_hysteresis.steps;
    load.spared = spared(tick);
    load.fails_sun = !view.heater_wanted;
    see(tick, m.low_voltage, load.fails_voltage, Reason::voltage, min_on, load, stops);
    see(tick, m.no_power, load.fails_power && !load.spared, Reason::power, min_on, load, stops);
    if (load.fails_sun && min_on) load.wait_min_on(Reason::sun);  // the zone has held it already
    if (load.fails_sun && !min_on && (!stops || Reason::sun < *stops)) stops = Reason::sun;
    return stops;
}

}  // namespace volt
