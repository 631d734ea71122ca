#include "drivers/sim/plant.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace volt::sim {

namespace {

constexpr double cut_out_v = 42.0, cut_in_v = 48.0;  // for usual_cells
constexpr double fan_level_w = 4;
constexpr std::int64_t sun_every_ms = 10'000;  // the sun moves 0.04 degrees; computing it costs more than the rest
constexpr RoomConfig heat_room{300'000, 60, 15};
constexpr RoomConfig main_room{900'000, 90, 15};
constexpr double miner_heat_share = 0.15;     // the rest leaves through the miners' duct
constexpr double inverter_heat_share = 0.05;  // share of the inverter's power; it is in the main room

}  // namespace

Plant::Plant(const PlantConfig& config)
    : config_(config),
      random_(config.seed),
      clouds_(config.sky),
      bank_(config.bank, config.soc_pct),
      heat_room_(heat_room, 22),
      main_room_(main_room, 22),
      utc_ms_(config.start_utc_ms),
      next_look_ms_(config.start_utc_ms) {}

void Plant::step(const PlantInputs& inputs, std::int64_t dt_ms) {
    assert(dt_ms >= 1 && dt_ms <= 60'000);
    const double dt_s = static_cast<double>(dt_ms) / 1000.0;
    utc_ms_ += dt_ms;
    if (utc_ms_ >= next_look_ms_) look_up();
    clouds_.step(random_, dt_s);
    house_.step(random_, dt_s, hour_);
    offered_w_ = config_.pv_peak_w * panel_share(sun_, clouds_.transmission());
    draw(inputs);
    charge(inputs, dt_s);
    warm(inputs, dt_s);
}

void Plant::look_up() {
    next_look_ms_ = utc_ms_ + sun_every_ms;
    hour_ = solar_hour(utc_ms_, config_.longitude);
    sun_ = sun_at(utc_ms_, config_.latitude, config_.longitude);
    daylight_ = sun_.up > 0.02;
    outside_c_ = outside_celsius(utc_ms_, hour_);
}

void Plant::draw(const PlantInputs& inputs) {
    const double share = config_.bank.share();
    if (bank_.volts() < cut_out_v * share) powered_ = false;
    if (bank_.volts() >= cut_in_v * share) powered_ = true;
    load_w_ = powered_ ? house_.power_w() + inputs.miners_w + inputs.heat_room_heater_w + inputs.main_room_heater_w +
                             inputs.other_w + fan_level_w * (inputs.heat_room_fan + inputs.main_room_fan)
                       : 0;
}

void Plant::charge(const PlantInputs& inputs, double dt_s) {
    const double amps = std::min(config_.charge_limit_a, inputs.charge_limit_a);
    pv_w_ = std::min(offered_w_, load_w_ + bank_.most_charge_w(config_.absorption_v * config_.bank.share(), amps));
    const double battery_w = pv_w_ - load_w_;
    bank_.step(battery_w, dt_s);
    const double hours = dt_s / 3600.0;
    meters_.pv_wh += pv_w_ * hours;
    meters_.load_wh += load_w_ * hours;
    (battery_w > 0 ? meters_.charged_wh : meters_.discharged_wh) += (battery_w > 0 ? battery_w : -battery_w) * hours;
}

void Plant::warm(const PlantInputs& inputs, double dt_s) {
    const double outside = outside_c_;
    const double miners_w = powered_ ? inputs.miners_w * miner_heat_share : 0;
    const double heat_w = powered_ ? inputs.heat_room_heater_w : 0;
    const double main_w = powered_ ? inputs.main_room_heater_w : 0;
    const double through_w = std::max(pv_w_, load_w_);
    heat_room_.step(miners_w + heat_w + 60, powered_ ? inputs.heat_room_fan : 0, outside, dt_s);
    main_room_.step(through_w * inverter_heat_share + main_w, powered_ ? inputs.main_room_fan : 0, outside, dt_s);
    const double own_w = bank_.amps() * bank_.amps() * config_.bank.resistance_ohm * config_.bank.share();
    battery_c_ = approach(battery_c_, outside + 1 + own_w / 60, dt_s, 6 * 3600);
}

std::uint64_t Plant::fingerprint() const {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    const auto mix = [&hash](std::uint64_t word) {
        for (int byte = 0; byte < 8; ++byte, word >>= 8) hash = (hash ^ (word & 0xFF)) * 0x100000001B3ULL;
    };
    mix(static_cast<std::uint64_t>(utc_ms_));
    for (const double value : {bank_.volts(), bank_.amps(), bank_.soc_pct(), pv_w_, offered_w_, load_w_, heat_room_.celsius(),
                               main_room_.celsius(), battery_c_, clouds_.transmission()}) {
        mix(std::bit_cast<std::uint64_t>(value));
    }
    return hash;
}

}  // namespace volt::sim
