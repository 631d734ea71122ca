// Clouds over the site: a changing sky, and the share of light that passes.
#pragma once

#include "drivers/sim/random.hpp"

namespace volt::sim {

/// Kind of day. `clear` has no clouds; `fair` has a few passing ones.
enum class Sky { clear, fair, mixed, grey };

class Clouds {
public:
    explicit Clouds(Sky sky);
    /// Advances by `dt_s` seconds of the site's time.
    void step(Random& random, double dt_s);
    /// Sets the kind of day from now on; present clouds still pass.
    void set_sky(Sky sky);
    /// Returns the share of direct light that passes, 0..1. It changes smoothly over minutes.
    double transmission() const { return transmission_; }
    /// Returns the report of a weather service: averaged over 15 min, with hysteresis.
    bool sunny() const { return sunny_; }

private:
    enum class Cover { open, broken, overcast };
    void change_cover(Random& random, double dt_s);
    double target(Random& random, double dt_s);

    Sky sky_;
    Cover cover_ = Cover::open;
    double gap_ = 1;  // light through the current gap or cloud of a broken sky
    double transmission_ = 1;
    double mean_ = 1;
    bool sunny_ = true;
};

}  // namespace volt::sim
