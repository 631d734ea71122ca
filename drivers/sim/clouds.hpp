// Clouds over the site: a sky that changes its mind, and what it lets through.
#pragma once

#include "drivers/sim/random.hpp"

namespace volt::sim {

/// The kind of day. `clear` has no cloud at all; `fair` a few that pass.
enum class Sky { clear, fair, mixed, grey };

class Clouds {
public:
    explicit Clouds(Sky sky);
    /// Moves on by `dt_s` seconds of the site's time.
    void step(Random& random, double dt_s);
    /// Another kind of day from now on; what is in the sky passes by itself.
    void set_sky(Sky sky);
    /// Share of the direct light that comes through, 0..1; moves smoothly over minutes.
    double transmission() const { return transmission_; }
    /// What a weather service would report: with hysteresis, over a quarter of an hour.
    bool sunny() const { return sunny_; }

private:
    enum class Cover { open, broken, overcast };
    void change_cover(Random& random, double dt_s);
    double target(Random& random, double dt_s);

    Sky sky_;
    Cover cover_ = Cover::open;
    double gap_ = 1;  // of broken cloud: what the present gap or cloud lets through
    double transmission_ = 1;
    double mean_ = 1;
    bool sunny_ = true;
};

}  // namespace volt::sim
