#include "tests/proof/facts.hpp"

#include <algorithm>

#include "rules/battery/bank.hpp"
#include "rules/readings/readings.hpp"

namespace volt::proof {

namespace {

bool ends_badly(Reason reason) {
    return reason == Reason::voltage || reason == Reason::power || reason == Reason::sun || reason == Reason::excess ||
           reason == Reason::preempted || reason == Reason::emergency || reason == Reason::critical;
}

void forget_old(std::vector<Time>& times, Time now) {
    std::erase_if(times, [now](Time t) { return now - t >= 3600s; });
}

}  // namespace

std::string Facts::key(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? policy.zones[load - policy.miners.size()].id + "/heat" : policy.miners[load].id;
}

Index Facts::output_of(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? policy.zones[load - policy.miners.size()].heater : policy.miners[load].output;
}

Watts Facts::nominal_of(const Policy& policy, std::size_t load) {
    return is_heater(policy, load) ? policy.zones[load - policy.miners.size()].heater_power : policy.miners[load].power;
}

void Facts::see_sources(const Turn& turn) {
    sources.resize(turn.snapshot.voltages.size());
    for (std::size_t i = 0; i < sources.size(); ++i) {
        SourceFacts& f = sources[i];
        const VoltageSample& sample = turn.snapshot.voltages[i];
        const Time taken = turn.at - (turn.snapshot.now - sample.taken);
        const Duration limit = age_limit(turn.policy.control.voltage_stale, turn.policy.voltage_sources[i].poll);
        if (turn.restarted) f.sure_since.reset(), f.last.reset();
        const bool fresh = sample.received && (!f.last || taken > f.last_at);
        if (fresh) {
            const bool fits = sample.value && plausible_range(turn.policy.preferences).holds(*sample.value);
            const Volts near = scaled(50_cV, turn.policy.preferences);
            const bool pair = fits && f.last && abs(*sample.value - *f.last) <= near && taken - f.last_at <= limit;
            if (fits && (!f.last || abs(*sample.value - *f.last) >= turn.policy.voltage_sources[i].step)) f.moved_at = taken;
            if (!pair) f.sure_since.reset(), f.high.reset(), f.low.reset();
            else f.high = std::max(*f.last, *sample.value);
            if (pair) f.low = std::min(*f.last, *sample.value);
            if (pair && !f.sure_since) f.sure_since = turn.at;
            f.last = fits ? sample.value : std::nullopt;
            f.last_at = taken;
            if (fits) f.in_range_at = taken;
        }
        const bool stands =
            turn.at - f.last_at > limit || turn.at - f.moved_at > 8s || turn.snapshot.now - sample.unit_moved > 8s;
        if (stands) f.sure_since.reset(), f.high.reset();
    }
}

void Facts::see_rooms(const Turn& turn) {
    rooms.resize(turn.snapshot.temperatures.size());
    for (std::size_t i = 0; i < rooms.size(); ++i) {
        RoomFacts& f = rooms[i];
        const Sample<Celsius>& sample = turn.snapshot.temperatures[i];
        if (turn.restarted) f = {};
        const Duration age = turn.snapshot.now - sample.taken;
        const bool fits = sample.received && sample.value && *sample.value >= -500_dK && *sample.value <= 1000_dK;
        const bool fresh = fits && (!f.in_range_at || turn.at - age > *f.in_range_at);
        if (!fits) f.sure.reset(), f.last.reset();
        if (fresh) {
            const bool pair = f.last && abs(*sample.value - *f.last) <= 20_dK;
            f.sure = pair ? sample.value : std::nullopt;
            f.last = sample.value;
            f.in_range_at = turn.at - age;
        }
        if (age > turn.policy.sensors[i].stale_after) f.sure.reset();
        const bool lost = (sample.received && !fits) || (sample.received && age > turn.policy.sensors[i].stale_after);
        if (!lost) f.lost_since.reset();
        else if (!f.lost_since) f.lost_since = turn.at;
    }
}

void Facts::see_reports(const Turn& turn, Index output, LoadFacts& f) {
    const OutputReport& report = turn.snapshot.outputs[place(output)];
    const bool by_sending = report.confirms_by_sending;
    if (by_sending) {
        f.report_on = f.report_off = false;
        return;
    }
    if (!report.state_received || report.hint || report.state == OutputState::unknown) return;
    const Time at = turn.at - (turn.snapshot.now - report.state_at);
    const bool on = report.state == OutputState::on;
    if (on != f.report_on || on == f.report_off) {
        if (!on) f.off_from = std::max(f.off_from.value_or(at), at);
        switched_at = reported_at = turn.at;
    }
    if (on && !f.on_from && f.wanted) f.on_from = at;
    f.report_on = on;
    f.report_off = !on;
    f.report_at = at;
}

void Facts::see_load(const Turn& turn, std::size_t load) {
    LoadFacts& f = of(turn.policy, load);
    const Index output = output_of(turn.policy, load);
    const Verdict& verdict = turn.decision.verdicts[load];
    if (output == no_index) return;
    const bool said_on = f.report_on;
    see_reports(turn, output, f);
    f.was_wanted = f.wanted;
    f.wanted = verdict.wanted;
    f.forced = verdict.override_ == OverrideKind::on;
    f.stopped = f.was_wanted && !f.wanted;
    forget_old(f.starts, turn.at);
    forget_old(f.flips, turn.at);
    if (turn.hands[place(output)] || verdict.override_ != OverrideKind::automatic) f.handled_at = turn.at;
    bool first_on = false;
    for (const Command& c : turn.decision.commands) {
        if (c.output != output || c.renewal) continue;
        switched_at = f.ordered_at = turn.at;
        if (c.on && !c.retry) first_on = true;
        // The rest runs from the confirmation, which is not before the order unless the relay turned itself off.
        if (!c.on && !c.retry && f.was_wanted && !f.report_off) f.off_from = std::max(f.off_from.value_or(turn.at), turn.at);
        if (f.ordered_on != c.on) f.flips.push_back(turn.at);
        f.ordered_on = c.on;
    }
    f.started = f.wanted && !f.was_wanted && (first_on || (!f.report_on && !said_on && !turn.restarted));
    if (f.wanted && !f.was_wanted) f.on_from.reset();
    if (f.started) f.starts.push_back(turn.at);
    if (!f.stopped) return;
    const Duration ran = f.on_from ? turn.at - *f.on_from : 0s;
    if (ran >= 3600s - 10s) f.bad_runs = 0;
    else if (ends_badly(verdict.reason)) ++f.bad_runs;
    f.by_voltage = verdict.reason == Reason::voltage;
    f.ever_bad = f.ever_bad || ends_badly(verdict.reason);
}

void Facts::see(const Turn& turn) {
    see_sources(turn);
    see_rooms(turn);
    if (turn.restarted || turn.decision.battery.voltage) blind_since.reset();
    if (!turn.decision.battery.voltage && !blind_since) blind_since = turn.at;
    for (std::size_t i = 0; i < load_count(turn.policy); ++i) see_load(turn, i);
}

}  // namespace volt::proof
