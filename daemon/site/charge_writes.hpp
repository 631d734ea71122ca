// ChargeWrites: how often one charge limit was written, against the bound of a day: the register is in flash.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "rules/time.hpp"

namespace volt {

struct ChargeWrites {
    std::int64_t day = 0;  ///< of `count`: days since 1970, UTC; never goes back
    int count = 0;         ///< of that day, permitted ones
    Utc newest{};
    bool operator==(const ChargeWrites&) const = default;

    static constexpr int most_a_day = 48;
    static constexpr int kept_for_blocks = 8;  ///< of these: the last ones of a day only block

    void add(Utc utc) {
        if (day_of(utc) > day) count = 0;
        day = std::max(day, day_of(utc));
        ++count;
        newest = utc;
    }
    /// `more` writes of this limit would exceed the bound of the day.
    bool used_up(Utc utc, int limit_a, int more) const {
        return day_of(utc) <= day && count + more > (limit_a == 0 ? most_a_day : most_a_day - kept_for_blocks);
    }

private:
    static std::int64_t day_of(Utc utc) { return std::chrono::floor<std::chrono::days>(utc).count(); }
};

}  // namespace volt
