// Growing gaps between tries: 1, 2, 4 ... 60 s, each up to a fifth shorter or longer, so that pollers do not synchronize. Pure:
// the same seed gives the same gaps.
#pragma once

#include <algorithm>
#include <cstdint>

#include "rules/time.hpp"

namespace volt::modbus {

class Backoff {
public:
    explicit Backoff(std::uint64_t seed, Duration first = 1s, Duration longest = 60s)
        : state_(seed), first_(first), longest_(longest), base_(first) {}

    /// Returns the gap after one more failure, never above the longest.
    Duration next() {
        const auto fifth = static_cast<std::uint64_t>(base_.count()) / 5;
        const Duration gap = base_ - Duration(fifth) + Duration(random() % (2 * fifth + 1));
        base_ = std::min(2 * base_, longest_);
        return std::min(gap, longest_);
    }

    /// Restarts with the first gap after a success.
    void reset() { base_ = first_; }

private:
    /// Returns a random number (splitmix64: small, and the same on every machine).
    std::uint64_t random() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }

    std::uint64_t state_;
    Duration first_, longest_, base_;
};

}  // namespace volt::modbus
