#include "tests/simulation/site.hpp"

#include <algorithm>
#include <cmath>

#include "tests/simulation/local_time.hpp"

namespace volt::simulation {

namespace {

constexpr std::int64_t machine_boot_s = 45, boot_uptime_ms = 20'000, synchronised_after_cut_s = 120;
constexpr std::size_t most_house_loads = 8;
constexpr double loss_share = 0.10, idle_w = 150,
                 direct_w = 500;  // direct share of the inverter's flow; inverter; battery's side

sim::PlantConfig plant_config(const SiteConfig& config) {
    sim::PlantConfig plant;
    plant.seed = config.seed;
    plant.start_utc_ms = config.start_utc_ms;
    plant.bank.curve = config.bank;
    return plant;
}

/// Makes loads draw a little more or less than their nominal power.
DeviceConfig device_config(const Policy& policy, std::size_t output, bool gateway, sim::Random& random) {
    DeviceConfig device;
    device.level = policy.outputs[output].kind == OutputKind::level;
    device.meter = policy.outputs[output].meter;
    device.gateway = gateway && !device.level;
    device.lease_s = policy.outputs[output].lease.count() / 1000;
    for (const Miner& miner : policy.miners) {
        if (miner.output != static_cast<Index>(output)) continue;
        device.draw_w = static_cast<double>(miner.power.steps) * random.between(0.96, 1.04);
        device.boot_s = 20 + static_cast<std::int64_t>(random.next() % 100);
    }
    for (const Zone& zone : policy.zones)
        if (zone.heater == static_cast<Index>(output)) device.draw_w = static_cast<double>(zone.heater_power.steps);
    return device;
}

}  // namespace

Site::Site(const SiteConfig& config, const Policy& policy)
    : config_(config),
      plant_(plant_config(config)),
      weather_(config.seed ^ 0x5EA50ULL),
      instruments_(config.seed ^ 0x11EULL),
      utc_ms_(config.start_utc_ms),
      boot_ms_(config.start_utc_ms - boot_uptime_ms) {
    for (std::size_t i = 0; i < policy.outputs.size(); ++i)
        devices_.emplace_back(device_config(policy, i, config.gateway, weather_));
    for (std::size_t zone = 0; zone < 2; ++zone) {
        heaters_[zone] = static_cast<std::size_t>(policy.zones[zone].heater);
        fans_[zone] = static_cast<std::size_t>(policy.zones[zone].fan);
    }
    snapshot_.voltages.resize(policy.voltage_sources.size());
    snapshot_.battery_temperatures.resize(policy.battery_temperatures.size());
    snapshot_.temperatures.resize(policy.sensors.size());
    snapshot_.outputs.resize(policy.outputs.size());
    for (BatteryTemperature& t : snapshot_.battery_temperatures) t.zero_is_suspect = true;
    truth_.draws_w.resize(policy.outputs.size());
    truth_.begun = &begun_;
    forget();
}

/// Starts a day. A sky lasts one to six days, cold and hot spells one to two weeks.
void Site::new_day() {
    ++day_;
    if (--sky_left_ <= 0) {
        static constexpr sim::Sky skies[] = {sim::Sky::clear, sim::Sky::fair, sim::Sky::fair, sim::Sky::mixed, sim::Sky::grey};
        plant_.set_sky(skies[weather_.next() % std::size(skies)]);
        sky_left_ = 1 + static_cast<std::int64_t>(weather_.next() % 6);
    }
    if (--warm_left_ <= 0) {
        static constexpr std::int64_t spells_dk[] = {0, 0, -60, -160, 80, 150};
        warmer_dk_ = spells_dk[weather_.next() % std::size(spells_dk)];
        warm_left_ = 7 + static_cast<std::int64_t>(weather_.next() % 8);
    }
    PlanSite names;
    names.outputs = static_cast<int>(devices_.size());
    names.battery_turns = config_.battery_turns;
    names.battery_sticks = config_.battery_sticks;
    for (const Happening& one : plan_of_day(config_.seed, day_, config_.luck, names)) plan_.push_back(one);
}

void Site::note_trouble(const Happening& one) {
    begun_.push_back(one);
    if (!is_trouble(one.what)) return;
    std::int64_t until = one.until_s;
    if (one.what == What::machine_reboot) until += machine_boot_s + one.value;
    if (one.what == What::daemon_restart || one.what == What::tick_gap) until += one.value;
    // A stuck contact, or one that someone switched, may remain on until its lease ends.
    if (one.what >= What::output_deaf && one.what <= What::broker_away) until += 360;
    truth_.trouble_until_s = std::max(truth_.trouble_until_s, until);
    if (is_of_source(one.what)) {
        auto& bent = truth_.source_until_s[one.target];
        bent = std::max(bent, until);
    } else if (!is_of_sensor(one.what)) {
        truth_.output_until_s = std::max(truth_.output_until_s, until);
    }
}

void Site::bend_source(const Happening& one) {
    SourceFaults& faults = instruments_.source(one.target);
    if (one.what == What::source_silent) faults.silent = one.until_s;
    if (one.what == What::source_frozen) faults.frozen = one.until_s;
    if (one.what == What::source_zeros) faults.zeros = one.until_s;
    if (one.what == What::source_spikes) faults.spikes = one.until_s;
    if (one.what == What::source_shifted) faults.shifted = one.until_s;
    if (one.what == What::source_slow) faults.slow = one.until_s;
    if (one.what == What::battery_turned)
        for (int device = 0; device < 2; ++device) instruments_.source(device).turned = one.until_s;
    if (one.what != What::source_offset) return;
    faults.offset = one.until_s;
    faults.offset_cv = one.value;
}

void Site::bend_output(const Happening& one) {
    Device& device = devices_[static_cast<std::size_t>(one.target)];
    if (one.what == What::output_deaf) device.deaf(one.until_s);
    if (one.what == What::output_mute) device.mute(one.until_s);
    if (one.what == What::output_stuck) device.stuck(one.until_s);
    if (one.what == What::output_offline) device.offline(one.until_s);
    if (one.what == What::output_reboot) device.reboot(now_s_, one.value);
    if (one.what == What::output_slow) device.slow(one.until_s);
    if (one.what == What::output_meter_lost) device.lose_meter(one.until_s);
    if (one.what == What::foreign_hand) device.by_hand();
}

/// Ends the daemon now, and restarts it at `until`.
void Site::end_daemon(std::int64_t until) {
    daemon_away_ = std::max(daemon_away_, until);
    daemon_ended_ = true;
}

/// Ends the computer at `down` and restarts it at `up`: its monotonic time restarts, and its wall clock continues from the time
/// at which it stopped.
void Site::reboot(std::int64_t down, std::int64_t up, std::int64_t synchronised_after_s) {
    end_daemon(up);
    machine_away_ = std::max(machine_away_, up);
    boot_ms_ = config_.start_utc_ms + daemon_away_ * 1000 - boot_uptime_ms;
    wall_behind_ms_ += (up - down) * 1000;
    synchronised_at_ = daemon_away_ + synchronised_after_s;
}

void Site::bend_machine(const Happening& one) {
    if (one.what == What::broker_away) broker_away_ = std::max(broker_away_, one.until_s);
    if (one.what == What::daemon_restart) end_daemon(now_s_ + one.value);
    if (one.what == What::machine_reboot) reboot(now_s_, now_s_ + machine_boot_s, one.value);
    if (one.what == What::tick_gap) tick_gap_ = now_s_ + one.value;
    if (one.what == What::power_cut) cut_ = std::max(cut_, one.until_s);
    if (one.what == What::sensor_lost) instruments_.lose_sensor(one.target, one.until_s);
    if (one.what == What::battery_sensor_lost) instruments_.lose_battery_sensor(one.until_s);
    if (one.what == What::battery_sensor_stuck) instruments_.stick_battery_sensor(one.until_s);
    if (one.what == What::weather_lost) instruments_.lose_weather(one.until_s);
    if (one.what == What::house_load && house_loads_.size() < most_house_loads) house_loads_.emplace_back(one.until_s, one.value);
}

void Site::ask_people(const Happening& one) {
    if (one.what == What::safe_mode) safe_mode_ = one.until_s;
    if (one.what == What::settings_changed) {
        settings_until_ = one.until_s;
        settings_ = one.value;
    }
    const Duration lasts = std::chrono::seconds{one.until_s - one.from_s};
    const auto target = static_cast<std::size_t>(one.target);
    if (one.what == What::override_load) {
        const bool heater = target >= 2;
        snapshot_.requests.push_back({heater ? TargetKind::heat : TargetKind::miner, heater ? target - 2 : target,
                                      one.value == 1 ? OverrideKind::on : OverrideKind::off, 0, lasts});
    }
    if (one.what == What::override_fan)
        snapshot_.requests.push_back({TargetKind::fan, target, one.value == 0 ? OverrideKind::off : OverrideKind::level,
                                      static_cast<std::int32_t>(one.value), lasts});
}

void Site::begin(const Happening& one) {
    note_trouble(one);
    if (is_of_source(one.what)) bend_source(one);
    else if (one.what <= What::output_meter_lost || one.what == What::foreign_hand) bend_output(one);
    else if (one.what < What::override_load) bend_machine(one);
    else ask_people(one);
}

/// Cuts or restores power of outlets and computer: the inverter shuts down at low voltage, or someone opens the main switch.
void Site::go_dark_or_light() {
    const bool lit = plant_.powered() && now_s_ >= cut_;
    if (lit == truth_.lit) return;
    truth_.lit = lit;
    for (Device& device : devices_) device.power(lit, now_s_);
    if (!lit) {
        dark_since_ = now_s_;
        end_daemon(now_s_);
        return;
    }
    reboot(dark_since_, now_s_ + machine_boot_s, synchronised_after_cut_s);
    const std::int64_t well = now_s_ + machine_boot_s + synchronised_after_cut_s;
    truth_.trouble_until_s = std::max(truth_.trouble_until_s, well);
    truth_.output_until_s = std::max(truth_.output_until_s, well);
}

/// Returns losses by the inverter's flow in the previous step.
double Site::losses_w() const {
    return config_.losses ? idle_w + direct_w + std::abs(plant_.load_w() - hidden_w_ - plant_.pv_w()) * loss_share : 0;
}

void Site::step_plant(std::int64_t dt_s) {
    inputs_ = {};
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        const double watts = devices_[i].draw_w(now_s_);
        truth_.draws_w[i] = watts;
        if (i == heaters_[0]) inputs_.heat_room_heater_w += watts;
        else if (i == heaters_[1]) inputs_.main_room_heater_w += watts;
        else inputs_.miners_w += watts;
    }
    inputs_.heat_room_fan = devices_[fans_[0]].level();
    inputs_.main_room_fan = devices_[fans_[1]].level();
    for (const auto& [until, watts] : house_loads_)
        if (now_s_ < until) inputs_.other_w += static_cast<double>(watts);
    if (!house_loads_.empty()) std::erase_if(house_loads_, [this](const auto& load) { return now_s_ >= load.first; });
    hidden_w_ = losses_w();
    inputs_.other_w += hidden_w_;
    plant_.step(inputs_, dt_s * 1000);
    truth_.offered_w = plant_.pv_offered_w();
}

void Site::forget() {
    instruments_.forget(snapshot_);
    for (std::size_t i = 0; i < devices_.size(); ++i) devices_[i].forget(snapshot_.outputs[i], mono());
    snapshot_.requests.clear();
    broker_was_up_ = false;
}

void Site::fill_clock() {
    if (wall_behind_ms_ != 0 && clock_trusted()) wall_behind_ms_ = 0;
    snapshot_.now = mono();
    snapshot_.utc = wall();
    const bool asks_again = utc_ms_ >= offset_until_ms_ || wall_behind_ms_ != 0;
    if (asks_again) {
        offset_ms_ = local_offset_ms(snapshot_.utc.count());
        offset_until_ms_ = utc_ms_ - utc_ms_ % 900'000 + 900'000;
    }
    const std::int64_t local_s = (snapshot_.utc.count() + offset_ms_) / 1000;
    snapshot_.local.day = static_cast<std::int32_t>(local_s / day_s);
    snapshot_.local.second_of_day = static_cast<std::int32_t>(local_s % day_s);
    if (asks_again && config_.place_known) {
        const sim::PlantConfig place = plant_config(config_);
        snapshot_.sun = sun_of_day(snapshot_.local.day, offset_ms_, place.latitude, place.longitude);
    }
    snapshot_.clock_trusted = clock_trusted();
    snapshot_.safe_mode = now_s_ < safe_mode_;
}

void Site::step_devices() {
    const bool up = broker();
    if (up && !broker_was_up_) snapshot_.broker_up_since = mono();
    snapshot_.broker_up = broker_was_up_ = up;
    for (std::size_t i = 0; i < devices_.size(); ++i) devices_[i].turn(now_s_, up, mono(), snapshot_.outputs[i]);
}

bool Site::turn(std::int64_t dt_s) {
    now_s_ += dt_s;
    utc_ms_ += dt_s * 1000;
    begun_.clear();
    snapshot_.requests.clear();
    if (now_s_ / day_s > day_) new_day();
    while (!plan_.empty() && plan_.front().from_s <= now_s_) {
        begin(plan_.front());
        plan_.pop_front();
    }
    step_plant(dt_s);
    go_dark_or_light();
    truth_.now_s = now_s_;
    truth_.shown = look(plant_, warmer_dk_, hidden_w_);
    truth_.alive = truth_.lit && now_s_ >= daemon_away_ && now_s_ >= tick_gap_;
    truth_.began = truth_.alive && daemon_ended_;
    if (truth_.began) forget();
    step_devices();
    if (!truth_.alive) return false;
    daemon_ended_ = false;
    instruments_.turn(now_s_, mono(), snapshot_.broker_up, truth_.shown, snapshot_);
    fill_clock();
    return true;
}

void Site::carry_out(const Decision& decision) {
    if (!snapshot_.broker_up) return;
    for (const Command& command : decision.commands)
        devices_[static_cast<std::size_t>(command.output)].order(command.on, command.level, now_s_);
    for (const Index output : decision.ask) devices_[static_cast<std::size_t>(output)].ask();
}

}  // namespace volt::simulation
