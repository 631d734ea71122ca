#include "rules/budget/bank_charge.hpp"

#include <cassert>

#include "rules/hold.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

constexpr Duration mean_over = 600s;
constexpr Duration voltage_serves = 5min;  // time after the last voltage
constexpr Duration full_for = 10min;
constexpr std::int64_t full_at_percent = 3;                     // percent of the bank per hour
constexpr Watts charging_hard{300};                             // above this the voltage is a poor measure of the charge
constexpr std::int64_t percent_above = 12, percent_below = 30;  // limits of the difference between count and curve

Energy percent_of(Energy bank, std::int64_t percent) { return {bank.steps * percent / 100}; }

/// Drops a count if no voltage can check it.
bool voltage_is_lost(const BankInputs& inputs, const BankMemory& memory) {
    return !memory.voltage_at || inputs.now - *memory.voltage_at > voltage_serves;
}

void note_losses(const BankInputs& inputs, BankMemory& memory) {
    const bool gap = inputs.elapsed > limits::longest_tick;
    if (gap) memory.full_since.reset();
    if (!inputs.power || gap) memory.lost += inputs.elapsed;
    if (memory.lost > limits::longest_unmetered) memory.counted.reset();
}

}  // namespace

std::int64_t corrected_voltage(Volts voltage, std::optional<Watts> power, std::int64_t resistance_mohm) {
    assert(voltage.steps > 0);
    const std::int64_t watts = power ? power->steps : 0;
    return voltage.steps * millionths - watts * 3 * resistance_mohm * 10'000'000 / (2 * voltage.steps);
}

std::int64_t share_of_curve(std::int64_t voltage, const std::vector<CurvePoint>& curve) {
    constexpr std::int64_t of_percent = 100;  // 0.01 % in millionths
    if (voltage <= curve.front().voltage.steps * millionths) return curve.front().soc.steps * of_percent;
    for (std::size_t i = 1; i < curve.size(); ++i) {
        const std::int64_t x0 = curve[i - 1].voltage.steps * millionths, x1 = curve[i].voltage.steps * millionths;
        if (voltage > x1) continue;
        const std::int64_t y0 = curve[i - 1].soc.steps * of_percent, y1 = curve[i].soc.steps * of_percent;
        return y0 + (voltage - x0) * (y1 - y0) / (x1 - x0);
    }
    return curve.back().soc.steps * of_percent;
}

void update_mean_voltage(const BankInputs& inputs, const Preferences& preferences, BankMemory& memory) {
    if (!inputs.voltage) {
        if (voltage_is_lost(inputs, memory)) memory.mean.reset();
        return;
    }
    if (voltage_is_lost(inputs, memory)) memory.mean.reset();
    move_mean(memory.mean, corrected_voltage(*inputs.voltage, inputs.power, preferences.internal_resistance_mohm),
              std::min(inputs.elapsed, limits::longest_tick), mean_over);
    memory.voltage_at = inputs.now;
}

std::optional<Energy> charge_by_voltage(const Preferences& preferences, const BankMemory& memory) {
    const std::optional<Energy> bank = bank_of(preferences);
    if (!bank || !memory.mean) return std::nullopt;
    return Energy{bank->steps * share_of_curve(*memory.mean, preferences.curve) / millionths};
}

bool is_charged(const BankMemory& memory, Time now) { return memory.full_since.over(now, full_for); }

Energy count_charge(const BankInputs& inputs, const Preferences& preferences, bool full, BankMemory& memory) {
    const Energy bank = *bank_of(preferences);
    note_losses(inputs, memory);
    const std::optional<Energy> by_voltage = charge_by_voltage(preferences, memory);
    if (!by_voltage && memory.voltage_at) memory.counted.reset();
    if (!memory.counted && by_voltage && inputs.power) {
        memory.counted = by_voltage;
        memory.lost = {};
    }
    if (!memory.counted) return {};
    Energy& counted = *memory.counted;
    if (inputs.power) counted += over(*inputs.power, std::min(inputs.elapsed, limits::longest_tick));
    counted = std::clamp(counted, Energy{}, bank);
    const bool hardly_any = inputs.power && inputs.power->steps * 100 <= *preferences.bank_wh * full_at_percent;
    memory.full_since.see(full && hardly_any, inputs.now);
    if (is_charged(memory, inputs.now)) {
        counted = bank;
        memory.lost = {};
    }
    if (!by_voltage || !inputs.power || *inputs.power >= charging_hard) return {};
    const Energy most = *by_voltage + percent_of(bank, percent_above), cut = std::max(counted - most, Energy{});
    counted = std::min(std::clamp(counted, *by_voltage - percent_of(bank, percent_below), most), bank);
    return cut;
}

}  // namespace volt
