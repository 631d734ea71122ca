#include "tests/simulation/device.hpp"

namespace volt::simulation {

namespace {

constexpr std::int64_t slow_s = 12, restart_s = 5, tele_s = 10, settle_s = 20;
constexpr double board_w = 60;

std::int64_t whole_watts(double value) { return static_cast<std::int64_t>(value + 0.5); }

}  // namespace

void Device::move(bool on, std::int64_t now) {
    if (on && !contact_) on_since_ = now;
    contact_ = on;
}

void Device::reboot(std::int64_t now, std::int64_t contact) {
    boots_ = now + restart_s;
    pending_.reset();
    lease_end_ = 0;
    if (contact == 1 && config_.lease_s > 0) lease_end_ = boots_ + config_.lease_s;
    if (contact != 2) move(contact == 1, now);
    said_on_ = contact_;
    if (contact_) on_since_ = boots_;
}

void Device::by_hand() { hand_ = !contact_; }

void Device::power(bool there, std::int64_t now) {
    if (there == powered_) return;
    powered_ = there;
    if (there) reboot(now, 0);
}

void Device::order(bool on, std::int32_t level, std::int64_t now) {
    if (!powered_ || now < offline_ || now < boots_ || now < deaf_) return;
    if (now < slow_) pending_ = Order{on, level, pending_ && pending_->on == on ? pending_->at : now + slow_s};
    else pending_ = Order{on, level, now};
    if (on && config_.lease_s > 0) lease_end_ = now + config_.lease_s;
}

void Device::obey(std::int64_t now) {
    if (stuck_ != 0 && now >= stuck_) {  // the contact comes free, and moves to its last commanded state
        stuck_ = 0;
        if (contact_ != said_on_) move(said_on_, now);
    }
    if (pending_ && now >= pending_->at) {
        said_on_ = pending_->on;
        level_ = pending_->level;
        if (now >= stuck_) move(pending_->on, now);
        pending_.reset();
        news_ = true;
    }
    if (hand_) {
        move(*hand_, now);
        if (contact_ && config_.level && level_ == 0) level_ = 5;
        said_on_ = contact_;
        news_ = true;
        hand_.reset();
    }
    if (lease_end_ != 0 && now >= lease_end_) {
        lease_end_ = 0;
        news_ = news_ || said_on_;
        said_on_ = false;
        if (now >= stuck_) move(false, now);
    }
}

void Device::say(Time mono, OutputReport& report) const {
    report.state = said_on_ ? OutputState::on : OutputState::off;
    report.level = said_on_ && config_.level ? level_ : 0;
    report.state_at = mono;
    report.state_received = true;
    report.hint = false;
}

void Device::turn(std::int64_t now, bool broker, Time mono, OutputReport& report) {
    if (powered_ && now >= boots_) obey(now);
    const bool online = reachable(now, broker);
    if (online != online_) {
        online_ = online;
        if (broker) report.available = online;
        if (online) {
            report.available = true;
            report.available_since = mono;
            news_ = true;
            next_tele_ = now;
            if (config_.gateway) {
                settles_ = now + settle_s;
                report.state = OutputState::unknown;
                report.hint = true;
            }
        }
    }
    if (!broker) asked_ = false;
    if (online && now >= mute_ && now >= settles_ && (news_ || (asked_ && now >= deaf_))) {
        say(mono, report);
        news_ = false;
    }
    asked_ = false;
    if (!online || !config_.meter || now < next_tele_) return;
    next_tele_ = now + tele_s;
    if (now >= meter_lost_ && now >= mute_) report.power = {Watts{whole_watts(draw_w(now))}, mono, true};
}

void Device::forget(OutputReport& report, Time mono) {
    report = {};
    report.available = online_;
    report.available_since = mono;
    if (config_.gateway) {
        report.state = said_on_ ? OutputState::on : OutputState::off;
        report.hint = true;
    }
    news_ = asked_ = false;
    next_tele_ = 0;
}

double Device::draw_w(std::int64_t now) const {
    if (!closed() || now < boots_) return 0;
    const std::int64_t on = now - on_since_;
    if (config_.boot_s == 0 || on >= 2 * config_.boot_s) return config_.draw_w;
    if (on < config_.boot_s) return board_w;
    return board_w + (config_.draw_w - board_w) * static_cast<double>(on - config_.boot_s) / static_cast<double>(config_.boot_s);
}

}  // namespace volt::simulation
