#include "rules/alarms.hpp"

#include <algorithm>

#include "rules/alarm_list.hpp"
#include "rules/alarms_readings.hpp"
#include "rules/battery/bank.hpp"
#include "rules/limits.hpp"
#include "rules/outputs/orders.hpp"

namespace volt {

namespace {

constexpr Duration stuck_after = 60s, gone_after = 30s, over_after = 600s, reserve_memory = 18h, power_on_shown = 1h,
                   lease_grace = 5s, unproven_after = 30s, silent_after = 60s;

void watch_meter(const Tick& tick, std::size_t index) {
    const LoadTick& load = tick.loads[index];
    if (load.output == no_index) return;
    OutputMemory& order = tick.order_of(load);
    const bool known = load.measured.has_value();
    const std::int64_t percent = known && load.nominal.steps > 0 ? load.measured->steps * 100 : 0;
    const bool on = load.seen == OutputState::on && order.on && order.confirmed;
    const bool off = load.seen == OutputState::off && order.ordered && !order.on && order.confirmed;
    order.idle.see(on && known && percent < load.nominal.steps * 20, tick.now);
    order.stuck.see(off && known && percent > load.nominal.steps * limits::leaking_percent, tick.now);
    order.over.see(known && percent > load.nominal.steps * 120, tick.now);
}

/// Clears the meter holds of an output without a load. Only an OFF that its meter denies still counts.
void forget_meters(Tick& tick) {
    for (std::size_t i = 0; i < tick.state.outputs.size(); ++i) {
        OutputMemory& m = tick.state.outputs[i];
        const bool denied = orphan_denied(tick, static_cast<Index>(i));
        if (!m.idle.since && !m.stuck.since && !m.over.since && !denied) continue;
        const bool owned = std::any_of(tick.loads.begin(), tick.loads.end(),
                                       [i](const LoadTick& load) { return load.output == static_cast<Index>(i); });
        if (owned) continue;
        m.idle = m.over = {};
        m.stuck.see(denied, tick.now);
    }
}

bool runs_from_battery(const Tick& tick, std::size_t index) {
    const LoadTick& load = tick.loads[index];
    if (load.miner == nullptr || !load.on) return false;
    if (tick.readings.battery_power) return *tick.readings.battery_power < limits::losing;
    return tick.power.surplus && tick.stops[index].room.headroom_alone < load.draw;
}

void watch_battery(Tick& tick) {
    const bool critical = tick.stage.stage == Stage::critical || tick.stage.stage == Stage::shutdown;
    const bool entered = critical && !tick.state.site.was_critical;
    tick.state.site.was_critical = critical;
    for (std::size_t i = 0; i < tick.loads.size(); ++i) {
        LoadMemory& m = tick.memory(i);
        if (runs_from_battery(tick, i)) m.on_battery_at = tick.now;
        if (entered && m.on_battery_at && tick.now - *m.on_battery_at <= reserve_memory) m.too_small_at = tick.now;
        if (m.too_small_at && tick.now - *m.too_small_at >= reserve_memory) m.too_small_at.reset();
    }
}

/// Returns true if it has not reported since the start and still has time to.
bool may_still_report(const Tick& tick, bool received, Duration time) {
    return !received && tick.now - *tick.state.started < time;
}

void add_stage(const Tick& tick, Alarms& alarms) {
    const Stage stage = tick.stage.stage;
    const bool starting = may_still_report(tick, tick.readings.last_voltage.has_value(), tick.policy.control.voltage_stale);
    if (stage == Stage::blind && !starting) alarms.add(AlarmCode::blind);
    if (stage == Stage::critical) alarms.add(AlarmCode::critical);
    if (stage == Stage::shutdown) alarms.add(AlarmCode::shutdown);
    if (tick.readings.over_maximum) {
        Alarm& alarm = alarms.add(AlarmCode::overvoltage);
        alarm.have = tick.readings.for_charge->steps;
        alarm.need = tick.policy.preferences.absolute_max.steps;
        alarm.unit = Unit::volts;
    }
    if (tick.charge.not_blocked) alarms.add(AlarmCode::charge_not_blocked);
    if (tick.charge.verdict.blocked && !acts(tick.policy.charge_means)) alarms.add(AlarmCode::charge_not_carried_out);
}

void add_zones(const Tick& tick, Alarms& alarms) {
    for (std::size_t i = 0; i < tick.zones.size(); ++i)
        if (tick.zones[i].tripped) alarms.add(AlarmCode::zone_trip, SubjectKind::zone, i);
}

/// Adds the frozen voltage and that of the source in use, if the frozen one still counts for stops.
void add_frozen(const Tick& tick, Alarms& alarms) {
    for (std::size_t i = 0; i < tick.readings.frozen.size(); ++i) {
        if (!tick.readings.frozen[i]) continue;
        Alarm& alarm = alarms.add(AlarmCode::voltage_frozen, SubjectKind::source, i);
        if (static_cast<Index>(i) != tick.readings.frozen_low) continue;
        alarm.have = tick.state.readings.voltages[i].good->steps;
        alarm.need = tick.readings.voltage->steps;
        alarm.unit = Unit::volts;
    }
}

void add_sources(const Tick& tick, Alarms& alarms) {
    if (tick.readings.disagreement) {
        Alarm& alarm = alarms.add(AlarmCode::voltage_disagreement);
        alarm.have = tick.readings.for_starts->steps;
        alarm.need = tick.readings.for_charge->steps;
        alarm.unit = Unit::volts;
    }
    add_frozen(tick, alarms);
    add_implausible(tick, alarms);
    for (std::size_t i = 0; i < tick.readings.at_odds.size(); ++i)
        if (tick.readings.at_odds[i]) alarms.add(AlarmCode::source_failing, SubjectKind::source, i);
    if (tick.readings.weather_failing) alarms.add(AlarmCode::source_failing, SubjectKind::weather);
    add_copies(tick, alarms);
}

bool lacks_sensor(const Tick& tick, const Zone& zone) {
    return zone.enabled && zone.sensor != no_index && !tick.readings.sensors[at(zone.sensor)];
}

/// Adds each lost sensor once, by its index, no matter how many zones use it.
void add_lost_sensors(Tick& tick, Alarms& alarms) {
    const auto lacking = [&](const Zone& zone) { return lacks_sensor(tick, zone); };
    if (std::none_of(tick.policy.zones.begin(), tick.policy.zones.end(), lacking)) return;
    std::vector<bool>& lost = tick.lost_sensors;
    lost.assign(tick.policy.sensors.size(), false);
    for (const Zone& zone : tick.policy.zones)
        if (lacking(zone)) lost[at(zone.sensor)] = true;
    for (std::size_t i = 0; i < lost.size(); ++i) {
        if (!lost[i]) continue;
        const TemperatureSource& sensor = tick.policy.sensors[i];
        const bool behind_broker = !sensor.zero_is_suspect && !tick.snapshot.broker_up;  // the broker's alarm covers it
        if (behind_broker || may_still_report(tick, tick.snapshot.temperatures[i].received, sensor.stale_after)) continue;
        alarms.add(AlarmCode::sensor_lost, SubjectKind::sensor, i);
    }
}

void add_sensors(Tick& tick, Alarms& alarms) {
    add_lost_sensors(tick, alarms);
    for (std::size_t i = 0; i < tick.state.readings.batteries.size(); ++i)
        if (tick.state.readings.batteries[i].lost) alarms.add(AlarmCode::sensor_lost, SubjectKind::battery_sensor, i);
    if (tick.charge.guard_blind && !may_still_report(tick, false, tick.policy.control.adopt_timeout))
        alarms.add(AlarmCode::charge_guard_blind);
    add_disagreement(tick, alarms);
    add_powers(tick, alarms);
    if (!tick.snapshot.clock_trusted) alarms.add(AlarmCode::clock_untrusted);
}

/// Returns true if a required lease is missing. A device that just connected, or whose timer was just set, gets time to report
/// it; in `shadow` voltd sets no timer.
bool lacks_lease(const Tick& tick, std::size_t output) {
    const OutputReport& report = tick.snapshot.outputs[output];
    const Time since = report.unproven_since.value_or(report.available_since);
    const Time came = std::max({since, report.available_since, tick.snapshot.broker_up_since});
    return live(tick) && tick.policy.outputs[output].require_lease && tick.outputs[output].there &&
           report.lease != Lease::armed && !report.lease_proven && tick.now - came >= lease_grace;
}

/// Returns true if a lease was not proven in time. One that is not required gets more time.
bool is_unproven(const Tick& tick, std::size_t output) {
    const std::optional<Time>& since = tick.snapshot.outputs[output].unproven_since;
    return since && !tick.snapshot.outputs[output].lease_proven && tick.now - *since >= unproven_after;
}

bool is_silent(const Tick& tick, std::size_t output) {
    const std::optional<Time>& since = tick.snapshot.outputs[output].silent_since;
    return since && tick.now - *since >= silent_after;
}

/// Returns true if the charger is off and voltd does not switch it on: the bank would run empty.
bool is_idle_charger(const Tick& tick, std::size_t output) {
    const OutputReport& report = tick.snapshot.outputs[output];
    return !live(tick) && static_cast<Index>(output) == tick.policy.charge_output && report.state_received &&
           report.state == OutputState::off;
}

/// Returns true if the device has a timer that ends each ON, and that voltd does not renew.
bool has_own_timer(const Tick& tick, std::size_t output) { return tick.snapshot.outputs[output].own_timer > Duration{}; }

/// Returns true if the device's settings make any timer a danger, with a lease or without.
bool has_trap(const Tick& tick, std::size_t output) {
    const TimerTrap trap = tick.snapshot.outputs[output].timer_trap;
    return trap == TimerTrap::turns_on || trap == TimerTrap::locked;
}

AlarmCause cause_of(OwnProtection protection) {
    switch (protection) {
        case OwnProtection::power: return AlarmCause::overpower;
        case OwnProtection::temperature: return AlarmCause::overtemperature;
        case OwnProtection::voltage: return AlarmCause::overvoltage;
        case OwnProtection::current: return AlarmCause::overcurrent;
        case OwnProtection::auto_on: return AlarmCause::auto_on;
        case OwnProtection::other: return AlarmCause::other_protection;
        case OwnProtection::none: break;
    }
    return AlarmCause::usual;
}

/// Returns true if the meter reads more than the whole site draws.
bool meter_is_high(const Tick& tick, std::size_t output) {
    const std::optional<Watts>&measured = tick.outputs[output].measured, &site = tick.readings.load;
    return measured && site && *measured - *site > limits::meter_beyond_site;
}

AlarmCause cause_of(const Tick& tick, AlarmCode code, std::size_t output) {
    if (code == AlarmCode::output_stuck_on && meter_is_high(tick, output)) return AlarmCause::meter_high;
    if (code == AlarmCode::output_tripped) return cause_of(tick.state.outputs[output].tripped_by);
    if (code == AlarmCode::output_not_following && is_idle_charger(tick, output)) return AlarmCause::idle_charger;
    if (code == AlarmCode::output_not_following && is_silent(tick, output)) return AlarmCause::silent;
    const TimerTrap trap = tick.snapshot.outputs[output].timer_trap;
    if (code == AlarmCode::no_lease && trap == TimerTrap::turns_on) return AlarmCause::turns_on;
    if (code == AlarmCode::no_lease && trap == TimerTrap::locked) return AlarmCause::locked;
    if (code == AlarmCode::no_lease && has_own_timer(tick, output)) return AlarmCause::own_timer;
    return AlarmCause::usual;
}

/// Returns true if an output in an unknown state should be on, or was on at its last report.
bool is_missed(const Tick& tick, const OutputMemory& m) {
    return live(tick) && m.gone.over(tick.now, gone_after) && ((m.ordered && m.on) || m.last_confirmed == OutputState::on);
}

/// Active alarms of one output, as bits by code.
using ActiveCodes = std::uint64_t;
static_assert(static_cast<unsigned>(last_of_rules) < 64);
constexpr ActiveCodes bit(AlarmCode code) { return ActiveCodes{1} << static_cast<unsigned>(code); }

ActiveCodes active_codes(const Tick& tick, std::size_t output) {
    const OutputMemory& m = tick.state.outputs[output];
    const auto when = [](bool active, AlarmCode code) { return active ? bit(code) : ActiveCodes{0}; };
    return when(m.stuck.over(tick.now, stuck_after), AlarmCode::output_stuck_on) |
           when(does_not_follow(m) || is_silent(tick, output) || is_idle_charger(tick, output), AlarmCode::output_not_following) |
           when(m.trip_until.has_value(), AlarmCode::output_tripped) |
           when(m.external_again_at && tick.now - *m.external_again_at < limits::external_memory, AlarmCode::second_controller) |
           when(is_missed(tick, m), AlarmCode::output_unreachable) |
           when(m.idle.over(tick.now, tick.policy.control.start_timeout), AlarmCode::not_drawing) |
           when(m.over.over(tick.now, over_after), AlarmCode::draw_over_nominal) |
           when(lacks_lease(tick, output) || is_unproven(tick, output) || has_own_timer(tick, output) || has_trap(tick, output),
                AlarmCode::no_lease) |
           when(m.power_on_at && tick.now - *m.power_on_at < power_on_shown, AlarmCode::power_on_state);
}

ActiveCodes active_codes_anywhere(const Tick& tick) {
    ActiveCodes all = 0;
    for (std::size_t i = 0; i < tick.outputs.size(); ++i) all |= active_codes(tick, i);
    return all;
}

/// Adds one code for all outputs. Returns early in most ticks, which have none.
void add_outputs(const Tick& tick, Alarms& alarms, ActiveCodes anywhere, AlarmCode code) {
    if ((anywhere & bit(code)) == 0) return;
    for (std::size_t i = 0; i < tick.outputs.size(); ++i) {
        if ((active_codes(tick, i) & bit(code)) == 0) continue;
        Alarm& alarm = alarms.add(code, SubjectKind::output, i);
        alarm.cause = cause_of(tick, code, i);
        if (code != AlarmCode::output_stuck_on || !tick.outputs[i].measured) continue;
        alarm.have = tick.outputs[i].measured->steps;
        alarm.unit = Unit::watts;
    }
}

/// Adds loads and fans in use whose output is missing in voltd.yaml: voltd cannot switch them.
void add_unwired(const Tick& tick, Alarms& alarms) {
    const Policy& policy = tick.policy;
    const auto lacks = [](bool used, const std::string& id, Index output) { return output == no_index && used && !id.empty(); };
    for (std::size_t i = 0; i < policy.zones.size(); ++i)
        if (const Zone& zone = policy.zones[i]; zone.enabled && lacks(zone.fan_enabled, zone.fan_id, zone.fan))
            alarms.add(AlarmCode::output_unreachable, SubjectKind::zone, i);
    for (std::size_t i = 0; i < policy.miners.size(); ++i)
        if (const Miner& miner = policy.miners[i]; lacks(miner.enabled, miner.output_id, miner.output))
            alarms.add(AlarmCode::output_unreachable, SubjectKind::load, i);
    for (std::size_t i = 0; i < policy.zones.size(); ++i)
        if (const Zone& zone = policy.zones[i]; zone.enabled && lacks(zone.heating_enabled, zone.heater_id, zone.heater))
            alarms.add(AlarmCode::output_unreachable, SubjectKind::load, policy.miners.size() + i);
}

void add_reserve(const Tick& tick, Alarms& alarms) {
    for (std::size_t i = 0; i < tick.policy.miners.size(); ++i) {
        if (!tick.memory(i).too_small_at) continue;
        Alarm& alarm = alarms.add(AlarmCode::reserve_too_small, SubjectKind::load, i);
        alarm.have = tick.policy.miners[i].stop.steps;
        alarm.need = (tick.policy.miners[i].stop + scaled(limits::advised_above_stop, tick.policy.preferences)).steps;
        alarm.unit = Unit::volts;
    }
}

/// Adds a wrong bank size. An impossible size is more urgent than one that does not fit well.
void add_misfit(const Tick& tick, Alarms& alarms) {
    const std::optional<SizeDoubt>& doubt = tick.budget.doubt;
    if (!tick.budget.misfit && !doubt) return;
    Alarm& alarm = alarms.add(AlarmCode::bank_misfit);
    if (!doubt) return;
    alarm.cause = doubt->too_large ? AlarmCause::bank_large : AlarmCause::bank_small;
    alarm.have = doubt->seen;
    alarm.unit = doubt->too_large ? Unit::count : Unit::watts;
}

void add_missed_night(const Tick& tick, Alarms& alarms) {
    const std::optional<MissedNight>& missed = tick.budget.missed;
    if (!missed || missed->load == no_index || at(missed->load) >= tick.loads.size()) return;
    Alarm& alarm = alarms.add(AlarmCode::budget_missed, SubjectKind::load, at(missed->load));
    if (missed->amount == Energy{}) return;
    alarm.have = whole_wh(missed->amount);
    alarm.unit = Unit::watt_hours;
}

}  // namespace

void watch_loads(Tick& tick) {
    forget_meters(tick);
    for (std::size_t i = 0; i < tick.loads.size(); ++i) watch_meter(tick, i);
    watch_battery(tick);
}

void judge_alarms(Tick& tick, std::vector<Alarm>& list) {
    Alarms alarms(tick, list);
    const ActiveCodes outputs = active_codes_anywhere(tick);
    add_stage(tick, alarms);
    add_outputs(tick, alarms, outputs, AlarmCode::output_stuck_on);
    add_zones(tick, alarms);
    add_outputs(tick, alarms, outputs, AlarmCode::output_tripped);
    add_outputs(tick, alarms, outputs, AlarmCode::second_controller);
    add_sources(tick, alarms);
    add_sensors(tick, alarms);
    add_outputs(tick, alarms, outputs, AlarmCode::output_not_following);
    add_outputs(tick, alarms, outputs, AlarmCode::output_unreachable);
    add_unwired(tick, alarms);
    add_outputs(tick, alarms, outputs, AlarmCode::not_drawing);
    add_outputs(tick, alarms, outputs, AlarmCode::draw_over_nominal);
    add_outputs(tick, alarms, outputs, AlarmCode::no_lease);
    add_outputs(tick, alarms, outputs, AlarmCode::power_on_state);
    add_reserve(tick, alarms);
    if (tick.budget.against_sun) alarms.add(AlarmCode::clock_against_sun);
    add_missed_night(tick, alarms);
    add_misfit(tick, alarms);
    if (tick.budget.never_full) alarms.add(AlarmCode::bank_never_full);
    alarms.finish();
}

}  // namespace volt
