// Draw of the house: a base by the hour, a fridge, a kettle, a well pump.
#pragma once

#include "drivers/sim/random.hpp"

namespace volt::sim {

class House {
public:
    /// Advances by `dt_s` seconds at the given local solar hour.
    void step(Random& random, double dt_s, double hour);
    /// Returns 400..2000 W, without miners, heaters and fans.
    double power_w() const { return power_w_; }

private:
    struct Burst {
        double left_s = 0;
    };

    double power_w_ = 500;
    Burst fridge_, kitchen_, pump_;
};

}  // namespace volt::sim
