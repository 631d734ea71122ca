// Site around the rules: turns the events of a case into readings, and orders into reports of outputs.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "rules/decide.hpp"
#include "tests/proof/case.hpp"

namespace volt::proof {

/// Real state of one output, independent of the rules' view.
struct Device {
    OutputState state = OutputState::off;
    std::int32_t level = 0;
    Watts nominal{};
    std::int64_t percent = 100;  ///< percent of nominal that it draws while on
    bool deaf = false, mute = false, away = false, meter_silent = false;
    bool can_be_asked = true, confirms_by_sending = false;
    std::optional<OutputState> cached;  ///< a gateway says this from its cache
    bool report_due = false, asked = false;
    Time lease_end{};  ///< time at which it switches itself off; 0 if not armed
    Duration meter_period{};
};

/// One tick as the properties see it. `at` never goes back, even if the clocks of the site do.
struct Turn {
    int tick = 0;
    Time at{};
    Time started{};                     ///< start of the daemon
    bool restarted = false;             ///< the daemon restarted since the previous tick
    bool edited = false;                ///< settings differ from the previous tick
    const RuleState* before = nullptr;  ///< input of decide(); every 32nd tick only
    const SiteSnapshot& snapshot;
    const Policy& policy;
    const Decision& decision;
    const std::vector<bool>& hands;  ///< by output: someone or something else switched it since the previous tick
    const std::vector<Device>& devices;
};

/// Returns the step of a good site: samples and ticks follow each other without a gap.
inline Duration good_step(const Control& control) {
    return std::min<Duration>(5s, std::max<Duration>(control.voltage_stale, 3s));
}

class World {
public:
    explicit World(const Case& subject);
    /// Runs one more tick. The turn points into this world and is valid until the next one.
    Turn turn();
    /// Makes everything well for one load from now on, without further events. Returns false if no site can satisfy its settings.
    /// First advances by `later`.
    bool turn_good(std::size_t load, Duration later);

    const Policy& policy() const { return policy_; }
    const SiteSnapshot& snapshot() const { return snapshot_; }
    const RuleState& state() const { return state_; }

private:
    void begin_event(const Event& event);
    void end_event(const Event& event);
    void switch_over(const Event& event, bool on);
    void edit(const Event& event);
    void request_override(const Event& event, TargetKind target, std::size_t count);
    void restart(Duration away);
    void pass_time();
    void try_timer();
    void move_site();
    void fill_voltages();
    void fill_power();
    void fill_temperatures();
    void fill_output(std::size_t i);
    void fill_devices();
    void carry_out();
    void set_state(std::size_t device, OutputState to);
    Watts drawn() const;
    std::int64_t tremble(std::uint64_t channel, std::int64_t most) const;
    template <class T>
    void receive(Sample<T>& sample, std::optional<T> value) const {
        sample = {value, snapshot_.now, true};
    }
    template <class T>
    T* among(std::vector<T>& list, std::size_t who) const {
        return list.empty() ? nullptr : &list[who % list.size()];
    }

    std::vector<Event> events_;
    std::uint64_t seed_ = 0;
    bool noise_ = true, good_ = false, asked_ = false;
    int tick_ = 0;
    Policy policy_;
    SiteSnapshot snapshot_;
    RuleState state_, before_;
    Decision decision_;
    Time at_ = 1'000'000s, started_ = 1'000'000s;
    Duration extra_{};  ///< added to the next step
    bool first_ = true, restarted_ = false, edited_ = false;
    std::vector<Device> devices_;
    std::vector<bool> hands_;

    // Site state.
    std::int64_t volts_ = 5230, volts_target_ = 5230, spike_ = 0;
    std::int64_t pv_ = 8000, house_ = 800, local_shift_s_ = 0;
    std::vector<std::int64_t> apart_, rooms_, bank_apart_;
    std::vector<bool> silent_, no_data_, frozen_, unit_frozen_, room_silent_, room_no_data_;
    bool power_silent_ = false, pv_no_data_ = false, load_no_data_ = false, battery_no_data_ = false;
    bool sunny_ = true, sunny_silent_ = false, bank_silent_ = false, untrusted_ = false, broker_down_ = false;
    std::int64_t bank_ = 200;
    std::vector<Time> gone_until_;
    std::vector<bool> no_lease_;
};

}  // namespace volt::proof
