// ChargeWrites: counts the writes of one charge limit against the daily bound, because the register is in flash.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "rules/time.hpp"

namespace volt {

struct ChargeWrites {
    std::int64_t day = 0;  ///< day of `count` in days since 1970, UTC; never decreases
    int count = 0;         ///< permitted writes of that day
    Utc newest{};
    bool operator==(const ChargeWrites&) const = default;

    static constexpr int most_a_day = 48;
    static constexpr int kept_for_blocks = 8;  ///< number of the daily writes reserved for blocks

    void add(Utc utc) {
        if (day_of(utc) > day) count = 0;
        day = std::max(day, day_of(utc));
        ++count;
        newest = utc;
    }
    /// Returns true if `more` writes of this limit would exceed the daily bound.
    bool used_up(Utc utc, int limit_a, int more) const {
        return day_of(utc) <= day && count + more > (limit_a == 0 ? most_a_day : most_a_day - kept_for_blocks);
    }

private:
    static std::int64_t day_of(Utc utc) { return std::chrono::floor<std::chrono::days>(utc).count(); }
};

}  // namespace volt
