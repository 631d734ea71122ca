#include "rules/readings/powers.hpp"

#include <algorithm>

#include "rules/limits.hpp"

namespace volt {

namespace {

constexpr std::int64_t size_of(std::int64_t value) { return value < 0 ? -value : value; }

constexpr std::int64_t million = 1'000'000;
constexpr Duration mean_over = 60s, shown_over = 10min;
constexpr Watts least_to_stand = 100_W;    // a smaller power may really be constant
constexpr Watts swing_of_power = 500_W;    // swing of another power, while one does not move
constexpr Watts least_unmeasured = 200_W;  // battery power, while everything else reads 0 W
constexpr Duration unmeasured_for = 10min;
constexpr std::int64_t bound_w = 700, bound_percent = 15;
constexpr Duration odds_after = 300s, calm_after = 1h;
constexpr std::int64_t gives_w = 200, gives_percent = 5;

struct Three {
    std::optional<Watts>&pv, &load, &battery;
    std::optional<Watts>& operator[](std::size_t i) const { return i == 0 ? pv : i == 1 ? load : battery; }
};

void widen(std::optional<Watts>& low, std::optional<Watts>& high, Watts value) {
    low = low ? std::min(*low, value) : value;
    high = high ? std::max(*high, value) : value;
}

bool swung(const StandMemory& m, std::size_t self, Volts swing) {
    for (std::size_t i = 0; i < power_count; ++i)
        if (i != self && m.low[i] && *m.high[i] - *m.low[i] >= swing_of_power) return true;
    return m.lowest && *m.highest - *m.lowest >= swing;
}

void widen_all(const PowersInput& input, const Three& values, std::size_t self, StandMemory& m) {
    for (std::size_t i = 0; i < power_count; ++i)
        if (i != self && values[i]) widen(m.low[i], m.high[i], *values[i]);
    if (!input.voltage) return;
    m.lowest = m.lowest ? std::min(*m.lowest, *input.voltage) : *input.voltage;
    m.highest = m.highest ? std::max(*m.highest, *input.voltage) : *input.voltage;
}

/// Follows a power that may be stuck. Silence restarts the time, but a stuck power must move.
void follow_stand(const PowersInput& input, const Three& values, std::size_t self, StandMemory& m) {
    const std::optional<Watts>& value = values[self];
    if (!value && m.stands) return;
    if (!value || m.value != value) {
        m = {};
        m.value = value;
        m.since = input.now;
    }
    if (!value) return;
    widen_all(input, values, self, m);
    if (abs(*value) >= least_to_stand && input.now - m.since >= input.frozen && swung(m, self, input.swing)) m.stands = true;
}

void judge_stands(const PowersInput& input, const Three& values, PowersState& state, PowerBalance& balance) {
    for (std::size_t i = 0; i < power_count; ++i) follow_stand(input, values, i, state.stands[i]);
    for (std::size_t i = 0; i < power_count; ++i) {
        const StandMemory& m = state.stands[i];
        if (!m.stands) continue;
        balance.stands[i] = balance.in_doubt = true;
        balance.stood_at[i] = *m.value;
        balance.stood_since[i] = m.since;
        if (m.lowest) balance.swung[i] = *m.highest - *m.lowest;
        values[i].reset();
    }
}

void judge_unmeasured(const PowersInput& input, const Three& values, const std::optional<Watts>& grid, PowersState& state,
                      PowerBalance& balance) {
    const auto zero = [](const std::optional<Watts>& value) { return value && value->steps == 0; };
    balance.not_measured = zero(values.pv) && zero(values.load) && (!grid || grid->steps == 0) && values.battery &&
                           abs(*values.battery) >= least_unmeasured;
    state.not_measured.see(balance.not_measured, input.now);
    balance.not_measured_long = state.not_measured.over(input.now, unmeasured_for);
    if (!balance.not_measured) return;
    balance.in_doubt = true;
    values.pv.reset();
    values.load.reset();
}

void forget_means(PowersState& state) {
    state.pv = state.load = state.grid = state.battery = state.difference = state.largest = state.unexplained = {};
}

void follow_means(const Three& values, Watts grid, Duration elapsed, PowersState& state, PowerBalance& balance) {
    const Watts pv = *values.pv, load = *values.load, battery = *values.battery;
    balance.difference = pv + grid - load - battery;
    balance.largest = std::max({abs(pv), abs(load), abs(grid), abs(battery)});
    const Duration dt = std::min(elapsed, limits::longest_tick);
    state.pv.see(pv.steps, dt, mean_over);
    state.load.see(load.steps, dt, mean_over);
    state.grid.see(grid.steps, dt, mean_over);
    state.battery.see(battery.steps, dt, mean_over);
    state.difference.see(balance.difference->steps, dt, mean_over);
    state.largest.see(balance.largest.steps, dt, mean_over);
    state.unexplained.see(balance.difference->steps, dt, shown_over);
    balance.unexplained = {*state.unexplained.millionths / million};
}

/// Pauses a hold over a tick that cannot be judged.
void pause(Hold& hold, Duration elapsed) {
    if (hold.since) *hold.since += elapsed;
}

/// Judges the 60 s means. A difference below 0 is a source that is not configured, such as an MPPT or a generator, unless a
/// reversed sign explains it.
void judge_odds(const PowersInput& input, PowersState& state, PowerBalance& balance) {
    if (!balance.difference) {
        forget_means(state);
        pause(state.apart, input.elapsed);
        pause(state.agrees, input.elapsed);
        return;
    }
    const std::int64_t d = *state.difference.millionths, battery = *state.battery.millionths;
    const std::int64_t bound = bound_w * million + *state.largest.millionths * bound_percent / 100;
    balance.bound = {bound / million};
    const bool turned = size_of(d + 2 * battery) <= bound;
    const bool unexplained = d >= 0 || (-d > *state.pv.millionths && turned);
    state.apart.see(size_of(d) > bound && unexplained, input.now);
    state.agrees.see(size_of(d) <= bound, input.now);
    if (state.apart.over(input.now, odds_after)) state.at_odds = true;
    else if (size_of(d) * 2 < bound || state.agrees.over(input.now, calm_after)) state.at_odds = false;
    balance.turned_sign_fits = state.at_odds && turned;
}

/// Returns true if neither sun nor grid carries the load: it comes from the bank, regardless of what the meter reads.
bool gives_by_means(const PowersState& state) {
    if (!state.difference.millionths) return false;
    const std::int64_t missing = *state.load.millionths - *state.pv.millionths - *state.grid.millionths;
    return missing > gives_w * million + *state.largest.millionths * gives_percent / 100;
}

}  // namespace

void PowerMean::see(std::int64_t watts, Duration elapsed, Duration time) {
    if (!millionths) millionths = watts * million;
    else *millionths += (watts * million - *millionths) * std::min(elapsed, time).count() / time.count();
}

void judge_powers(const PowersInput& input, std::optional<Watts>& pv, std::optional<Watts>& load,
                  const std::optional<Watts>& grid, std::optional<Watts>& battery, PowersState& state, PowerBalance& balance) {
    balance.pv = pv;
    balance.load = load;
    balance.grid = grid;
    balance.battery = battery;
    const Three values{pv, load, battery};
    judge_stands(input, values, state, balance);
    judge_unmeasured(input, values, grid, state, balance);
    const std::optional<Watts> bought = input.grid_came ? grid : std::optional<Watts>{Watts{0}};
    if (pv && load && bought && battery) follow_means(values, *bought, input.elapsed, state, balance);
    judge_odds(input, state, balance);
    balance.at_odds = state.at_odds;
    if (state.at_odds) {
        balance.in_doubt = true;
        pv.reset();
        battery.reset();
    }
    balance.bank_gives = !battery || *battery < limits::losing || gives_by_means(state);
}

}  // namespace volt
