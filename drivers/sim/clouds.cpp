#include "drivers/sim/clouds.hpp"

namespace volt::sim {

namespace {

/// Mean time in open, broken and overcast sky, in s, or 0 if it does not occur.
struct Stays {
    double open, broken, overcast;
};

Stays stays_of(Sky sky) {
    switch (sky) {
        case Sky::clear: return {1, 0, 0};
        case Sky::fair: return {16'000, 1'200, 0};
        case Sky::mixed: return {5'400, 3'600, 2'700};
        case Sky::grey: return {1'800, 3'600, 14'400};
    }
    return {1, 0, 0};
}

}  // namespace

Clouds::Clouds(Sky sky) : sky_(sky) {
    if (sky == Sky::grey) {
        cover_ = Cover::overcast;
        transmission_ = mean_ = 0.15;
        sunny_ = false;
    }
}

void Clouds::set_sky(Sky sky) {
    sky_ = sky;
    if (stays_of(sky).broken == 0) cover_ = Cover::open;
    else if (stays_of(sky).overcast == 0 && cover_ == Cover::overcast) cover_ = Cover::broken;
}

void Clouds::change_cover(Random& random, double dt_s) {
    const Stays stays = stays_of(sky_);
    if (stays.broken == 0) return;
    switch (cover_) {
        case Cover::open:
        case Cover::overcast:
            if (random.happens(dt_s, cover_ == Cover::open ? stays.open : stays.overcast)) cover_ = Cover::broken;
            return;
        case Cover::broken:
            if (!random.happens(dt_s, stays.broken)) return;
            cover_ = stays.overcast > 0 && random.unit() < 0.5 ? Cover::overcast : Cover::open;
            return;
    }
}

double Clouds::target(Random& random, double dt_s) {
    if (cover_ == Cover::open) return 1;
    if (cover_ == Cover::overcast) return 0.15;
    if (random.happens(dt_s, 240)) gap_ = random.unit() < 0.5 ? random.between(0.25, 0.5) : random.between(0.85, 1);
    return gap_;
}

void Clouds::step(Random& random, double dt_s) {
    change_cover(random, dt_s);
    transmission_ = approach(transmission_, target(random, dt_s), dt_s, 90);
    mean_ = approach(mean_, transmission_, dt_s, 900);
    if (mean_ > 0.70) sunny_ = true;
    if (mean_ < 0.55) sunny_ = false;
}

}  // namespace volt::sim
