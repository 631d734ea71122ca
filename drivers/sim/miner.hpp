// Draw of a miner after its relay closes: it boots, then ramps to full power.
#pragma once

#include "rules/time.hpp"

namespace volt::sim {

struct MinerTimes {
    Duration boot = 6s;   ///< 60 W while it boots; a real one takes minutes
    Duration ramp = 14s;  ///< linear, from boot power to nominal
};

/// A miner. Runs in real time, independent of the site's speed.
class Miner {
public:
    Miner(double nominal_w, MinerTimes times) : nominal_w_(nominal_w), times_(times) {}
    /// Returns the draw at `now` with or without supply. Losing the supply restarts the boot.
    double draw_w(bool supplied, Time now);

private:
    double nominal_w_;
    MinerTimes times_;
    bool running_ = false;
    Time since_{};
};

}  // namespace volt::sim
