// Clouds over the site: a changing sky, and the share of light it lets through.
#pragma once

#include "drivers/sim/random.hpp"

namespace volt::sim {

/// The kind of day. `clear` has no clouds; `fair` has a few passing ones.
enum class Sky { clear, fair, mixed, grey };

class Clouds {
public:
    explicit Clouds(Sky sky);
    /// Advances by `dt_s` seconds of the site's time.
    void step(Random& random, double dt_s);
    /// Sets the kind of day from now on; present clouds still pass.
    void set_sky(Sky sky);
    /// Share of the direct light that passes, 0..1; changes smoothly over minutes.
    double transmission() const { return transmission_; }
    /// What a weather service would report: averaged over 15 min, with hysteresis.
    bool sunny() const { return sunny_; }

private:
    enum class Cover { open, broken, overcast };
    void change_cover(Random& random, double dt_s);
    double target(Random& random, double dt_s);

    Sky sky_;
    Cover cover_ = Cover::open;
    double gap_ = 1;  // of broken cloud: light through the present gap or cloud
    double transmission_ = 1;
    double mean_ = 1;
    bool sunny_ = true;
};

}  // namespace volt::sim
