// Runs only the budget, tick by tick, over hours. The test sets its inputs.
#pragma once

#include "rules/budget/budget.hpp"

namespace volt::test {

constexpr std::int32_t hour(int h, int min = 0) { return h * 3600 + min * 60; }

class PlanRig {
public:
    PlanRig() {
        preferences.bank_wh = 20'800;
        preferences.curve.insert(preferences.curve.begin() + 1, {4600_cV, {750}});  // the default line, but set by its owner
        inputs.now = 1000s;
        inputs.clock_trusted = true;
        inputs.for_starts = inputs.for_stops = Volts{5315};
        inputs.battery_power = inputs.pv = Watts{0};
        inputs.load = inputs.base_load = Watts{1000};
        memory.house_mean = 1'000 * millionths;
        memory.house_seen = 6h;
        clock(hour(20));
    }

    /// Sets the local time; UTC is `offset` behind it.
    void clock(std::int32_t second, std::int32_t day = 20000) {
        local_ = std::int64_t{day} * 86'400 + second;
        set_clock();
    }
    const BudgetView& tick(Duration step = 1s) {
        if (begun_) {
            inputs.now += step;
            inputs.elapsed = step;
            local_ms_ += step.count();
        }
        begun_ = true;
        local_ += local_ms_ / 1000;
        local_ms_ %= 1000;
        set_clock();
        return view = judge_budget(inputs, preferences, memory);
    }
    /// Ticks in steps of 10 s for the given time.
    const BudgetView& pass(Duration time, Duration step = 10s) {
        for (Duration done{}; done < time; done += step) tick(step);
        return view;
    }
    /// Runs a day with `sun` from 07:00 to 18:00, from midnight to midnight.
    void day_of(Watts sun) {
        const std::int64_t today = local_ / 86'400;
        while (local_ / 86'400 == today) {
            const std::int64_t second = local_ % 86'400;
            inputs.pv = second >= hour(7) && second < hour(18) ? sun : Watts{0};
            tick(10s);
        }
        inputs.pv = Watts{0};
    }

    Preferences preferences;
    BudgetInputs inputs;
    BudgetMemory memory;
    BudgetView view;
    std::int32_t offset = -7 * 3600;

private:
    void set_clock() {
        inputs.local = {static_cast<std::int32_t>(local_ / 86'400), static_cast<std::int32_t>(local_ % 86'400)};
        inputs.utc = Utc((local_ - offset) * 1000);
    }
    std::int64_t local_ = 0, local_ms_ = 0;
    bool begun_ = false;
};

}  // namespace volt::test
