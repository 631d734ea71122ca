// Prints a failing case for people: settings, events with their times, and input lines for `voltctl replay`.
#include <ostream>

#include "rules/names.hpp"
#include "tests/proof/examine.hpp"

namespace volt::proof {

namespace {

constexpr int most_lines = 400;

std::string fixed(std::int64_t steps, std::int64_t scale) {
    const std::int64_t whole = (steps < 0 ? -steps : steps) / scale, rest = (steps < 0 ? -steps : steps) % scale;
    std::string text = std::to_string(scale + rest);
    text[0] = '.';
    return (steps < 0 ? "-" : "") + std::to_string(whole) + (scale == 1 ? "" : text);
}

std::string seconds(Duration time) { return fixed(time.count(), 1000); }

void print_miner(std::ostream& out, const Policy& site, const Miner& m) {
    out << "#   miner " << m.slug << " on " << site.outputs[static_cast<std::size_t>(m.output)].id << ": power_draw_w "
        << m.power.steps << ", priority_level " << m.priority_level << ", start/stop/emergency " << fixed(m.start.steps, 100)
        << "/" << fixed(m.stop.steps, 100) << "/" << fixed(m.emergency.steps, 100) << ", min_on_s " << seconds(m.min_on)
        << ", min_off_s " << seconds(m.min_off) << ", max_starts_per_hour " << m.max_starts_per_hour << ", operating_mode "
        << name_of(m.operating_mode);
    if (m.require_excess_solar) out << ", require_excess_solar, minimum_excess_w " << m.minimum_excess.steps;
    if (m.minimum_solar) out << ", minimum_solar_w " << m.minimum_solar->steps;
    if (m.require_sunny) out << ", require_sunny";
    if (!m.allow_outside_schedule)
        out << ", only from " << m.preferred_start_s / 60 << " to " << m.preferred_end_s / 60 << " min of the day";
    if (m.max_runtime_day) out << ", max_runtime_day_s " << seconds(*m.max_runtime_day);
    if (m.max_continuous) out << ", max_continuous_s " << seconds(*m.max_continuous);
    if (m.zone != no_index) out << ", zone " << site.zones[static_cast<std::size_t>(m.zone)].slug;
    out << (m.enabled ? "\n" : ", not enabled\n");
}

void print_zone(std::ostream& out, const Zone& z) {
    out << "#   zone " << z.slug << ": too_hot/hot_ok/cold_ok/too_cold " << fixed(z.too_hot.steps, 10) << "/"
        << fixed(z.hot_ok.steps, 10) << "/" << fixed(z.cold_ok.steps, 10) << "/" << fixed(z.too_cold.steps, 10) << ", fan "
        << (z.fan_enabled ? z.fan_id : "none") << ", heater " << (z.heater == no_index ? "none" : z.heater_id) << ", heating "
        << name_of(z.heat_first) << " then " << name_of(z.heat_second) << ", sensor "
        << (z.sensor_id.empty() ? "none" : z.sensor_id) << (z.enabled ? "\n" : ", not enabled\n");
}

void print_settings(std::ostream& out, const Policy& site) {
    const Preferences& p = site.preferences;
    const Control& c = site.control;
    out << "# settings\n#   thresholds";
    for (const Volts v : {p.shutdown, p.critical_low, p.low, p.restart, p.optimal_min, p.optimal_max, p.float_v, p.absorption,
                          p.full, p.absolute_max})
        out << ' ' << fixed(v.steps, 100);
    out << ", reserve " << (p.reserve ? fixed(p.reserve->steps, 100) : "none") << ", discharge " << p.max_battery_discharge.steps
        << " W, inverter " << p.inverter_max.steps << " W, " << p.internal_resistance_mohm << " mOhm, mode " << name_of(p.mode)
        << "\n#   control (s): tick " << seconds(c.tick) << ", start_hold " << seconds(c.start_hold) << ", stop_hold "
        << seconds(c.stop_hold) << ", restart_hold " << seconds(c.restart_hold) << ", blind_grace " << seconds(c.blind_grace)
        << ", stagger " << seconds(c.start_stagger) << ", settle " << seconds(c.settle) << ", confirm " << seconds(c.confirm)
        << ", start_timeout " << seconds(c.start_timeout) << ", adopt_timeout " << seconds(c.adopt_timeout) << ", voltage_stale "
        << seconds(c.voltage_stale) << ", frozen " << seconds(c.frozen) << ", power_stale " << seconds(c.power_stale) << '\n';
    for (const Miner& miner : site.miners) print_miner(out, site, miner);
    for (const Zone& zone : site.zones) print_zone(out, zone);
}

template <class T>
void part(std::ostream& out, const char* key, const Sample<T>& sample, std::int64_t scale) {
    if (!sample.received) return;
    out << ",\"" << key << "\":" << (sample.value ? fixed(sample.value->steps, scale) : "null");
}

/// Prints the inputs of this tick as one line of replay.
void print_line(std::ostream& out, const Turn& turn) {
    const SiteSnapshot& s = turn.snapshot;
    out << "{\"t\":" << seconds(turn.at);
    std::string voltages, rooms, outputs;
    for (std::size_t i = 0; i < s.voltages.size(); ++i) {
        const VoltageSample& sample = s.voltages[i];
        if (!sample.received || sample.taken != s.now) continue;
        voltages += (voltages.empty() ? "\"" : ",\"") + turn.policy.voltage_sources[i].name +
                    "\":" + (sample.value ? fixed(sample.value->steps, 100) : "null");
    }
    out << ",\"voltage\":{" << voltages << '}';
    if (s.pv.taken == s.now) {
        part(out, "pv_w", s.pv, 1);
        part(out, "load_w", s.load, 1);
        part(out, "battery_power_w", s.battery_power, 1);
    }
    for (std::size_t i = 0; i < s.temperatures.size(); ++i)
        if (s.temperatures[i].received && s.temperatures[i].taken == s.now)
            rooms += (rooms.empty() ? "\"" : ",\"") + turn.policy.sensors[i].name +
                     "\":" + (s.temperatures[i].value ? fixed(s.temperatures[i].value->steps, 10) : "null");
    out << ",\"temperatures\":{" << rooms << '}';
    if (!s.clock_trusted) out << ",\"clock_trusted\":false";
    for (std::size_t i = 0; i < s.outputs.size(); ++i) {
        const OutputReport& r = s.outputs[i];
        const char* state = !r.state_received ? "null" : r.state == OutputState::on ? "\"on\"" : "\"off\"";
        outputs += (outputs.empty() ? "\"" : ",\"") + turn.policy.outputs[i].id + "\":{\"state\":" + state +
                   (r.available ? "" : ",\"available\":false") + "}";
    }
    out << ",\"outputs\":{" << outputs << "}}\n";
}

void print_gates(std::ostream& out, const Turn& turn) {
    for (std::size_t i = 0; i < turn.decision.verdicts.size(); ++i) {
        const Verdict& v = turn.decision.verdicts[i];
        out << "#   " << Facts::key(turn.policy, i) << (v.wanted ? " on, " : " off, ") << name_of(v.reason) << ':';
        for (const Gate& gate : v.gates) {
            out << ' ' << name_of(gate.name) << (gate.passes ? gate.waived ? "~" : "" : gate.hold ? "?" : "!");
            if (gate.have && gate.need) out << '(' << *gate.have << '/' << *gate.need << ')';
        }
        out << '\n';
    }
}

}  // namespace

void print(std::ostream& out, const Case& subject, const Failure& failure) {
    out << "# seed " << subject.seed << ": property " << failure.property << " fails at tick " << failure.tick << ": "
        << failure.text << '\n';
    print_settings(out, subject.site);
    out << "# what happened\n";
    for (const Event& e : subject.events)
        out << "#   tick " << e.at << ": " << name_of(e.what) << " of " << e.who << ", value " << e.value << ", for " << e.lasts
            << " ticks\n";
    out << "# the last " << most_lines << " ticks; '>' is what the rules ordered\n";
    World world(subject);
    for (int tick = 0; tick <= failure.tick; ++tick) {
        const Turn turn = world.turn();
        if (tick + most_lines <= failure.tick) continue;
        if (turn.restarted) out << "# the daemon starts again\n";
        print_line(out, turn);
        if (tick == failure.tick) print_gates(out, turn);
        for (const Command& c : turn.decision.commands)
            out << "# > " << turn.policy.outputs[static_cast<std::size_t>(c.output)].id << (c.on ? " on" : " off") << ", "
                << name_of(c.reason) << (c.renewal ? ", renewal" : "") << (c.retry ? ", again" : "") << '\n';
    }
    out.flush();
}

}  // namespace volt::proof
