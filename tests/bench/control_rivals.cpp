#include "tests/bench/control_rivals.hpp"

namespace volt::control {

Loads Thermostat::operator()(const Seen& seen) const {
    Loads next = seen.on;
    for (std::size_t i = 0; i < next.size(); ++i) {
        if (seen.plant.bank().volts() >= on[i]) next[i] = true;
        if (seen.plant.bank().volts() <= off[i]) next[i] = false;
    }
    return next;
}

std::vector<Thermostat> thermostats() {
    std::vector<Thermostat> grid;
    for (const double on : {52.5, 53.0, 53.5, 54.0, 54.5, 55.5})
        for (const double off : {50.5, 51.0, 51.5, 52.0, 52.5})
            for (const double second : {54.5, 55.5}) grid.push_back({{on, second}, {off, second - 1.5}});
    return grid;
}

Loads Surplus::operator()(const Seen& seen) const {
    Loads next = seen.on;
    double surplus_w = seen.plant.battery_w();
    for (std::size_t i = 0; i < next.size(); ++i) {
        const double pct = seen.plant.bank().soc_pct();
        const bool covered = surplus_w >= draw_w[i] || seen.plant.held_back();
        if (!next[i] && pct >= on_pct[i] && covered) {
            next[i] = true;
            surplus_w -= draw_w[i];
        }
        if (pct <= off_pct[i]) next[i] = false;
    }
    return next;
}

std::vector<Surplus> surplus_controls() {
    std::vector<Surplus> grid;
    for (const double off : {20, 30, 40, 50, 60})
        for (const double wider : {5, 20})
            for (const double second : {60, 75, 90}) grid.push_back({{off + wider, second + 5}, {off, second}});
    return grid;
}

}  // namespace volt::control
