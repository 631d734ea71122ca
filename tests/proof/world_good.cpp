// Makes a site where everything is well for one load, so that every latch must release it.
#include <algorithm>

#include "tests/proof/world.hpp"

namespace volt::proof {

namespace {

constexpr Watts most_pv = 90'000_W;
constexpr Celsius coldest = -500_dK, hottest = 1000_dK;

Volts best_volts(const Policy& policy) { return policy.preferences.absolute_max; }

bool battery_allows(const Policy& policy) {
    return best_volts(policy) >= policy.preferences.restart && !policy.voltage_sources.empty();
}

bool output_allows(const Policy& policy, Index output) {
    if (output == no_index) return false;
    const OutputWiring& wiring = policy.outputs[static_cast<std::size_t>(output)];
    return !wiring.require_lease || wiring.lease > 0s;
}

bool sag_allows(const Policy& policy, const Miner& miner) {
    const Volts v = best_volts(policy);
    const std::int64_t sag = sag_mv(miner.power, policy.preferences.internal_resistance_mohm, v);
    return v.steps * 10 - sag > std::max(miner.stop, policy.preferences.low).steps * 10;
}

bool miner_can_run(const Policy& policy, const Miner& miner) {
    const bool sun =
        miner.minimum_solar.value_or(0_W) <= most_pv && (!miner.require_excess_solar || miner.minimum_excess <= most_pv);
    const bool weather = !miner.require_sunny || policy.weather_configured || miner.minimum_solar;
    const Zone* zone = miner.zone == no_index ? nullptr : &policy.zones[static_cast<std::size_t>(miner.zone)];
    const bool room = zone == nullptr || zone->sensor == no_index || (zone->hot_ok >= coldest && zone->hot_ok <= hottest);
    return miner.enabled && output_allows(policy, miner.output) && best_volts(policy) >= miner.start && sun && weather && room &&
           miner.power <= policy.preferences.inverter_max && sag_allows(policy, miner);
}

bool heater_can_run(const Policy& policy, const Zone& zone) {
    const bool named = zone.heat_first == HeatSource::heater || zone.heat_second == HeatSource::heater;
    const bool room = zone.sensor != no_index && zone.too_cold >= coldest && zone.too_cold <= hottest;
    return zone.enabled && zone.heating_enabled && named && room && output_allows(policy, zone.heater) &&
           zone.minimum_solar_for_heating <= most_pv && zone.heater_power <= policy.preferences.inverter_max;
}

}  // namespace

bool World::turn_good(std::size_t load, Duration later) {
    const bool miner = !is_heater(policy_, load);
    const Zone* zone = miner ? nullptr : &policy_.zones[load - policy_.miners.size()];
    if (!battery_allows(policy_)) return false;
    if (miner ? !miner_can_run(policy_, policy_.miners[load]) : !heater_can_run(policy_, *zone)) return false;
    good_ = true;
    noise_ = untrusted_ = broker_down_ = power_silent_ = pv_no_data_ = load_no_data_ = battery_no_data_ = false;
    sunny_silent_ = bank_silent_ = snapshot_.safe_mode = false;
    snapshot_.bms_discharge_limit = {};
    for (auto* flags : {&silent_, &no_data_, &frozen_, &unit_frozen_, &room_silent_, &room_no_data_, &no_lease_})
        flags->assign(flags->size(), false);
    std::fill(apart_.begin(), apart_.end(), 0);
    std::fill(bank_apart_.begin(), bank_apart_.end(), 0);
    for (Device& device : devices_) {
        device.deaf = device.mute = device.away = device.meter_silent = false;
        device.cached.reset();
        device.percent = 100;
        device.report_due = true;
    }
    volts_ = volts_target_ = best_volts(policy_).steps;
    spike_ = house_ = 0;
    pv_ = most_pv.steps;
    sunny_ = true;
    for (std::size_t i = 0; i < policy_.zones.size(); ++i) {
        const Zone& one = policy_.zones[i];
        if (one.sensor == no_index) continue;
        const Celsius t = &one == zone ? one.too_cold : std::clamp(one.hot_ok, coldest, hottest);
        rooms_[static_cast<std::size_t>(one.sensor)] = t.steps;
    }
    extra_ = later;
    snapshot_.local.day += static_cast<std::int32_t>(later / 24h) + 3;
    if (miner) snapshot_.local.second_of_day = policy_.miners[load].preferred_start_s;
    if (policy_.preferences.mode == SiteMode::off) {
        policy_.preferences.mode = SiteMode::balanced;
        ++policy_.revision;
    }
    const auto ask = [this](TargetKind target, std::size_t index, bool wanted) {
        snapshot_.requests.push_back({target, index, wanted ? OverrideKind::automatic : OverrideKind::off, 0, {}});
    };
    snapshot_.requests.clear();
    asked_ = true;
    for (std::size_t i = 0; i < policy_.miners.size(); ++i) ask(TargetKind::miner, i, i == load);
    for (std::size_t i = 0; i < policy_.zones.size(); ++i) {
        ask(TargetKind::heat, i, policy_.miners.size() + i == load);
        ask(TargetKind::fan, i, true);
    }
    return true;
}

}  // namespace volt::proof
