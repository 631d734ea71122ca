// Site of a story: inputs as real polls deliver them, devices that respond, and a daemon that can be killed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/decide.hpp"
#include "tests/scenarios/bank.hpp"
#include "tests/scenarios/course.hpp"
#include "tests/scenarios/device.hpp"
#include "tests/scenarios/settings.hpp"
#include "tests/scenarios/story.hpp"

namespace volt::stories {

/// Commands sent to one output since the previous step.
struct Sent {
    int on = 0, off = 0, renewals = 0, retries = 0;
};

class Site {
public:
    Site(const Story& story, const Bank& bank);

    /// Applies the inputs of a step. Lines run from `t` to `next`. Throws BadWord.
    void take(const Step& step, Time next);
    /// Runs one tick of the rules at `t`. Decides nothing while the daemon is down or stalled.
    void tick(Time t);
    void forget_sent() { sent_.assign(policy_.outputs.size(), {}); }

    /// Returns the policy in the story's volts.
    const Policy& policy() const { return policy_; }
    const Bank& bank() const { return bank_; }
    const Decision& last() const { return last_; }
    const SiteSnapshot& snapshot() const { return snapshot_; }
    const std::vector<Sent>& sent() const { return sent_; }
    bool running() const { return daemon_up_ && !stalled_; }
    Duration step() const { return policy_.control.tick; }

private:
    using Taker = void (Site::*)(const std::string& key, const std::string& value);
    static const std::map<std::string, Taker>& takers();
    void take_word(const Word& word);
    void take_course(const std::string& key, const std::string& value);
    void take_both(const std::string& key, const std::string& value);
    void take_power(const std::string& key, const std::string& value);
    void take_frozen(const std::string& key, const std::string& value);
    void take_battery(const std::string& key, const std::string& value);
    void take_sunny(const std::string& key, const std::string& value);
    void take_clock(const std::string& key, const std::string& value);
    void take_wall(const std::string& key, const std::string& value);
    void take_broker(const std::string& key, const std::string& value);
    void take_daemon(const std::string& key, const std::string& value);
    void take_mains(const std::string& key, const std::string& value);
    void take_ticks(const std::string& key, const std::string& value);
    void take_mode(const std::string& key, const std::string& value);
    void take_safe_mode(const std::string& key, const std::string& value);
    void take_override(const std::string& target, std::string value);
    void take_device(const std::string& output, const std::string& word);

    Course course_of(const std::string& value, int digits) const;
    void begin_life();
    void stop_daemon();
    void rewire();
    void fill(Time t);
    void fill_voltage(std::size_t source, const Course& course, Time t);
    void fill_power(Time t);
    void fill_temperatures(Time t);
    void carry_out(Time t);
    Watts drawn(Time t) const;
    template <class T>
    void receive(Sample<T>& sample, const Course& course, Time t, Duration period) const;

    Bank bank_;
    Policy policy_;    ///< in the story's volts
    Policy in_force_;  ///< `policy_` for the bank
    std::vector<Device> devices_;
    SiteSnapshot snapshot_;
    RuleState state_;
    Decision last_;
    std::vector<Sent> sent_;
    std::map<std::string, Course> courses_;  ///< by name of the input
    std::int32_t begins_s_;
    Duration wall_shift_{};
    Time now_{}, next_{};  ///< times of the current step and the next one
    Time life_begins_{};   ///< start of the daemon, in the time of the story
    bool daemon_up_ = true, stalled_ = false, broker_up_ = true;
    Time broker_since_{};
    bool power_heard_ = true;
    bool frozen_gx_ = false;
    bool battery_follows_ = true;  ///< battery power is PV minus the site load
    bool weather_heard_ = true;
    std::optional<bool> sunny_ = true;
    std::optional<std::string> stored_;
};

}  // namespace volt::stories
