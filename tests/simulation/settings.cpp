#include "tests/simulation/settings.hpp"

#include <array>

#include "drivers/sim/random.hpp"

namespace volt::simulation {

namespace {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    std::int64_t roll(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool coin() { return roll(0, 1) == 1; }
    template <std::size_t n>
    std::int64_t one_of(const std::array<std::int64_t, n>& values) {
        return values[static_cast<std::size_t>(roll(0, n - 1))];
    }

private:
    sim::Random random_;
};

Miner& some_miner(Policy& p, Dice& dice) {
    return p.miners[static_cast<std::size_t>(dice.roll(0, static_cast<std::int64_t>(p.miners.size()) - 1))];
}
Zone& some_zone(Policy& p, Dice& dice) {
    return p.zones[static_cast<std::size_t>(dice.roll(0, static_cast<std::int64_t>(p.zones.size()) - 1))];
}

void change_voltages(Policy& p, Dice& dice) {
    Miner& miner = some_miner(p, dice);
    miner.start = Volts{dice.roll(4900, 5550)};
    miner.stop = miner.start - Volts{dice.one_of<4>({1, 50, 200, 400})};
    miner.emergency = miner.stop - Volts{dice.one_of<3>({1, 100, 300})};
}

void change_times(Policy& p, Dice& dice) {
    Miner& miner = some_miner(p, dice);
    miner.min_on = std::chrono::seconds{dice.one_of<4>({0, 60, 600, 3600})};
    miner.min_off = std::chrono::seconds{dice.one_of<4>({0, 60, 300, 3600})};
    miner.max_starts_per_hour = static_cast<int>(dice.one_of<4>({1, 2, 3, 60}));
}

void change_limits(Policy& p, Dice& dice) {
    Miner& miner = some_miner(p, dice);
    miner.max_runtime_day.reset();
    miner.max_continuous.reset();
    if (dice.coin()) miner.max_runtime_day = Duration{dice.one_of<4>({3'600, 3'600'000, 21'600'000, 86'400'000})};
    if (dice.coin()) miner.max_continuous = Duration{dice.one_of<3>({60'000, 3'600'000, 14'400'000})};
}

void change_wishes(Policy& p, Dice& dice) {
    Miner& miner = some_miner(p, dice);
    miner.require_excess_solar = dice.coin();
    miner.minimum_excess = Watts{dice.roll(0, 6000)};
    miner.minimum_solar = dice.coin() ? std::optional<Watts>{Watts{dice.roll(0, 9000)}} : std::nullopt;
    miner.require_sunny = dice.coin();
    miner.operating_mode = static_cast<OperatingMode>(dice.roll(0, 2));
}

void change_window(Policy& p, Dice& dice) {
    Miner& miner = some_miner(p, dice);
    miner.preferred_start_s = static_cast<std::int32_t>(dice.roll(0, 1439) * 60);
    miner.preferred_end_s = static_cast<std::int32_t>(dice.roll(0, 1439) * 60);
    miner.allow_outside_schedule = dice.coin();
}

void change_rank(Policy& p, Dice& dice) {
    for (Miner& miner : p.miners) miner.priority_level = static_cast<int>(dice.roll(1, 3));
}

void change_nominal(Policy& p, Dice& dice) {
    Miner& miner = some_miner(p, dice);
    miner.power = Watts{miner.power.steps * dice.roll(70, 130) / 100};
}

void change_enabled(Policy& p, Dice& dice) { some_miner(p, dice).enabled = false; }

void change_mode(Policy& p, Dice& dice) { p.preferences.mode = static_cast<SiteMode>(dice.roll(0, 3)); }

void change_bank(Policy& p, Dice& dice) {
    p.preferences.reserve.reset();
    if (dice.coin()) p.preferences.reserve = Volts{dice.roll(4700, 5300)};
    p.preferences.max_battery_discharge = Watts{dice.one_of<5>({0, 2500, 4000, 5000, 10'000})};
    p.preferences.internal_resistance_mohm = dice.one_of<5>({0, 5, 10, 30, 200});
}

void change_inverter(Policy& p, Dice& dice) { p.preferences.inverter_max = Watts{dice.roll(3000, 15'000)}; }

void change_thresholds(Policy& p, Dice& dice) {
    Preferences& v = p.preferences;
    const Volts by{dice.roll(-60, 60)};  // three of these remain below battery_absolute_max
    for (Volts* one :
         {&v.shutdown, &v.critical_low, &v.low, &v.restart, &v.optimal_min, &v.optimal_max, &v.float_v, &v.absorption, &v.full})
        *one += by;
    if (dice.coin()) v.critical_low = v.low;
}

void change_zone(Policy& p, Dice& dice) {
    Zone& zone = some_zone(p, dice);
    zone.too_cold = Celsius{dice.roll(-100, 150)};
    zone.cold_ok = zone.too_cold + Celsius{dice.one_of<3>({1, 20, 50})};
    zone.hot_ok = zone.cold_ok + Celsius{dice.one_of<3>({1, 50, 250})};
    zone.too_hot = zone.hot_ok + Celsius{dice.one_of<3>({1, 20, 50})};
    zone.heat_first = static_cast<HeatSource>(dice.roll(0, 2));
    zone.heat_second = static_cast<HeatSource>(dice.roll(0, 2));
    zone.minimum_solar_for_heating = Watts{dice.roll(0, 5000)};
}

void change_fans(Policy& p, Dice& dice) {
    Zone& zone = some_zone(p, dice);
    zone.fan_mode = dice.coin() ? FanMode::fixed : FanMode::automatic;
    zone.fan_max_level = static_cast<std::int32_t>(dice.roll(1, 10));
    zone.fan_enabled = dice.coin();
    zone.heating_enabled = dice.coin();
    zone.block_charging_enabled = dice.coin();
}

using Change = void (*)(Policy&, Dice&);
constexpr Change changes[] = {change_voltages, change_times,      change_limits,  change_wishes, change_window,
                              change_rank,     change_nominal,    change_enabled, change_mode,   change_bank,
                              change_inverter, change_thresholds, change_zone,    change_fans};

std::string refused(const Miner& m) {
    if (m.power < 1_W || m.power > 20000_W) return "power_draw_w";
    if (m.priority_level < 1 || m.priority_level > 10) return "priority_level";
    if (!(m.emergency < m.stop && m.stop < m.start) || m.emergency < 3000_cV || m.start > 7000_cV) return "voltages";
    if (m.min_on < 0s || m.min_on > 86400s || m.min_off < 0s || m.min_off > 86400s) return "min_on_s, min_off_s";
    if (m.max_starts_per_hour < 1 || m.max_starts_per_hour > 60) return "max_starts_per_hour";
    for (const auto& limit : {m.max_runtime_day, m.max_continuous})
        if (limit && (*limit < 3600ms || *limit > 24h)) return "max_runtime_h_day, max_continuous_h";
    return {};
}

std::string refused(const Zone& z) {
    if (!(z.too_cold < z.cold_ok && z.cold_ok < z.hot_ok && z.hot_ok < z.too_hot)) return "temperatures";
    if (z.too_cold < Celsius{-600} || z.too_hot > Celsius{1000}) return "temperatures";
    return z.fan_max_level < 1 || z.fan_max_level > 255 ? "fan_max_level" : "";
}

std::string refused(const Preferences& p) {
    const bool ordered = p.shutdown < p.critical_low && p.critical_low <= p.low && p.low < p.restart &&
                         p.restart <= p.optimal_min && p.optimal_min < p.optimal_max && p.optimal_max <= p.float_v &&
                         p.float_v < p.absorption && p.absorption <= p.full && p.full <= p.absolute_max;
    if (!ordered) return "thresholds";
    if (p.inverter_max < 500_W || p.inverter_max > 200000_W) return "inverter_max_w";
    if (p.max_battery_discharge < 0_W || p.max_battery_discharge > 100000_W) return "max_battery_discharge_w";
    if (p.internal_resistance_mohm < 0 || p.internal_resistance_mohm > 200) return "internal_resistance_mohm";
    return {};
}

}  // namespace

std::string refused_by_database(const Policy& policy) {
    std::string why = refused(policy.preferences);
    for (const Miner& miner : policy.miners)
        if (why.empty()) why = refused(miner);
    for (const Zone& zone : policy.zones)
        if (why.empty()) why = refused(zone);
    return why;
}

Policy changed(const Policy& base, std::uint64_t seed) {
    Dice dice(seed);
    Policy policy = base;
    for (std::int64_t i = dice.roll(1, 3); i > 0; --i) changes[dice.roll(0, std::size(changes) - 1)](policy, dice);
    return policy;
}

}  // namespace volt::simulation
