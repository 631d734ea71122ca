#include "drivers/sim/miner.hpp"

namespace volt::sim {

double Miner::draw_w(bool supplied, Time now) {
    if (!supplied) {
        running_ = false;
        return 0;
    }
    if (!running_) since_ = now;
    running_ = true;
    constexpr double board_w = 60;
    const Duration on = now - since_;
    if (on < times_.boot) return board_w;
    if (on >= times_.boot + times_.ramp) return nominal_w_;
    const double part = static_cast<double>((on - times_.boot).count()) / static_cast<double>(times_.ramp.count());
    return board_w + (nominal_w_ - board_w) * part;
}

}  // namespace volt::sim
