#include "rules/loads/heaters.hpp"

#include "rules/loads/stops.hpp"

namespace volt {

namespace {

/// Returns true if a running heater must stop: the fan runs, the room is warm or unknown, or a miner heats it. A lack of PV alone
/// may wait.
bool must_go(const ZoneView& view) {
    if (view.fan_wanted > 0 || view.heater_stop_now) return true;
    return !view.heater_wanted && !view.heater_lacks_sun;
}

/// Applies one stop reason; `over`: its hold is over.
void act(bool over, Reason reason, bool min_on, LoadStop& stop) {
    if (!over) return;
    if (min_on) stop.wait_min_on(reason);
    else stop.take(reason);
}

void see(const Stopped& tick, Hold& hold, bool fails, Reason reason, bool min_on, LoadStop& stop) {
    hold.see(fails, tick.now);
    act(hold.over(tick.now, tick.policy.control.stop_hold), reason, min_on, stop);
}

}  // namespace

void judge_heater_stop(Stopped& tick, std::size_t index, bool min_on) {
    const LoadTick& load = tick.loads[index];
    LoadStop& stop = tick.stops[index];
    LoadMemory& m = tick.memory(index);
    const ZoneView& view = tick.zones[at(load.zone_index)];
    const std::optional<Volts> v = tick.readings.for_stops;
    if (must_go(view)) return stop.take(Reason::zone);
    stop.fails_voltage = v && *v < tick.policy.preferences.low;
    const std::int64_t missing = load.draw.steps - tick.stops[index].room.headroom.steps;
    stop.fails_power = !tick.power.surplus || missing > tick.policy.control.power_hysteresis.steps;
    stop.spared = spared(tick);
    stop.fails_sun = !view.heater_wanted;
    const Duration time = tick.policy.control.stop_hold;
    if (v || m.low_voltage) m.low_voltage.see(!v || stop.fails_voltage, tick.elapsed, time);
    act(stop.fails_voltage && m.low_voltage.over(time), Reason::voltage, min_on, stop);
    see(tick, m.no_power, stop.fails_power && !stop.spared, Reason::power, min_on, stop);
    if (!stop.fails_sun) return;
    if (min_on) stop.wait_min_on(Reason::sun);  // the zone has applied its hold already
    else stop.take(Reason::sun);
}

}  // namespace volt
