// Random numbers of the simulation: the same seed gives the same site on every machine.
#pragma once

#include <cstdint>

namespace volt::sim {

/// Splitmix64, instead of <random>, whose distributions differ between libraries.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    /// Returns a number in [0, 1): 53 random bits, exact in a double.
    double unit() { return static_cast<double>(next() >> 11) * (1.0 / 9007199254740992.0); }
    double between(double low, double high) { return low + (high - low) * unit(); }
    /// Returns true about once per `mean_s` if called every `dt_s`.
    bool happens(double dt_s, double mean_s) { return unit() * mean_s < dt_s; }

private:
    std::uint64_t state_;
};

/// Returns one step of a first-order lag, which cannot overshoot for any `dt_s`.
constexpr double approach(double value, double target, double dt_s, double tau_s) {
    return value + (target - value) * (dt_s / (tau_s + dt_s));
}

}  // namespace volt::sim
