// What a miner draws after its relay closed: a control board that boots, then a ramp to full watts.
#pragma once

#include "rules/time.hpp"

namespace volt::sim {

struct MinerTimes {
    Duration boot = 6s;   ///< 60 W while it boots; a real one takes minutes
    Duration ramp = 14s;  ///< from there to nominal in a straight line
};

/// Runs on the devices' own real time, whatever the speed of the site.
class Miner {
public:
    Miner(double nominal_w, MinerTimes times) : nominal_w_(nominal_w), times_(times) {}
    /// Draw at `now` with the supply there or not; a lost supply begins the boot again.
    double draw_w(bool supplied, Time now);

private:
    double nominal_w_;
    MinerTimes times_;
    bool running_ = false;
    Time since_{};
};

}  // namespace volt::sim
