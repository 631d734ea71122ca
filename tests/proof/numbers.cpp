// Converts a decision to plain numbers, to compare two of them.
#include "tests/proof/proof.hpp"

namespace volt::proof {

namespace {

class Numbers {
public:
    std::vector<std::int64_t> list;

    template <class T>
    void add(const T& value) {
        if constexpr (requires { value.steps; }) list.push_back(value.steps);
        else if constexpr (requires { value.count(); }) list.push_back(value.count());
        else list.push_back(static_cast<std::int64_t>(value));
    }
    template <class T>
    void add(const std::optional<T>& value) {
        list.push_back(value ? 1 : 0);
        if (value) add(*value);
    }
    template <class T>
    void add(const Brief<T>& value) {
        list.push_back(value ? 1 : 0);
        if (value) add(*value);
    }
    template <class... Ts>
    void all(const Ts&... values) {
        (add(values), ...);
    }
};

void take(Numbers& n, const Verdict& v) {
    n.all(v.wanted, v.state, v.reason, v.have, v.need, v.unit, v.remaining, v.reserve, v.source, v.subject, v.since, v.draw,
          v.sag_mv, v.sag_learned, v.starts_today, v.runtime_today, v.override_, v.override_adopted, v.override_until,
          v.flip.has_value());
    if (v.flip) n.all(v.flip->gate, v.flip->delta, v.flip->unit, v.flip->hold);
    for (const Gate& g : v.gates)
        n.all(g.name, g.passes, g.waived, g.hold, g.reason, g.unit, g.have, g.need, g.remaining, g.subject);
}

}  // namespace

std::vector<std::int64_t> numbers_of(const Decision& d) {
    Numbers n;
    for (const Command& c : d.commands) n.all(c.output, c.on, c.level, c.renewal, c.retry, c.protection, c.reason.number());
    for (const Index i : d.ask) n.add(i);
    for (const OutputMoved& m : d.moved) n.all(m.output, m.move, m.on);
    for (const Verdict& v : d.verdicts) take(n, v);
    for (const Index i : d.order) n.add(i);
    for (const ZoneVerdict& z : d.zones)
        n.all(z.temperature, z.fan_wanted, z.reason, z.heat, z.heat_wanted, z.tripped, z.fan_override, z.fan_override_level,
              z.fan_override_until, z.remaining);
    n.all(d.charge.blocked, d.charge.reason, d.charge.temperature, d.charge.limit, d.charge.source, d.charge.zone_sensor,
          d.charge.remaining, d.charge.by_other, d.charge.other, d.charge.other_temperature, d.charge.other_usable);
    const BatteryPicture& b = d.battery;
    n.all(b.voltage, b.last_voltage, b.source, b.quality, b.age, b.soc, b.stage, b.stage_since, b.stage_remaining, b.degraded,
          b.temperature, b.refused_source, b.refused);
    const PowerPicture& p = d.power;
    n.all(p.pv, p.load, p.grid, p.battery, p.base_load, p.excess, p.available, p.allocated);
    const BudgetView& y = d.budget;
    n.all(y.set, y.known, y.gap, y.counted, y.charge, y.floor, y.room, y.house, y.sun, y.need, y.spare, y.times.dawn,
          y.times.dusk, y.full, y.bridged, y.at_floor);
    for (const Alarm& a : d.alarms) n.all(a.code, a.kind, a.subject, a.since, a.have, a.need, a.unit);
    return n.list;
}

}  // namespace volt::proof
