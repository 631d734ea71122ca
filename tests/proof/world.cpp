#include "tests/proof/world.hpp"

#include <algorithm>

#include "daemon/journal/rule_state_codec.hpp"
#include "tests/proof/chooser.hpp"
#include "tests/proof/site_maker.hpp"

namespace volt::proof {

namespace {

constexpr Utc first_utc{1'750'000'000'000};

LocalTime local_of(std::int64_t seconds) {
    return {static_cast<std::int32_t>(seconds / 86400), static_cast<std::int32_t>(seconds % 86400)};
}

}  // namespace

World::World(const Case& subject) : events_(subject.events), seed_(subject.seed), noise_(subject.noise), policy_(subject.site) {
    const std::size_t sources = policy_.voltage_sources.size(), outputs = policy_.outputs.size();
    snapshot_.now = at_;
    snapshot_.voltages.resize(sources);
    snapshot_.battery_temperatures.resize(policy_.battery_temperatures.size());
    snapshot_.temperatures.resize(policy_.sensors.size());
    snapshot_.outputs.resize(outputs);
    apart_.assign(sources, 0);
    silent_.assign(sources, false);
    no_data_ = frozen_ = unit_frozen_ = silent_;
    rooms_.assign(policy_.sensors.size(), 200);
    room_silent_.assign(rooms_.size(), false);
    room_no_data_ = room_silent_;
    bank_apart_.assign(policy_.battery_temperatures.size(), 0);
    devices_.resize(outputs);
    hands_.assign(outputs, false);
    no_lease_.assign(outputs, false);
    for (const Miner& miner : policy_.miners)
        if (miner.output != no_index) devices_[place(miner.output)].nominal = miner.power;
    for (const Zone& zone : policy_.zones)
        if (zone.heater != no_index) devices_[place(zone.heater)].nominal = zone.heater_power;
    for (std::size_t i = 0; i < outputs; ++i) {
        Device& device = devices_[i];
        Dice dice(mixed(seed_, 77, i));
        device.can_be_asked = !dice.one_in(5);
        device.confirms_by_sending = device.can_be_asked && dice.one_in(10);
        device.meter_period = dice.pick<Duration>({1s, 10s, 60s, 300s});
        if (dice.one_in(8)) device.percent = dice.pick<std::int64_t>({50, 95, 110});
        if (dice.one_in(6)) device.state = OutputState::on;
        device.level = 1;
        device.report_due = true;
        snapshot_.outputs[i].available = true;
    }
}

std::int64_t World::tremble(std::uint64_t channel, std::int64_t most) const {
    if (!noise_ || most == 0) return 0;
    const std::uint64_t drawn = mixed(seed_, static_cast<std::uint64_t>(tick_), channel);
    return static_cast<std::int64_t>(drawn % static_cast<std::uint64_t>(2 * most + 1)) - most;
}

void World::set_state(std::size_t device, OutputState to) {
    Device& d = devices_[device];
    if (d.state == to) return;
    d.state = to;
    d.report_due = true;
    if (to == OutputState::off) d.lease_end = Time{};
}

// Events and their ends --------------------------------------------------------------------------------------------

/// Switches faults that are either present or absent.
void World::switch_over(const Event& event, bool on) {
    const auto set = [&](std::vector<bool>& flags) {
        if (!flags.empty()) flags[event.who % flags.size()] = on;
    };
    Device* device = among(devices_, event.who);
    switch (event.what) {
        case What::source_silent: set(silent_); break;
        case What::source_no_data: set(no_data_); break;
        case What::source_frozen: set(frozen_); break;
        case What::unit_frozen: set(unit_frozen_); break;
        case What::source_apart:
            if (auto* apart = among(apart_, event.who)) *apart = on ? event.value : 0;
            break;
        case What::power_silent: power_silent_ = on; break;
        case What::pv_no_data: pv_no_data_ = on; break;
        case What::load_no_data: load_no_data_ = on; break;
        case What::battery_no_data: battery_no_data_ = on; break;
        case What::bms_limit: snapshot_.bms_discharge_limit = {Amps{event.value}, snapshot_.now, on}; break;
        case What::sunny_silent: sunny_silent_ = on; break;
        case What::room_silent: set(room_silent_); break;
        case What::room_no_data: set(room_no_data_); break;
        case What::bank_apart:
            if (auto* apart = among(bank_apart_, event.who)) *apart = on ? event.value : 0;
            break;
        case What::bank_silent: bank_silent_ = on; break;
        case What::deaf: device->deaf = on; break;
        case What::mute: device->mute = on; break;
        case What::away: device->away = on; break;
        case What::meter_silent: device->meter_silent = on; break;
        case What::cached:
            device->cached = on ? std::optional(static_cast<OutputState>(event.value)) : std::nullopt;
            device->report_due = true;
            break;
        case What::no_lease: set(no_lease_); break;
        case What::broker_down: broker_down_ = on; break;
        case What::untrusted: untrusted_ = on; break;
        case What::safe_mode: snapshot_.safe_mode = on; break;
        case What::volts_to:
        case What::volts_spike:
        case What::pv_to:
        case What::house_to:
        case What::sunny_is:
        case What::room_to:
        case What::bank_to:
        case What::reboot:
        case What::hand:
        case What::draws_percent:
        case What::clock_step:
        case What::gap:
        case What::restart:
        case What::mode:
        case What::edit_miner:
        case What::edit_zone:
        case What::edit_control:
        case What::edit_preferences:
        case What::turn_list:
        case What::override_miner:
        case What::override_fan:
        case What::override_heat: break;
    }
}

void World::request_override(const Event& event, TargetKind target, std::size_t count) {
    if (count == 0) return;
    const auto kind = static_cast<OverrideKind>(event.value);
    std::optional<Duration> lasts = std::chrono::seconds{event.lasts * 10};
    if (event.lasts % 3 == 0) lasts.reset();
    snapshot_.requests.push_back({target, event.who % count, kind, 0, lasts});
}

/// Replaces a row with another one, and keeps its wiring.
void World::edit(const Event& event) {
    Dice dice(static_cast<std::uint64_t>(event.value));
    if (event.what == What::edit_preferences) policy_.preferences = make_preferences(dice);
    if (event.what == What::edit_control) {
        const Duration tick = policy_.control.tick;
        policy_.control = make_control(dice);
        policy_.control.tick = tick;
    }
    if (Miner* old = among(policy_.miners, event.who); old != nullptr && event.what == What::edit_miner) {
        Miner made = make_miner(dice, 0);
        made.id = old->id, made.slug = old->slug, made.name = old->name, made.output_id = old->output_id;
        made.output = old->output, made.zone = old->zone, made.zone_id = old->zone_id;
        *old = made;
    }
    if (Zone* old = among(policy_.zones, event.who); old != nullptr && event.what == What::edit_zone) {
        Zone made = make_zone(dice, 0);
        made.id = old->id, made.slug = old->slug, made.name = old->name;
        made.fan = old->fan, made.fan_id = old->fan_id, made.heater = old->heater, made.heater_id = old->heater_id;
        made.sensor = old->sensor, made.sensor_id = old->sensor_id;
        *old = made;
    }
    if (event.what == What::turn_list) std::reverse(policy_.miners.begin(), policy_.miners.end());
    ++policy_.revision;
    edited_ = true;
}

/// Ends and restarts the daemon. Only the stored state returns.
void World::restart(Duration away) {
    const bool trusted = !untrusted_;
    const std::string text = encode_rule_state(state_, policy_, {snapshot_.now, snapshot_.utc, trusted});
    extra_ = away;
    at_ += away;
    const bool reboot = away > 60s;
    snapshot_.now = reboot ? Time{100s} : snapshot_.now + away;
    snapshot_.utc += away;
    const auto kept = decode_rule_state(text, policy_, {snapshot_.now, snapshot_.utc, trusted});
    state_ = kept.value_or(RuleState{});
    extra_ = Duration{};
    snapshot_.voltages.assign(snapshot_.voltages.size(), {});
    snapshot_.temperatures.assign(snapshot_.temperatures.size(), {});
    snapshot_.battery_temperatures.assign(snapshot_.battery_temperatures.size(), {});
    snapshot_.pv = snapshot_.load = snapshot_.grid = snapshot_.battery_power = {};
    snapshot_.battery_current = snapshot_.bms_discharge_limit = {};
    snapshot_.sunny = {};
    snapshot_.broker_up_since = snapshot_.now;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        snapshot_.outputs[i] = {};
        devices_[i].report_due = devices_[i].can_be_asked;
    }
    restarted_ = true;
}

void World::begin_event(const Event& event) {
    switch_over(event, true);
    const std::size_t device = devices_.empty() ? 0 : event.who % devices_.size();
    switch (event.what) {
        case What::volts_to: volts_target_ = event.value; break;
        case What::volts_spike: spike_ = event.value; break;
        case What::pv_to: pv_ = event.value; break;
        case What::house_to: house_ = event.value; break;
        case What::sunny_is: sunny_ = event.value != 0; break;
        case What::room_to:
            if (auto* room = among(rooms_, event.who)) *room = event.value;
            break;
        case What::bank_to: bank_ = event.value; break;
        case What::hand:
        case What::reboot:
            if (event.what == What::reboot) snapshot_.outputs[device].available_since = snapshot_.now + 1ms;
            set_state(device, event.value != 0 ? OutputState::on : OutputState::off);
            hands_[device] = true;
            break;
        case What::draws_percent: devices_[device].percent = event.value; break;
        case What::clock_step: local_shift_s_ += event.value; break;
        case What::gap: extra_ = std::chrono::seconds{event.value}; break;
        case What::restart: restart(std::chrono::seconds{event.value}); break;
        case What::mode:
            policy_.preferences.mode = static_cast<SiteMode>(event.value);
            ++policy_.revision;
            edited_ = true;
            break;
        case What::edit_miner:
        case What::edit_zone:
        case What::edit_control:
        case What::edit_preferences:
        case What::turn_list: edit(event); break;
        case What::override_miner: request_override(event, TargetKind::miner, policy_.miners.size()); break;
        case What::override_fan: request_override(event, TargetKind::fan, policy_.zones.size()); break;
        case What::override_heat: request_override(event, TargetKind::heat, policy_.zones.size()); break;
        case What::source_silent:
        case What::source_no_data:
        case What::source_frozen:
        case What::unit_frozen:
        case What::source_apart:
        case What::power_silent:
        case What::pv_no_data:
        case What::load_no_data:
        case What::battery_no_data:
        case What::bms_limit:
        case What::sunny_silent:
        case What::room_silent:
        case What::room_no_data:
        case What::bank_apart:
        case What::bank_silent:
        case What::deaf:
        case What::mute:
        case What::away:
        case What::meter_silent:
        case What::cached:
        case What::no_lease:
        case What::broker_down:
        case What::untrusted:
        case What::safe_mode: break;
    }
}

void World::end_event(const Event& event) {
    if (event.what == What::mode) return;
    switch_over(event, false);
}

// Time and readings ----------------------------------------------------------------------------------------------

void World::pass_time() {
    const Duration step = first_ ? Duration{} : (good_ ? good_step(policy_.control) : policy_.control.tick) + extra_;
    first_ = false;
    extra_ = Duration{};
    at_ += step;
    snapshot_.now += step;
    snapshot_.utc = first_utc + at_;
    if (!good_) snapshot_.local = local_of(snapshot_.utc.count() / 1000 + local_shift_s_ - 8 * 3600);
    snapshot_.clock_trusted = !untrusted_;
    const bool test = mixed(seed_, static_cast<std::uint64_t>(tick_ / 60), 91) % 8 == 0;
    snapshot_.charge_test = test && !good_ && policy_.charge_output != no_index;
    if (restarted_) started_ = at_;
    try_timer();
}

/// Proves the timer of a miner's relay now and then, regardless of other events.
void World::try_timer() {
    snapshot_.lease_trial = {};
    const std::uint64_t drawn = mixed(seed_, static_cast<std::uint64_t>(tick_ / 40), 92);
    if (drawn % 6 != 0 || good_ || policy_.miners.empty()) return;
    const Miner& miner = policy_.miners[drawn / 6 % policy_.miners.size()];
    snapshot_.lease_trial = {miner.output, std::chrono::seconds{30 + drawn / 100 % 271}};
}

void World::move_site() {
    const std::int64_t way = volts_target_ - volts_;
    volts_ += way / 20 + (way > 0 ? 1 : way < 0 ? -1 : 0);
    for (std::size_t i = 0; i < devices_.size(); ++i)
        if (devices_[i].lease_end != Time{} && at_ >= devices_[i].lease_end) set_state(i, OutputState::off);
    const bool up = !broker_down_;
    if (up && !snapshot_.broker_up) snapshot_.broker_up_since = snapshot_.now;
    snapshot_.broker_up = up;
}

void World::fill_voltages() {
    for (std::size_t i = 0; i < snapshot_.voltages.size(); ++i) {
        VoltageSample& sample = snapshot_.voltages[i];
        const Duration poll = policy_.voltage_sources[i].poll;
        if (silent_[i] || (sample.received && !restarted_ && snapshot_.now - sample.taken < poll)) continue;
        if (!unit_frozen_[i]) sample.unit_moved = snapshot_.now;
        const bool stands = sample.received && sample.value && (frozen_[i] || unit_frozen_[i]);
        const std::int64_t step = policy_.voltage_sources[i].step.steps;
        const std::int64_t fresh = (volts_ + apart_[i] + tremble(i, 3) + (i == 0 ? spike_ : 0)) / step * step;
        receive<Volts>(sample, no_data_[i] ? std::nullopt : stands ? sample.value : std::optional<Volts>{{fresh}});
    }
    spike_ = 0;
}

Watts World::drawn() const {
    Watts sum{};
    for (const Device& d : devices_)
        if (d.state == OutputState::on) sum += Watts{d.nominal.steps * d.percent / 100};
    return sum;
}

/// Sets the powers. A charger at constant voltage takes only the power in use; otherwise PV goes into the bank.
void World::fill_power() {
    if (power_silent_) return;
    const std::int64_t moves = good_ ? tick_ % 2 : 0;  // a good meter never shows the same watt for long
    const std::int64_t load = house_ + drawn().steps + moves + tremble(20, 5);
    const bool full = !good_ && volts_ >= policy_.preferences.float_v.steps;
    const std::int64_t pv = std::max<std::int64_t>(full ? std::min(pv_, load + 100) : pv_, 0) + 2 * moves + tremble(21, 5);
    receive<Watts>(snapshot_.pv, pv_no_data_ ? std::nullopt : std::optional<Watts>{{pv}});
    receive<Watts>(snapshot_.load, load_no_data_ ? std::nullopt : std::optional<Watts>{{std::max<std::int64_t>(load, 0)}});
    receive<Watts>(snapshot_.battery_power, battery_no_data_ ? std::nullopt : std::optional<Watts>{{pv - load}});
    if (snapshot_.bms_discharge_limit.received) snapshot_.bms_discharge_limit.taken = snapshot_.now;
    if (!sunny_silent_) receive<bool>(snapshot_.sunny, sunny_);
}

void World::fill_temperatures() {
    for (std::size_t i = 0; i < rooms_.size(); ++i)
        if (!room_silent_[i])
            receive<Celsius>(snapshot_.temperatures[i],
                             room_no_data_[i] ? std::nullopt : std::optional<Celsius>{{rooms_[i] + tremble(30 + i, 1)}});
    for (std::size_t i = 0; i < snapshot_.battery_temperatures.size(); ++i)
        if (!bank_silent_)
            receive<Celsius>(snapshot_.battery_temperatures[i].sample, Celsius{bank_ + bank_apart_[i] + tremble(40 + i, 1)});
}

void World::fill_output(std::size_t i) {
    Device& d = devices_[i];
    OutputReport& report = snapshot_.outputs[i];
    const bool there = !d.away;
    if (there && !report.available && !restarted_) report.available_since = snapshot_.now;
    report.available = there;
    report.can_be_asked = d.can_be_asked;
    report.confirms_by_sending = d.confirms_by_sending;
    const bool armed = policy_.outputs[i].lease > 0s && !no_lease_[i];
    report.lease = armed ? Lease::armed : Lease::none;
    const bool reached = there && !broker_down_ && !d.mute;
    if (d.cached && there) {
        report.state = *d.cached;
        report.hint = true;
    } else if (reached && (d.report_due || (d.asked && d.can_be_asked))) {
        report.state = d.state;
        report.level = d.state == OutputState::on ? d.level : 0;
        report.state_at = snapshot_.now;
        report.state_received = true;
        report.hint = false;
        d.report_due = false;
    } else if (there && !report.state_received && !d.can_be_asked) {
        report.state = d.state;
        report.hint = true;
    }
    d.asked = false;
    const bool metered = policy_.outputs[i].meter && reached && !d.meter_silent;
    if (metered && (!report.power.received || snapshot_.now - report.power.taken >= d.meter_period))
        receive<Watts>(report.power, d.state == OutputState::on ? Watts{d.nominal.steps * d.percent / 100} : Watts{});
}

void World::carry_out() {
    for (const Command& command : decision_.commands) {
        const std::size_t i = place(command.output);
        Device& d = devices_[i];
        if (d.deaf || d.away || broker_down_) continue;
        if (command.on) d.level = command.level;
        const bool same = d.state == (command.on ? OutputState::on : OutputState::off);
        if (same && !command.renewal) d.report_due = true;
        set_state(i, command.on ? OutputState::on : OutputState::off);
        const LeaseTrial& trial = snapshot_.lease_trial;
        const Duration lease = trial.output == command.output ? trial.lease : policy_.outputs[i].lease;
        if (command.on && lease > 0s && !no_lease_[i]) d.lease_end = at_ + lease;
    }
    for (const Index output : decision_.ask) devices_[place(output)].asked = true;
}

Turn World::turn() {
    restarted_ = edited_ = false;
    if (!asked_) snapshot_.requests.clear();
    asked_ = false;
    hands_.assign(hands_.size(), false);
    if (!good_)
        for (const Event& event : events_) {
            if (event.at == tick_) begin_event(event);
            if (event.at + event.lasts == tick_) end_event(event);
        }
    pass_time();
    move_site();
    fill_voltages();
    fill_power();
    fill_temperatures();
    for (std::size_t i = 0; i < devices_.size(); ++i) fill_output(i);
    const bool kept = tick_ % 32 == 0;
    if (kept) before_ = state_;
    decision_ = decide(snapshot_, policy_, std::move(state_));
    state_ = decision_.next;
    carry_out();
    return {tick_++,   at_,     started_,  restarted_, edited_, kept ? &before_ : nullptr,
            snapshot_, policy_, decision_, hands_,     devices_};
}

}  // namespace volt::proof
