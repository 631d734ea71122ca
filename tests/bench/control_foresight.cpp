// Perfect foresight: a dynamic program over the state of charge with steps of ten minutes, then followed on the plant itself.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "tests/bench/control_week.hpp"

namespace volt::control {

namespace {

constexpr int cells = 400;         // cells of the bank, from 0 to 100 %
constexpr double lowest_v = 45.3;  // after a slot, under load: nothing is worth a critical bank
constexpr double harm = 1000;      // TH h for a slot below it, and for each volt: the house alone may force it
constexpr double start_cost = 2;   // TH h: prefers fewer switchings among equal plans
constexpr double slot_h = 1.0 / 6;
constexpr double boot_share = 0.5;  // share of its first slot that a miner boots
constexpr double most_charge_w = 185 * 52.0;
constexpr double resistance_ohm = 0.013;  // both resistances of the bank
constexpr double loss_per_w2 = resistance_ohm / (52.0 * 52.0);
constexpr double never = -1e12;
constexpr int choices = 4;

double draw_of(int choice) { return ((choice & 1) ? draw_w[0] : 0) + ((choice & 2) ? draw_w[1] : 0); }
double hash_of(int choice) { return ((choice & 1) ? hash_th[0] : 0) + ((choice & 2) ? hash_th[1] : 0); }

/// Returns the charge after a slot, in percent.
double next_pct(double pct, double bank_wh, double offered_w, double load) {
    const double full_w = std::max(0.0, (100.0 - pct) / 100 * bank_wh / slot_h);
    const double battery = std::min(offered_w, load + std::min(most_charge_w, full_w)) - load;
    const double kept = battery - battery * battery * loss_per_w2;
    return pct + kept * slot_h / bank_wh * 100;
}

/// Best value from each charge and each earlier choice: the table of one slot.
using Values = std::vector<double>;
std::size_t at(int cell, int before) { return static_cast<std::size_t>(cell * choices + before); }

double value_at(const Values& values, double pct, int before) {
    if (pct < 0) return never + pct;
    const double place = std::min(pct, 100.0) / 100 * cells;
    const int cell = std::min(static_cast<int>(place), cells - 1);
    const double part = place - cell;
    return values[at(cell, before)] * (1 - part) + values[at(cell + 1, before)] * part;
}

double harm_at(const Course& course, double pct, double load_w) {
    const double volts = sim::resting_volts(course.curve, pct) - load_w / lowest_v * resistance_ohm;
    return volts < lowest_v ? harm * (1 + lowest_v - volts) : 0;
}

double gain(const Course& course, const Values& later, std::size_t slot, double pct, int before, int choice) {
    const int begun = choice & ~before;
    const double cost = (begun & 1 ? start_cost : 0) + (begun & 2 ? start_cost : 0);
    const double draw = draw_of(choice) - draw_of(begun) * boot_share, hash = hash_of(choice) - hash_of(begun) * boot_share;
    const double after = next_pct(pct, course.bank_wh, course.offered_w[slot], course.house_w[slot] + draw);
    return hash * slot_h - cost - harm_at(course, after, course.house_w[slot] + draw_of(choice)) + value_at(later, after, choice);
}

std::vector<Values> solve(const Course& course) {
    const std::size_t slots = course.offered_w.size();
    std::vector<Values> best(slots + 1, Values(static_cast<std::size_t>((cells + 1) * choices)));
    for (int cell = 0; cell <= cells; ++cell)
        for (int before = 0; before < choices; ++before)
            best[slots][at(cell, before)] = 100.0 * cell / cells / 100 * course.bank_wh * hash_th[0] / draw_w[0];
    for (std::size_t slot = slots; slot-- > 0;)
        for (int cell = 0; cell <= cells; ++cell)
            for (int before = 0; before < choices; ++before) {
                double top = -std::numeric_limits<double>::infinity();
                for (int choice = 0; choice < choices; ++choice)
                    top = std::max(top, gain(course, best[slot + 1], slot, 100.0 * cell / cells, before, choice));
                best[slot][at(cell, before)] = top;
            }
    return best;
}

}  // namespace

Switch foresight(const Week& week) {
    struct Plan {
        Course course;
        std::vector<Values> best;
    };
    auto plan = std::make_shared<Plan>();
    plan->course = course_of(week);
    plan->best = solve(plan->course);
    return [plan](const Seen& seen) -> Loads {
        const Loads& now = seen.on;
        const auto slot = static_cast<std::size_t>((seen.step + 1) / steps_of_slot);
        if ((seen.step + 1) % steps_of_slot != 0 || slot >= plan->course.offered_w.size()) return now;
        const int before = (now[0] ? 1 : 0) + (now[1] ? 2 : 0);
        int chosen = 0;
        double top = -std::numeric_limits<double>::infinity();
        for (int choice = 0; choice < choices; ++choice) {
            const double value = gain(plan->course, plan->best[slot + 1], slot, seen.plant.bank().soc_pct(), before, choice);
            if (value > top) top = value, chosen = choice;
        }
        return {(chosen & 1) != 0, (chosen & 2) != 0};
    };
}

}  // namespace volt::control
