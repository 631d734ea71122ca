#include "drivers/sim/rooms.hpp"

#include "drivers/sim/sun.hpp"

namespace volt::sim {

void Room::step(double heat_w, int level, double outside_c, double dt_s) {
    // Solved for the step's end, so that a long step cannot overshoot.
    const double loss_w_k = config_.leak_w_k + config_.fan_w_k * level;
    const double held = config_.capacity_j_k / dt_s;
    celsius_ = (held * celsius_ + heat_w + loss_w_k * outside_c) / (held + loss_w_k);
}

double outside_celsius(std::int64_t utc_ms, double hour) {
    const double year = static_cast<double>(utc_ms) / (365.2425 * 86'400'000.0);
    const double season = sine(year - 0.31);       // highest in late July
    const double day = sine((hour - 9.5) / 24.0);  // highest at half past three
    return 15.5 + 6.5 * season + (6.5 + 2.0 * season) * day;
}

}  // namespace volt::sim
