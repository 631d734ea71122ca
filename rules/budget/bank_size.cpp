#include "rules/budget/bank_size.hpp"

#include "rules/limits.hpp"

namespace volt {

namespace {

constexpr Duration size_mean_over = 600s;
constexpr Duration doubted_for = 24h;       // time after the last tick that showed it
constexpr std::int64_t most_percent = 120;  // percent of the bank per hour, in or out
constexpr std::int64_t lost_percent = 5;    // percent of the bank, cut off beyond the energy it gave
constexpr Energy most_summed = wh(2'000'000);

void follow_mean(const BankInputs& inputs, SizeMemory& memory) {
    if (!inputs.power || inputs.elapsed > limits::longest_tick) memory.power_mean.reset();
    if (!inputs.power) return;
    memory.mean_age = memory.power_mean ? std::min(memory.mean_age + inputs.elapsed, size_mean_over) : Duration{};
    move_mean(memory.power_mean, inputs.power->steps * millionths, inputs.elapsed, size_mean_over);
}

bool is_too_small(const Preferences& p, const SizeMemory& memory) {
    if (!memory.power_mean || memory.mean_age < size_mean_over) return false;
    const std::int64_t mean = *memory.power_mean < 0 ? -*memory.power_mean : *memory.power_mean;
    return mean * 100 > *p.bank_wh * most_percent * millionths;
}

void follow_sums(const BankInputs& inputs, const Preferences& p, const BankMemory& bank, Energy cut, SizeMemory& memory) {
    if (!memory.sums && bank.counted) memory.sums = BankSums{};
    if (!memory.sums) return;
    BankSums& sums = *memory.sums;
    const Duration dt = std::min(inputs.elapsed, limits::longest_tick);
    if (inputs.power) sums.given = std::min(sums.given + over(std::max(-*inputs.power, Watts{}), dt), most_summed);
    sums.cut = std::min(sums.cut + cut, most_summed);
    if (bank.counted == bank_of(p)) sums = {};
}

bool is_too_large(const Preferences& p, const SizeMemory& memory) {
    return memory.sums && memory.sums->cut > memory.sums->given + Energy{bank_of(p)->steps * lost_percent / 100};
}

SizeDoubt doubt_of(bool small, const SizeMemory& memory) {
    if (small) return {false, *memory.power_mean / millionths, doubted_for};
    const BankSums& sums = *memory.sums;
    return {true, sums.given > Energy{} ? (sums.cut + sums.given).steps / sums.given.steps : 0, doubted_for};
}

}  // namespace

std::int64_t settings_mark(const Preferences& preferences) {
    std::uint64_t mark = 14'695'981'039'346'656'037ULL;  // FNV-1a
    const auto mix = [&](std::int64_t value) { mark = (mark ^ static_cast<std::uint64_t>(value)) * 1'099'511'628'211ULL; };
    mix(preferences.bank_wh.value_or(0));
    for (const CurvePoint& point : preferences.curve) {
        mix(point.voltage.steps);
        mix(point.soc.steps);
    }
    return static_cast<std::int64_t>((mark >> 12) | 1);
}

void follow_settings(const Preferences& preferences, BankMemory& bank, SizeMemory& memory) {
    const std::int64_t mark = settings_mark(preferences);
    if (memory.settings != 0 && memory.settings != mark) {
        bank.counted.reset();
        memory.sums.reset();
        memory.doubt.reset();
    }
    memory.settings = mark;
}

void judge_size(const BankInputs& inputs, const Preferences& preferences, const BankMemory& bank, Energy cut,
                SizeMemory& memory) {
    follow_mean(inputs, memory);
    follow_sums(inputs, preferences, bank, cut, memory);
    if (memory.doubt) memory.doubt->left -= inputs.elapsed;
    if (memory.doubt && memory.doubt->left <= 0ms) memory.doubt.reset();
    const bool small = is_too_small(preferences, memory);
    if (small || is_too_large(preferences, memory)) memory.doubt = doubt_of(small, memory);
}

}  // namespace volt
