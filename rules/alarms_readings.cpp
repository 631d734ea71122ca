#include "rules/alarms_readings.hpp"

#include <algorithm>

namespace volt {

namespace {

constexpr Duration limited_after = 10min;

AlarmCause cause_of(TemperatureDoubt doubt) {
    switch (doubt) {
        case TemperatureDoubt::leaped: return AlarmCause::leaped;
        case TemperatureDoubt::hot: return AlarmCause::hot;
        case TemperatureDoubt::stands: return AlarmCause::stands;
        case TemperatureDoubt::none: break;
    }
    return AlarmCause::usual;
}

/// Returns the smallest draw of any load, or empty if none is enabled.
std::optional<Watts> smallest_draw(const Tick& tick) {
    std::optional<Watts> least;
    for (const LoadTick& load : tick.loads)
        if (load.miner != nullptr && load.enabled) least = least ? std::min(*least, load.nominal) : load.nominal;
    return least;
}

}  // namespace

void add_implausible(const Tick& tick, Alarms& alarms) {
    const Readings& r = tick.readings;
    for (std::size_t i = 0; i < r.source_quality.size(); ++i) {
        const bool jumps = i < r.restless.size() && r.restless[i];
        const bool refused = i < r.refused.size() && r.refused[i];
        if (!jumps && !refused) continue;
        Alarm& alarm = alarms.add(AlarmCode::voltage_implausible, SubjectKind::source, i);
        alarm.unit = Unit::volts;
        const VoltageMemory& m = tick.state.readings.voltages[i];
        if (jumps && m.second) {
            alarm.cause = AlarmCause::restless;
            alarm.have = std::min(*m.newest, *m.second).steps;
            alarm.need = std::max(*m.newest, *m.second).steps;
        } else if (refused) {
            alarm.have = r.refused[i]->steps;
        }
    }
}

void add_copies(const Tick& tick, Alarms& alarms) {
    for (std::size_t i = 0; i < tick.readings.copied.size(); ++i) {
        if (!tick.readings.copied[i]) continue;
        Alarm& alarm = alarms.add(AlarmCode::source_lags, SubjectKind::source, i);
        alarm.have = tick.readings.copy_intervals[i] / 1s;
        alarm.unit = Unit::seconds;
    }
}

void add_disagreement(const Tick& tick, Alarms& alarms) {
    if (!tick.charge.disagreement) return;
    const Index guard = tick.charge.verdict.source;
    const Index subject = guard != no_index && !tick.charge.verdict.zone_sensor ? guard : tick.charge.disagreement->one;
    alarms.add(AlarmCode::temperature_disagreement, SubjectKind::battery_sensor, at(subject)).cause =
        cause_of(tick.charge.disagreement->cause);
}

void add_powers(const Tick& tick, Alarms& alarms) {
    const PowerBalance& powers = tick.readings.powers;
    if (powers.at_odds) {
        Alarm& alarm = alarms.add(AlarmCode::powers_at_odds);
        if (powers.battery == Watts{}) alarm.cause = AlarmCause::no_battery;
        else if (powers.turned_sign_fits) alarm.cause = AlarmCause::turned;
    }
    if (powers.not_measured_long && powers.not_measured)
        if (Alarm& alarm = alarms.add(AlarmCode::house_not_measured); !tick.policy.preferences.bank_wh)
            alarm.cause = AlarmCause::no_budget;
    for (std::size_t i = 0; i < power_count; ++i)
        if (powers.stands[i]) alarms.add(AlarmCode::reading_stands, SubjectKind::power, i);
    Hold& limited = tick.state.site.discharge_limited;
    const std::optional<Watts> least = smallest_draw(tick);
    limited.see(least && tick.readings.bms_limit && *tick.readings.bms_limit < *least, tick.now);
    if (limited.over(tick.now, limited_after)) alarms.add(AlarmCode::discharge_limited);
}

}  // namespace volt
