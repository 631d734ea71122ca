// Bench for the rules: a site whose time and inputs the test sets, with outputs that obey.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "rules/decide.hpp"
#include "tests/rules/default_site.hpp"

namespace volt::test {

/// One output of the bench. It obeys commands and answers queries in the next tick, unless the test disables that.
struct Device {
    bool obeys = true;
    bool answers = true;
    bool meters = true;
    OutputState state = OutputState::off;
    std::int32_t level = 0;
    Watts draws{};  ///< its draw while on
    Time reported_at = -86400s;
    bool received = true;
    bool asked = false;
};

class Bench {
public:
    explicit Bench(Policy policy_ = default_site()) : policy(std::move(policy_)) {
        policy.control.frozen = 24h;  // inputs keep their values
        snapshot.now = 1000s;
        snapshot.clock_trusted = true;
        snapshot.local = {20000, 12 * 3600};
        snapshot.voltages.resize(policy.voltage_sources.size());
        snapshot.battery_temperatures.resize(policy.battery_temperatures.size());
        snapshot.temperatures.resize(policy.sensors.size());
        snapshot.outputs.resize(policy.outputs.size());
        devices.resize(policy.outputs.size());
        silent_sources.resize(policy.voltage_sources.size(), false);
        for (const Miner& miner : policy.miners)
            if (miner.output != no_index) devices[place(miner.output)].draws = miner.power;
        for (const Zone& zone : policy.zones)
            if (zone.heater != no_index) devices[place(zone.heater)].draws = zone.heater_power;
        room(200_dK);
        for (OutputReport& report : snapshot.outputs) report.available = true;
    }

    Policy policy;
    SiteSnapshot snapshot;
    RuleState state;
    Decision last;
    std::vector<Device> devices;
    std::vector<Command> commands;  ///< commands of all ticks since forget()
    std::vector<std::pair<Time, Command>> log;
    std::vector<bool> silent_sources;
    Volts volts_now = 5230_cV;
    std::optional<Watts> pv_now = 8450_W, battery_now = 1000_W;
    std::optional<Watts> house = 1850_W;  ///< site load without the loads, or empty if unusable
    bool power_heard = true;
    bool powers_add_up = true;  ///< the grid covers the difference of the other powers
    std::optional<bool> sunny_now = true;
    Celsius cell_now = 200_dK;  ///< battery temperature of every source
    std::function<void(const Bench&)> each_tick;

    // Inputs
    Bench& volts(Volts v) {
        volts_now = v;
        return *this;
    }
    Bench& pv(std::optional<Watts> watts) {
        pv_now = watts;
        return *this;
    }
    Bench& battery(std::optional<Watts> watts) {
        battery_now = watts;
        return *this;
    }
    Bench& house_load(std::optional<Watts> watts) {
        house = watts;
        return *this;
    }
    Bench& cell(Celsius t) {
        cell_now = t;
        return *this;
    }
    Bench& sunny(std::optional<bool> is) {
        sunny_now = is;
        return *this;
    }
    Bench& room(Celsius t) {
        rooms.assign(policy.sensors.size(), t);
        return *this;
    }
    Bench& clock(std::int32_t hour, std::int32_t minute = 0) {
        snapshot.local.second_of_day = hour * 3600 + minute * 60;
        return *this;
    }
    Bench& sources_silent(bool silent) {
        silent_sources.assign(silent_sources.size(), silent);
        return *this;
    }
    Bench& ask(TargetKind target, std::size_t index, OverrideKind kind, std::optional<Duration> lasts = 3600s) {
        snapshot.requests.push_back({target, index, kind, 0, lasts});
        return *this;
    }
    Bench& change(const std::function<void(Policy&)>& edit) {
        edit(policy);
        ++policy.revision;
        return *this;
    }
    Device& device(Index output) { return devices[place(output)]; }
    OutputReport& report(Index output) { return snapshot.outputs[place(output)]; }
    /// Switches an output by hand; the output reports it at once.
    Bench& by_hand(Index output, OutputState to) {
        device(output).state = to;
        device(output).reported_at = snapshot.now + step;
        device(output).received = true;
        return *this;
    }
    /// Takes the device offline, or brings it back.
    Bench& available(Index output, bool is) {
        report(output).available = is;
        if (is) report(output).available_since = snapshot.now + step;
        return *this;
    }

    // Time
    /// Runs one tick, `step` after the last one.
    const Decision& tick() {
        advance_time(first_ ? Duration{} : step);
        first_ = false;
        fill();
        last = decide(snapshot, policy, std::move(state));
        state = last.next;
        snapshot.requests.clear();
        for (const Command& command : last.commands) {
            commands.push_back(command);
            log.emplace_back(snapshot.now, command);
            carry_out(command);
        }
        for (const Index output : last.ask) devices[place(output)].asked = true;
        if (each_tick) each_tick(*this);
        return last;
    }
    Bench& run(Duration time) {
        for (const Time end = snapshot.now + time; snapshot.now < end;) tick();
        return *this;
    }
    /// Runs until the condition holds. Returns false if it did not within `most`.
    bool until(const std::function<bool(const Bench&)>& condition, Duration most = 3600s) {
        for (const Time end = snapshot.now + most; snapshot.now < end;) {
            tick();
            if (condition(*this)) return true;
        }
        return false;
    }
    bool until_on(std::size_t load, Duration most = 3600s) {
        return until([load](const Bench& b) { return b.verdict(load).state == LoadState::on; }, most);
    }
    bool until_unwanted(std::size_t load, Duration most = 3600s) {
        return until([load](const Bench& b) { return !b.wanted(load); }, most);
    }
    Bench& forget() {
        commands.clear();
        log.clear();
        return *this;
    }

    // Queries
    const Verdict& verdict(std::size_t load) const { return last.verdicts[load]; }
    bool wanted(std::size_t load) const { return verdict(load).wanted; }
    Reason reason(std::size_t load) const { return verdict(load).reason; }
    LoadState load_state(std::size_t load) const { return verdict(load).state; }
    const Gate& gate(std::size_t load, GateName name) const { return *verdict(load).gates.find(name); }
    bool blocks(std::size_t load, GateName name) const { return !gate(load, name).passes; }
    bool alarm(AlarmCode code) const {
        return std::any_of(last.alarms.begin(), last.alarms.end(), [&](const Alarm& a) { return a.code == code; });
    }
    /// Counts the commands of the last tick to one output.
    std::size_t sent(Index output, bool on) const {
        return static_cast<std::size_t>(std::count_if(last.commands.begin(), last.commands.end(),
                                                      [&](const Command& c) { return c.output == output && c.on == on; }));
    }
    std::vector<Time> times_of(Index output, bool on) const {
        std::vector<Time> times;
        for (const auto& [at, command] : log)
            if (command.output == output && command.on == on) times.push_back(at);
        return times;
    }
    Time now() const { return snapshot.now; }

    Duration step = 1s;
    std::vector<Celsius> rooms;

private:
    static std::size_t place(Index output) { return static_cast<std::size_t>(output); }

    void advance_time(Duration by) {
        snapshot.now += by;
        snapshot.utc += by;
        seconds_ += by;
        const auto whole = std::chrono::duration_cast<std::chrono::seconds>(seconds_);
        seconds_ -= whole;
        snapshot.local.second_of_day += static_cast<std::int32_t>(whole.count());
        snapshot.local.day += snapshot.local.second_of_day / 86400;
        snapshot.local.second_of_day %= 86400;
    }

    template <class T>
    void receive(Sample<T>& sample, std::optional<T> value) const {
        sample = {value, snapshot.now, true};
    }

    Watts drawn() const {
        Watts sum{};
        for (const Device& d : devices)
            if (d.state == OutputState::on) sum += d.draws;
        return sum;
    }

    void fill() {
        for (std::size_t i = 0; i < snapshot.voltages.size(); ++i) {
            if (silent_sources[i]) continue;
            receive<Volts>(snapshot.voltages[i], volts_now);
            snapshot.voltages[i].unit_moved = snapshot.now;
        }
        if (power_heard) {
            receive(snapshot.pv, pv_now);
            receive(snapshot.battery_power, battery_now);
            receive(snapshot.load, house ? std::optional<Watts>{*house + drawn()} : std::nullopt);
            const bool known = powers_add_up && house && pv_now && battery_now;
            receive<Watts>(snapshot.grid, known ? *snapshot.load.value + *battery_now - *pv_now : Watts{0});
        }
        for (std::size_t i = 0; i < rooms.size(); ++i) receive<Celsius>(snapshot.temperatures[i], rooms[i]);
        for (BatteryTemperature& t : snapshot.battery_temperatures) receive<Celsius>(t.sample, cell_now);
        receive(snapshot.sunny, sunny_now);
        for (std::size_t i = 0; i < devices.size(); ++i) fill_output(i);
    }

    void fill_output(std::size_t i) {
        Device& d = devices[i];
        OutputReport& report = snapshot.outputs[i];
        if (d.asked && d.answers && report.available) {
            d.reported_at = snapshot.now;
            d.received = true;
        }
        d.asked = false;
        if (d.received && d.reported_at <= snapshot.now) {
            report.state_received = true;
            report.state = d.state;
            report.level = d.state == OutputState::on ? d.level : 0;
            report.state_at = d.reported_at;
        }
        if (d.meters && policy.outputs[i].meter) receive<Watts>(report.power, d.state == OutputState::on ? d.draws : Watts{});
    }

    void carry_out(const Command& command) {
        Device& d = devices[place(command.output)];
        if (!d.obeys || !snapshot.outputs[place(command.output)].available) return;
        d.state = command.on ? OutputState::on : OutputState::off;
        d.level = command.level;
        if (!d.answers) return;
        d.reported_at = snapshot.now + step;
        d.received = true;
    }

    bool first_ = true;
    Duration seconds_{};
};

}  // namespace volt::test
