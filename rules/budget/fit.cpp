#include "rules/budget/fit.hpp"

#include "rules/hold.hpp"
#include "rules/limits.hpp"

namespace volt {

namespace {

constexpr std::int64_t misfit_percent = 15;                  // percent of the bank, between count and voltage
constexpr std::int64_t deep_percent = 25;                    // percent of the bank, by either: closer to full the two cannot be
                                                             // compared
constexpr std::int64_t rest_percent = 3, calm_percent = 15;  // percent of the bank per hour: below this the voltage shows the
                                                             // charge
constexpr Duration rest_for = 30min, calm_for = 10min;
constexpr std::int64_t sizes_agree_percent = 10;  // percent of the smallest of the three days' sizes
constexpr std::int64_t least_gone = 100'000;      // millionths of the curve used; with less, no size can be derived
constexpr std::int64_t least_bank_wh = 500, most_bank_wh = 1'000'000, round_to_wh = 100;
constexpr Energy most_moved = wh(2 * most_bank_wh);

Energy percent_of(const Preferences& p, std::int64_t percent) { return {bank_of(p)->steps * percent / 100}; }

std::int64_t share_gone(const FitPoint& point, const Preferences& p) {
    return millionths - share_of_curve(point.voltage.steps * millionths, p.curve);
}

Energy gone_by_curve(const FitPoint& point, const Preferences& p) {
    return {bank_of(p)->steps * share_gone(point, p) / millionths};
}

/// Returns a positive value if the bank supplied more than the curve shows as used.
Energy apart(const FitPoint& point, const Preferences& p) { return point.given - gone_by_curve(point, p); }

/// Adds a day to the list with the point at which the two differ most.
void note(LastDays<FitPoint, 3>& list, const FitPoint& point, const Preferences& p) {
    const Energy deep = percent_of(p, deep_percent);
    if (point.given < deep && gone_by_curve(point, p) < deep) return;
    if (list.empty() || list.newest().day != point.day) list.add(point);
    else if (abs(apart(point, p)) > abs(apart(list.newest(), p))) list.newest() = point;
}

bool flows_under(const BankInputs& inputs, const Preferences& p, std::int64_t percent) {
    return inputs.power && abs(*inputs.power).steps * 100 <= *p.bank_wh * percent;
}

Energy bounded(Energy energy, Energy least) { return std::clamp(energy, least, most_moved); }

void forget_way(FitMemory& memory) {
    memory.given.reset();
    memory.lowest.reset();
    memory.lost = {};
}

/// Counts the energy the bank supplied since it was full, independent of the voltage.
void count_given(const BankInputs& inputs, FitMemory& memory) {
    if (!memory.given) return;
    if (!inputs.power || inputs.elapsed > limits::longest_tick) memory.lost += inputs.elapsed;
    if (memory.lost > limits::longest_unmetered) return forget_way(memory);
    if (!inputs.power) return;
    const Energy moved = over(*inputs.power, std::min(inputs.elapsed, limits::longest_tick));
    memory.given = bounded(*memory.given - moved, Energy{});
    memory.taken = bounded(memory.taken + moved, -most_moved);
}

void follow_lowest(const FitPoint& point, FitMemory& memory) {
    if (memory.lowest && memory.lowest->voltage <= point.voltage) return;
    memory.lowest = point;
    memory.taken = {};
}

/// Closes a cycle when the bank is full. Its losses are shared between discharge and charge.
void begin_way(const std::optional<std::int32_t>& day, const Preferences& p, FitMemory& memory) {
    if (memory.given && memory.lowest && day)
        note(memory.cycles, {*day, memory.lowest->voltage, Energy{(memory.lowest->given.steps + memory.taken.steps) / 2}}, p);
    forget_way(memory);
    memory.given = Energy{};
}

/// Returns the direction in which the two differ by more than the limit, or 0 if they agree.
int side(const FitPoint& point, const Preferences& p) {
    const Energy by = apart(point, p), limit = percent_of(p, misfit_percent);
    return by > limit ? 1 : by < -limit ? -1 : 0;
}

bool agrees_three_times(const LastDays<FitPoint, 3>& list, const Preferences& p) {
    return list.size() == 3 && std::all_of(list.begin(), list.end(), [&](const FitPoint& point) { return side(point, p) == 0; });
}

bool parts_three_times(const LastDays<FitPoint, 3>& list, const Preferences& p) {
    if (list.size() < 3) return false;
    const int first = side(*list.begin(), p);
    return first != 0 && std::all_of(list.begin(), list.end(), [&](const FitPoint& point) { return side(point, p) == first; });
}

/// Returns the bank size that would have supplied this energy between full and each of the three voltages.
std::optional<std::int64_t> size_of(const LastDays<FitPoint, 3>& list, const Preferences& p) {
    std::int64_t least = 0, most = 0, sum = 0;
    for (const FitPoint& point : list) {
        const std::int64_t gone = share_gone(point, p);
        if (gone < least_gone) return std::nullopt;
        const std::int64_t size = whole_wh(Energy{point.given.steps * millionths / gone});
        least = sum == 0 ? size : std::min(least, size);
        most = std::max(most, size);
        sum += size;
    }
    if (least < least_bank_wh || most > most_bank_wh || (most - least) * 100 > least * sizes_agree_percent) return std::nullopt;
    const std::int64_t mean = sum / static_cast<std::int64_t>(list.size());
    return std::max((mean + round_to_wh / 2) / round_to_wh * round_to_wh, least_bank_wh);
}

Misfit misfit_in(const LastDays<FitPoint, 3>& list, const Preferences& p) {
    Misfit misfit;
    misfit.bank_wh = size_of(list, p);
    for (std::size_t i = 0; i < misfit.days.size(); ++i) {
        const FitPoint& point = *(list.begin() + i);
        const Energy bank = *bank_of(p), left = std::max(bank - point.given, Energy{});
        misfit.days[i] = {point, static_cast<int>((millionths - share_gone(point, p)) / 10'000),
                          static_cast<int>(left.steps * 100 / bank.steps)};
    }
    return misfit;
}

}  // namespace

void learn_fit(const FitInputs& inputs, const Preferences& preferences, const BankMemory& bank, FitMemory& memory) {
    if (inputs.closed_sunny) {
        memory.days_not_full = std::min(memory.days_not_full + 1, limits::days_not_full);
        memory.sunny_among = memory.sunny_among || *inputs.closed_sunny;
    }
    if (inputs.full) {
        memory.days_not_full = 0;
        memory.sunny_among = false;
    }
    const BankInputs& now = inputs.bank;
    count_given(now, memory);
    const bool steady = bank.mean && now.elapsed <= limits::longest_tick;
    memory.rests_since.see(steady && flows_under(now, preferences, rest_percent), now.now);
    memory.calm_since.see(steady && flows_under(now, preferences, calm_percent), now.now);
    if (is_charged(bank, now.now)) return begin_way(inputs.day, preferences, memory);
    if (!memory.given || !inputs.day || !bank.mean) return;
    const FitPoint point{*inputs.day, Volts{*bank.mean / millionths}, *memory.given};
    if (memory.calm_since.over(now.now, calm_for)) follow_lowest(point, memory);
    if (memory.rests_since.over(now.now, rest_for)) note(memory.rests, point, preferences);
}

bool fits(const Preferences& preferences, const FitMemory& memory) {
    return agrees_three_times(memory.rests, preferences) || agrees_three_times(memory.cycles, preferences);
}

std::optional<Misfit> misfit_of(const Preferences& preferences, const FitMemory& memory) {
    if (parts_three_times(memory.rests, preferences)) return misfit_in(memory.rests, preferences);
    if (!parts_three_times(memory.cycles, preferences)) return std::nullopt;
    Misfit misfit = misfit_in(memory.cycles, preferences);
    misfit.from_full_to_full = true;
    return misfit;
}

}  // namespace volt
