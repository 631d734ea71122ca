#include "drivers/sim/house.hpp"

#include <algorithm>
#include <array>

namespace volt::sim {

namespace {

constexpr std::array<double, 24> base_w = {430, 420, 420, 420, 430, 470, 560, 650, 640, 600, 580, 580,
                                           620, 600, 580, 590, 640, 720, 820, 860, 820, 740, 600, 480};

double base_at(double hour) {
    const auto from = static_cast<std::size_t>(hour) % 24;
    const double part = hour - static_cast<double>(static_cast<int>(hour));
    return base_w[from] + (base_w[(from + 1) % 24] - base_w[from]) * part;
}

/// Advances a burst, which starts about every `mean_s`. Returns true while it draws.
bool burst(double& left_s, Random& random, double dt_s, double mean_s, double length_s) {
    if (left_s > 0) {
        left_s -= dt_s;
    } else if (random.happens(dt_s, mean_s)) {
        left_s = length_s * random.between(0.6, 1.4);
    }
    return left_s > 0;
}

}  // namespace

void House::step(Random& random, double dt_s, double hour) {
    const bool awake = hour > 6 && hour < 22;
    double watts = base_at(hour) + random.between(-12, 12);
    if (burst(fridge_.left_s, random, dt_s, 1'500, 900)) watts += 120;
    if (burst(kitchen_.left_s, random, dt_s, awake ? 6'000 : 60'000, 360)) watts += 1'100;
    if (burst(pump_.left_s, random, dt_s, awake ? 9'000 : 40'000, 240)) watts += 900;
    power_w_ = std::clamp(watts, 400.0, 2'000.0);
}

}  // namespace volt::sim
