#include "tests/proof/site_maker.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "drivers/store/settings/rules.hpp"

namespace volt::proof {

namespace {

constexpr std::int64_t lowest_v = 3000, highest_v = 7000;

template <class Q>
bool between(Q value, std::int64_t low, std::int64_t high) {
    return value.steps >= low && value.steps <= high;
}

bool between(Duration value, std::int64_t low_s, std::int64_t high_s) {
    return value >= std::chrono::seconds{low_s} && value <= std::chrono::seconds{high_s};
}

/// Returns the usual time in most cases, else a limit or any time between the limits.
Duration time_in(Chooser& chooser, Duration usual, std::int64_t most_s) {
    if (!chooser.one_in(4)) return usual;
    if (chooser.one_in(3)) return chooser.pick<Duration>({0s, 1s});
    if (chooser.one_in(12)) return std::chrono::seconds{most_s};
    return std::chrono::seconds{chooser.roll(0, std::min<std::int64_t>(most_s, 900))};
}

/// Makes nine thresholds and the maximum, either as close as the rules allow or spread out.
Preferences thresholds(Chooser& chooser) {
    Preferences p;
    const std::array<Volts*, 10> ladder{&p.shutdown,    &p.critical_low, &p.low,        &p.restart, &p.optimal_min,
                                        &p.optimal_max, &p.float_v,      &p.absorption, &p.full,    &p.absolute_max};
    const bool dense = chooser.one_in(2);
    std::int64_t at = dense ? chooser.roll(3600, 6000) : chooser.roll(3600, 4600);
    for (Volts* step : ladder) {
        step->steps = at;
        at += dense ? chooser.roll(0, 2) : chooser.roll(0, 300);
    }
    return is_accepted(p) ? p : Preferences{};
}

Volts any_volts(Chooser& chooser) {
    return Volts{chooser.one_in(8) ? chooser.roll(lowest_v, highest_v) : chooser.roll(4400, 5800)};
}

OutputWiring relay(Chooser& chooser, std::string id) {
    OutputWiring wiring;
    wiring.id = std::move(id);
    wiring.lease = chooser.pick<Duration>({0s, 30s, 300s, 300s});
    wiring.require_lease = chooser.one_in(12);
    wiring.external_override = chooser.one_in(3) ? ExternalSwitch::reassert : ExternalSwitch::adopt;
    wiring.meter = !chooser.one_in(4);
    return wiring;
}

OutputWiring fan(Chooser& chooser, std::string id) {
    OutputWiring wiring;
    wiring.id = std::move(id);
    wiring.kind = chooser.one_in(4) ? OutputKind::relay : OutputKind::level;
    wiring.lease = 0s;
    wiring.safe_state = chooser.pick({SafeState::automatic, SafeState::automatic, SafeState::on, SafeState::off});
    wiring.external_override = chooser.one_in(3) ? ExternalSwitch::reassert : ExternalSwitch::adopt;
    wiring.max_level = static_cast<std::int32_t>(chooser.one_in(6) ? chooser.roll(1, 255) : 10);
    return wiring;
}

Index add(Policy& policy, OutputWiring wiring) {
    policy.outputs.push_back(std::move(wiring));
    return static_cast<Index>(policy.outputs.size() - 1);
}

void add_zone(Chooser& chooser, std::size_t number, Policy& policy) {
    Zone zone = make_zone(chooser, number);
    const std::string name = std::to_string(number);
    if (zone.fan_enabled) zone.fan = add(policy, fan(chooser, "fan-" + name));
    if (zone.heating_enabled || chooser.one_in(3)) zone.heater = add(policy, relay(chooser, "heater-" + name));
    if (!chooser.one_in(5)) {
        policy.sensors.push_back({"room-" + name, chooser.pick<Duration>({600s, 600s, 60s, 1s, 7200s}), false});
        zone.sensor = static_cast<Index>(policy.sensors.size() - 1);
        zone.sensor_id = policy.sensors.back().name;
    }
    policy.zones.push_back(std::move(zone));
}

void add_miner(Chooser& chooser, std::size_t number, Policy& policy) {
    Miner miner = make_miner(chooser, number);
    miner.output = add(policy, relay(chooser, "relay-" + std::to_string(number)));
    if (!policy.zones.empty() && !chooser.one_in(3))
        miner.zone = static_cast<Index>(chooser.roll(0, static_cast<std::int64_t>(policy.zones.size()) - 1));
    if (miner.zone != no_index) miner.zone_id = policy.zones[static_cast<std::size_t>(miner.zone)].id;
    policy.miners.push_back(std::move(miner));
}

void add_sources(Chooser& chooser, Policy& policy) {
    policy.has_gx = !chooser.one_in(4);
    policy.has_sol_ark = !policy.has_gx || !chooser.one_in(4);
    const Duration gx = chooser.pick<Duration>({1s, 1s, 5s}), other = chooser.pick<Duration>({5s, 1s});
    if (policy.has_gx) policy.voltage_sources.push_back({"victron.battery", 0, gx, 1_cV});
    if (policy.has_gx && chooser.one_in(2)) policy.voltage_sources.push_back({"victron.system", 0, gx, 10_cV});
    if (policy.has_sol_ark) policy.voltage_sources.push_back({"sol_ark", 1, other, 1_cV});
    if (chooser.one_in(4)) std::reverse(policy.voltage_sources.begin(), policy.voltage_sources.end());
    if (policy.has_gx) policy.battery_temperatures.push_back({"victron.battery", 600s, true});
    if (policy.has_sol_ark && chooser.one_in(2)) policy.battery_temperatures.push_back({"sol_ark", 600s, false});
}

}  // namespace

bool is_accepted(const Preferences& p) {
    for (const Volts v : {p.shutdown, p.critical_low, p.low, p.restart, p.optimal_min, p.optimal_max, p.float_v, p.absorption,
                          p.full, p.absolute_max, p.reserve.value_or(5000_cV)})
        if (!between(v, lowest_v, highest_v)) return false;
    return check(p).empty() && between(p.max_battery_discharge, 0, 100000) && between(p.inverter_max, 500, 200000) &&
           p.internal_resistance_mohm >= 0 && p.internal_resistance_mohm <= 200;
}

bool is_accepted(const Miner& m) {
    for (const Volts v : {m.start, m.stop, m.emergency})
        if (!between(v, lowest_v, highest_v)) return false;
    const bool limits = (!m.max_runtime_day || (*m.max_runtime_day >= 3600ms && *m.max_runtime_day <= 24h)) &&
                        (!m.max_continuous || (*m.max_continuous >= 3600ms && *m.max_continuous <= 24h));
    return check(m).empty() && limits && between(m.power, 1, 20000) && m.priority_level >= 1 && m.priority_level <= 10 &&
           between(m.minimum_excess, 0, 200000) && between(m.minimum_solar.value_or(0_W), 0, 200000) &&
           between(m.min_on, 0, 86400) && between(m.min_off, 0, 86400) && m.max_starts_per_hour >= 1 &&
           m.max_starts_per_hour <= 60;
}

bool is_accepted(const Zone& z) {
    return check(z).empty() && between(z.too_hot, -600, 1000) && between(z.too_cold, -600, 1000) && z.fan_max_level >= 1 &&
           z.fan_max_level <= 255 && between(z.heater_power, 1, 20000) && between(z.minimum_solar_for_heating, 0, 200000) &&
           between(z.block_charging_below, -600, 1000);
}

Preferences make_preferences(Chooser& chooser) {
    Preferences p = chooser.one_in(4) ? thresholds(chooser) : Preferences{};
    p.max_battery_discharge = Watts{chooser.pick<std::int64_t>({5000, 5000, 0, 2000, 100000})};
    p.inverter_max = Watts{chooser.pick<std::int64_t>({12000, 12000, 6000, 500, 200000})};
    p.internal_resistance_mohm = chooser.pick<std::int64_t>({10, 10, 0, 30, 200});
    if (chooser.one_in(4)) p.reserve = any_volts(chooser);
    if (chooser.one_in(3)) p.bank_wh = chooser.pick<std::int64_t>({20800, 20800, 500, 1'000'000, 5000});
    p.budget_floor_percent = static_cast<int>(chooser.pick<std::int64_t>({15, 15, 0, 60}));
    p.bridge_wh = p.bank_wh ? std::min<std::int64_t>(chooser.pick<std::int64_t>({0, 500, 20000}), *p.bank_wh / 20)
                            : chooser.pick<std::int64_t>({0, 500, 20000});
    p.mode = chooser.pick({SiteMode::balanced, SiteMode::balanced, SiteMode::aggressive, SiteMode::conservative});
    return is_accepted(p) ? p : Preferences{};
}

Miner make_miner(Chooser& chooser, std::size_t number) {
    Miner m;
    m.id = m.slug = m.name = "m" + std::to_string(number);
    m.output_id = "relay-" + std::to_string(number);
    m.power = Watts{chooser.one_in(8) ? chooser.pick<std::int64_t>({1, 20000}) : chooser.roll(500, 4500)};
    m.priority_level = static_cast<int>(chooser.roll(1, chooser.one_in(3) ? 10 : 3));
    m.start = 5000_cV, m.stop = 4700_cV, m.emergency = 4500_cV;
    if (chooser.one_in(2)) {
        m.start = any_volts(chooser);
        m.stop = m.start - Volts{chooser.one_in(4) ? 1 : chooser.roll(1, 300)};
        m.emergency = m.stop - Volts{chooser.one_in(4) ? 1 : chooser.roll(1, 300)};
        if (!is_accepted(m)) m.start = 5000_cV, m.stop = 4700_cV, m.emergency = 4500_cV;
    }
    m.require_excess_solar = chooser.one_in(4);
    if (m.require_excess_solar) m.minimum_excess = Watts{chooser.pick<std::int64_t>({0, 500, 3500, 200000})};
    if (chooser.one_in(5)) m.minimum_solar = Watts{chooser.pick<std::int64_t>({0, 2000, 8000})};
    m.require_sunny = chooser.one_in(8);
    if (chooser.one_in(4)) {
        m.preferred_start_s = static_cast<std::int32_t>(chooser.roll(0, 1439) * 60);
        m.preferred_end_s = static_cast<std::int32_t>(chooser.roll(0, 1439) * 60);
        m.allow_outside_schedule = chooser.one_in(2);
    }
    m.min_on = time_in(chooser, chooser.pick<Duration>({600s, 60s}), 86400);
    m.min_off = time_in(chooser, chooser.pick<Duration>({300s, 60s}), 86400);
    m.max_starts_per_hour = static_cast<int>(chooser.one_in(3) ? chooser.pick<std::int64_t>({1, 2, 60}) : 3);
    if (chooser.one_in(10)) m.max_runtime_day = chooser.pick<Duration>({3600ms, 600s, 3600s});
    if (chooser.one_in(10)) m.max_continuous = chooser.pick<Duration>({3600ms, 600s, 3600s});
    m.operating_mode = chooser.pick({OperatingMode::aggressive, OperatingMode::balanced, OperatingMode::opportunistic});
    m.enabled = !chooser.one_in(15);
    return m;
}

Zone make_zone(Chooser& chooser, std::size_t number) {
    Zone z;
    z.id = z.slug = z.name = "z" + std::to_string(number);
    z.fan_id = "fan-" + std::to_string(number);
    z.heater_id = "heater-" + std::to_string(number);
    if (chooser.one_in(4)) {
        z.too_cold = Celsius{chooser.roll(-200, 300)};
        z.cold_ok = z.too_cold + Celsius{chooser.roll(1, 100)};
        z.hot_ok = z.cold_ok + Celsius{chooser.roll(1, 100)};
        z.too_hot = z.hot_ok + Celsius{chooser.roll(1, 100)};
    }
    z.fan_enabled = !chooser.one_in(4);
    z.fan_mode = chooser.one_in(3) ? FanMode::fixed : FanMode::automatic;
    z.fan_max_level = static_cast<std::int32_t>(chooser.one_in(6) ? chooser.roll(1, 255) : 10);
    z.heating_enabled = !chooser.one_in(3);
    z.heat_first = chooser.pick({HeatSource::heater, HeatSource::miner, HeatSource::heater, HeatSource::none});
    z.heat_second = chooser.pick({HeatSource::none, HeatSource::miner, HeatSource::heater});
    z.heater_power = Watts{chooser.pick<std::int64_t>({1500, 1500, 1, 20000})};
    z.minimum_solar_for_heating = Watts{chooser.pick<std::int64_t>({0, 500, 2000, 4000})};
    z.block_charging_enabled = chooser.one_in(2);
    z.enabled = !chooser.one_in(15);
    return z;
}

Control make_control(Chooser& chooser) {
    Control c;
    c.tick = chooser.pick<Duration>({5s, 2s, 1s, 1s});
    c.start_hold = time_in(chooser, 60s, 3600);
    c.stop_hold = time_in(chooser, 30s, 3600);
    c.restart_hold = time_in(chooser, 300s, 3600);
    c.blind_grace = time_in(chooser, 60s, 3600);
    c.start_stagger = time_in(chooser, 90s, 3600);
    c.settle = time_in(chooser, 180s, 3600);
    c.confirm = time_in(chooser, 10s, 3600);
    c.start_timeout = time_in(chooser, 600s, 3600);
    c.adopt_timeout = time_in(chooser, 20s, 3600);
    c.fan_run_on = time_in(chooser, 180s, 3600);
    c.fan_level_hold = time_in(chooser, 30s, 3600);
    c.trip_grace = time_in(chooser, 900s, 86400);
    c.charge_release_hold = time_in(chooser, 600s, 3600);
    c.excess_hysteresis = c.power_hysteresis = Watts{chooser.pick<std::int64_t>({500, 500, 0, 5000})};
    c.trip_margin = Celsius{chooser.pick<std::int64_t>({100, 10, 300})};
    c.spike = Volts{chooser.pick<std::int64_t>({200, 200, 50, 1000})};
    c.frozen = chooser.pick<Duration>({900s, 900s, 10s, 86400s});
    c.voltage_stale = chooser.pick<Duration>({10s, 10s, 1s, 600s});
    c.power_stale = chooser.pick<Duration>({30s, 30s, 1s, 600s});
    c.starts_on_fallback = chooser.one_in(4);
    return c;
}

Policy make_site(Chooser& chooser) {
    Policy policy;
    policy.revision = 1;
    policy.preferences = make_preferences(chooser);
    policy.control = make_control(chooser);
    add_sources(chooser, policy);
    const std::int64_t zones = chooser.roll(0, most_zones), miners = chooser.roll(1, most_miners);
    for (std::int64_t i = 0; i < zones; ++i) add_zone(chooser, static_cast<std::size_t>(i), policy);
    for (std::int64_t i = 0; i < miners; ++i) add_miner(chooser, static_cast<std::size_t>(i), policy);
    policy.weather_configured = !chooser.one_in(4);
    if (chooser.one_in(4)) {
        OutputWiring wiring = relay(chooser, "charge");
        wiring.lease = 0s;
        policy.charge_output = add(policy, wiring);
    }
    return policy;
}

}  // namespace volt::proof
