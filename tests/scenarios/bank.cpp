#include "tests/scenarios/bank.hpp"

#include <algorithm>

#include "rules/battery/bank.hpp"
#include "tests/scenarios/story.hpp"

namespace volt::stories {

namespace {

constexpr std::int64_t written = 5600;

Volts in_proportion(Volts volts, const Bank& bank) { return {(volts.steps * bank.whole.steps * 2 + written) / (2 * written)}; }

/// Keeps `there` on the same side of `own` as `volts` is of `story`.
void keep_side(Volts volts, Volts story, Volts own, Volts& there) {
    if (volts == story) there = own;
    else if (volts < story) there = std::min(there, own - 1_cV);
    else there = std::max(there, own + 1_cV);
}

constexpr Volts Preferences::*thresholds[] = {&Preferences::shutdown,    &Preferences::critical_low, &Preferences::low,
                                              &Preferences::restart,     &Preferences::optimal_min,  &Preferences::optimal_max,
                                              &Preferences::float_v,     &Preferences::absorption,   &Preferences::full,
                                              &Preferences::absolute_max};
constexpr Volts Miner::*limits[] = {&Miner::start, &Miner::stop, &Miner::emergency};

}  // namespace

Policy in_bank(const Policy& told, const Bank& bank) {
    Policy policy = told;
    if (bank.as_written()) return policy;
    Preferences& p = policy.preferences;
    const auto scale = [&bank](Volts& volts) { volts = in_proportion(volts, bank); };
    for (const auto threshold : thresholds) scale(p.*threshold);
    scale(policy.control.spike);
    for (CurvePoint& point : p.curve) scale(point.voltage);
    if (p.reserve) scale(*p.reserve);
    for (Miner& miner : policy.miners)
        for (const auto limit : limits) scale(miner.*limit);
    // The same watts mean more amperes: the drop remains in proportion if the resistance shrinks by the square.
    const std::int64_t square = bank.whole.steps * bank.whole.steps;
    p.internal_resistance_mohm = (p.internal_resistance_mohm * square + written * written / 2) / (written * written);
    return policy;
}

Volts in_bank(Volts volts, const Policy& told, const Policy& there, const Bank& bank) {
    if (bank.as_written()) return volts;
    const Preferences &story = told.preferences, &own = there.preferences;
    Volts found = in_proportion(volts, bank);
    for (const auto threshold : thresholds) {
        keep_side(volts, story.*threshold + 20_cV, own.*threshold + scaled(20_cV, own), found);  // clear of a stage
        keep_side(volts, story.*threshold, own.*threshold, found);
    }
    if (story.reserve) {
        keep_side(volts, *story.reserve + limits::above_reserve, *own.reserve + scaled(limits::above_reserve, own), found);
        keep_side(volts, *story.reserve, *own.reserve, found);
    }
    for (std::size_t i = 0; i < told.miners.size(); ++i)
        for (const auto limit : limits) keep_side(volts, told.miners[i].*limit, there.miners[i].*limit, found);
    return found;
}

bool same_volts(const std::string& expected, const std::string& seen, const Bank& bank) {
    const auto has_two_digits = [](const std::string& text) { return text.size() > 3 && text[text.size() - 3] == '.'; };
    if (bank.as_written() || !has_two_digits(expected) || !has_two_digits(seen)) return false;
    const auto wanted = parse_steps(expected, 2), is = parse_steps(seen, 2);
    const std::int64_t step = ceil_div(written, bank.whole.steps) + 1;  // one step of the bank, in steps of the story
    return wanted && is && *wanted - *is <= 2 * step && *is - *wanted <= 2 * step;
}

std::int64_t in_story(std::int64_t steps, const Bank& bank) {
    return (steps * written * 2 + bank.whole.steps) / (2 * bank.whole.steps);
}

}  // namespace volt::stories
