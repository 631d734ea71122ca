#include "tests/scenarios/device.hpp"

namespace volt::stories {

namespace {

constexpr Duration spin_up = 60s;  // a miner draws little until then
constexpr Duration meter_period = 5s;
constexpr Duration reboot_takes = 10s;
constexpr Duration report_after = 1s;
constexpr Duration long_ago = 1h;  // a story begins with relays that have been off for this long

}  // namespace

void Device::switch_to(bool on, std::int32_t level, Time t) {
    if (on && !on_) on_at_ = t;
    on_ = on;
    level_ = on ? level : 0;
    if (!on) lease_ends_.reset();
    report_due_ = t + report_after;
}

void Device::advance(Time t) {
    if (lease_ends_ && t >= *lease_ends_) switch_to(false, 0, t - report_after);
    if (!reboot_ends_ || t < *reboot_ends_) return;
    reboot_ends_.reset();
    there_since_ = t;
    report_due_ = t;
}

void Device::take(const Command& command, Time t, bool broker_up) {
    if (deaf_ || offline_ || dark_ || reboot_ends_ || !broker_up) return;
    const bool repeated = command.on == on_ && (!on_ || command.level == level_);
    if (!repeated) switch_to(command.on, command.level, t);
    else report_due_ = t + report_after;
    if (command.on && wiring_->lease > 0s) lease_ends_ = t + wiring_->lease;
}

bool Device::befall(const std::string& word, Time t) {
    if (word == "ok") {
        if (offline_) {
            there_since_ = t;
            report_due_ = t;
        }
        deaf_ = stuck_ = mute_ = idle_ = offline_ = false;
    } else if (word == "deaf") {
        deaf_ = true;
    } else if (word == "stuck") {
        stuck_ = true;
    } else if (word == "mute") {
        mute_ = true;
    } else if (word == "idle") {
        idle_ = true;
    } else if (word == "offline") {
        offline_ = true;
    } else if (word == "reboot" || word == "reboot-on") {
        switch_to(word == "reboot-on", level_, t);
        lease_ends_.reset();
        reboot_ends_ = t + reboot_takes;
    } else if (word == "hand-on" || word == "hand-off") {
        switch_to(word == "hand-on", 1, t);
        report_due_ = t;
    } else {
        return false;
    }
    return true;
}

void Device::lose_power(Time t) {
    switch_to(false, 0, t);
    dark_ = true;
}

void Device::regain_power(Time t) {
    dark_ = false;
    there_since_ = t;
    report_due_ = t;
}

bool Device::meter_is_due(Time t) const { return wiring_->meter && t.count() % meter_period.count() == 0; }

void Device::report(OutputReport& report, Time t, Duration shift, bool broker_up) {
    report.available = broker_up && !offline_ && !dark_ && !reboot_ends_;
    report.available_since = there_since_ + shift;
    if (!report.available || mute_) {
        asked_ = false;
        return;
    }
    const bool due = report_due_ && t >= *report_due_;
    if (due || asked_) {
        report.state_received = true;
        report.state = on_ ? OutputState::on : OutputState::off;
        report.level = level_;
        report.state_at = t + shift - (known_long_ ? long_ago : 0s);
        known_long_ = false;
        report_due_.reset();
    }
    asked_ = false;
    if (meter_is_due(t)) report.power = {drawn(t), t + shift, true};
}

Watts Device::drawn(Time t) const {
    if (stuck_ && !dark_) return draws_;
    if (!on_ || idle_) return {};
    return wiring_->meter && t - on_at_ < spin_up ? Watts{draws_.steps / 10} : draws_;
}

}  // namespace volt::stories
