#include "tests/bench/control_rules.hpp"

#include <cmath>

#include "daemon/host/sun.hpp"
#include "daemon/journal/rule_state_codec.hpp"
#include "rules/decide.hpp"
#include "tests/rules/default_site.hpp"

namespace volt::control {

namespace {

constexpr std::int64_t utc_offset_ms = -7 * 3'600'000;
constexpr std::int32_t restart_hour = 20;

SitePlace place_of(const sim::PlantConfig& plant) {
    const auto steps = [](double degrees) { return static_cast<int>(std::lround(degrees * SitePlace::steps_a_degree)); };
    return {steps(plant.latitude), steps(plant.longitude)};
}

class Rules {
public:
    Rules(const Week& week, const Variant& variant) : variant_(variant), policy_(test::default_site()) {
        policy_.control.tick = std::chrono::milliseconds(step_ms);
        policy_.voltage_sources.resize(1);
        policy_.zones.clear();
        for (Miner& miner : policy_.miners) miner.zone = no_index;
        variant.change(policy_, week);
        if (week.seed % 2 == 1) place_ = place_of(plant_of(week));
        snapshot_.voltages.resize(1);
        snapshot_.outputs.resize(policy_.outputs.size());
        snapshot_.temperatures.resize(policy_.sensors.size());
        snapshot_.battery_temperatures.resize(policy_.battery_temperatures.size());
    }

    Loads operator()(const Seen& seen) {
        if (variant_.restarts && restarts_now()) stored_ = encode_rule_state(state_, policy_, moment());
        fill(seen);
        if (!stored_.empty()) restart();
        Decision decision = decide(snapshot_, policy_, std::move(state_));
        state_ = std::move(decision.next);
        Loads loads = seen.on;
        for (const Command& command : decision.commands) {
            const auto load = static_cast<std::size_t>(command.output);
            if (load < loads.size()) loads[load] = command.on;
        }
        return loads;
    }

private:
    template <class T>
    void hear(Sample<T>& sample, T value) {
        sample = {value, snapshot_.now, true};
    }

    Moment moment() const { return {snapshot_.now, snapshot_.utc, snapshot_.clock_trusted}; }

    bool restarts_now() {
        if (snapshot_.local.second_of_day / 3600 != restart_hour || evening_ == snapshot_.local.day) return false;
        evening_ = snapshot_.local.day;
        return true;
    }

    void restart() {
        state_ = decode_rule_state(stored_, policy_, moment()).value_or(RuleState{});
        stored_.clear();
    }

    void fill(const Seen& seen) {
        const sim::Plant& plant = seen.plant;
        snapshot_.now = std::chrono::milliseconds(seen.step * step_ms + 1000);
        snapshot_.utc = Utc(plant.utc_ms());
        const std::int64_t local = plant.utc_ms() + utc_offset_ms;
        snapshot_.local = {static_cast<std::int32_t>(local / 86'400'000), static_cast<std::int32_t>(local / 1000 % 86'400)};
        snapshot_.clock_trusted = variant_.clock_trusted;
        if (place_) snapshot_.sun = sun_of(*place_, snapshot_.utc, snapshot_.local);
        hear(snapshot_.voltages[0], Volts{std::lround(plant.bank().volts() * 100) + variant_.meter_mv / 10});
        snapshot_.voltages[0].unit_moved = snapshot_.now;
        hear(snapshot_.battery_power, Watts{std::lround(plant.battery_w())});
        hear(snapshot_.pv, Watts{std::lround(plant.pv_w())});
        hear(snapshot_.load, Watts{std::lround(plant.load_w())});
        hear(snapshot_.sunny, plant.sunny());
        for (BatteryTemperature& t : snapshot_.battery_temperatures) hear(t.sample, 200_dK);
        for (Sample<Celsius>& t : snapshot_.temperatures) hear(t, 200_dK);
        for (std::size_t i = 0; i < snapshot_.outputs.size(); ++i) report(seen, i);
    }

    void report(const Seen& seen, std::size_t output) {
        OutputReport& report = snapshot_.outputs[output];
        const bool load = output < seen.on.size(), on = load && seen.on[output];
        report.available = report.state_received = true;
        report.state = on ? OutputState::on : OutputState::off;
        report.state_at = snapshot_.now;
        if (load) hear(report.power, Watts{std::lround(seen.drawn_w[output])});
    }

    Variant variant_;
    Policy policy_;
    SiteSnapshot snapshot_;
    RuleState state_;
    std::string stored_;
    std::optional<SitePlace> place_;  ///< known in the weeks of two of three seeds
    std::int32_t evening_ = -1;
};

}  // namespace

Switch rules(const Week& week, const Variant& variant) { return Rules(week, variant); }

}  // namespace volt::control
