#include "drivers/sim/bank.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace volt::sim {

namespace {

struct Point {
    double soc, volts;
};

// The ends are beyond 0 and 100 %: an empty cell drops, a full one rises until the charger limits it.
constexpr std::array<Point, 8> site_curve = {
    {{-4, 41.0}, {0, 45.0}, {15, 47.0}, {40, 50.0}, {60, 51.5}, {80, 54.5}, {100, 56.0}, {102.5, 58.0}}};
constexpr std::array<Point, 12> cell_curve = {{{-2, 38.0},
                                               {0, 40.0},
                                               {5, 48.0},
                                               {10, 51.2},
                                               {20, 52.0},
                                               {40, 52.5},
                                               {60, 52.8},
                                               {70, 53.1},
                                               {90, 53.4},
                                               {96, 54.0},
                                               {100, 56.0},
                                               {102.5, 58.0}}};

double straight(const Point& a, const Point& b, double soc) {
    return a.volts + (b.volts - a.volts) * (soc - a.soc) / (b.soc - a.soc);
}

/// Interpolates between points, and extrapolates the last segment beyond the ends.
double along(std::span<const Point> points, double soc) {
    std::size_t piece = 1;
    while (piece + 1 < points.size() && soc > points[piece].soc) ++piece;
    return straight(points[piece - 1], points[piece], soc);
}

}  // namespace

double resting_volts(BankCurve curve, double soc_pct) {
    const double volts = curve == BankCurve::site ? along(site_curve, soc_pct) : along(cell_curve, soc_pct);
    return std::max(volts, 20.0);
}

Bank::Bank(const BankConfig& config, double soc_pct)
    : config_(config), soc_pct_(soc_pct), volts_(resting_volts(config.curve, soc_pct) * config.share()) {}

double Bank::volts_at(double power_w) const {
    // P = V * (V - E) / R, solved for V. A draw beyond the bank's limit ends at half its inner voltage.
    const double inner = inner_volts();
    const double root = inner * inner + 4 * ohm() * power_w;
    return (inner + (root > 0 ? std::sqrt(root) : 0)) / 2;
}

double Bank::most_charge_w(double limit_v, double limit_a) const {
    const double by_voltage = (limit_v - inner_volts()) / ohm();
    if (by_voltage <= 0 || limit_a <= 0) return 0;
    const double amps = std::min(by_voltage, limit_a);
    return amps * (inner_volts() + amps * ohm());
}

void Bank::step(double power_w, double dt_s) {
    volts_ = volts_at(power_w);
    amps_ = power_w / volts_;
    soc_pct_ += amps_ * dt_s / 36.0 / config_.capacity_ah;
    const double settled = amps_ * config_.slow_ohm * config_.share();
    slow_v_ += (settled - slow_v_) * (dt_s / (config_.slow_s + dt_s));
}

}  // namespace volt::sim
