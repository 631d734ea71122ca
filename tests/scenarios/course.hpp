// One input over time: a constant, a straight line to the next step, "no data", or silence.
#pragma once

#include <optional>

#include "rules/time.hpp"

namespace volt::stories {

struct Course {
    std::int64_t from = 0, to = 0;  ///< in steps of the unit
    Time begins{}, ends{};          ///< ends of the line; if equal, `from` is constant
    bool no_data = false;           ///< answers without a value
    bool silent = false;            ///< does not answer

    std::optional<std::int64_t> at(Time t) const {
        if (no_data) return std::nullopt;
        if (ends <= begins || t <= begins) return from;
        if (t >= ends) return to;
        return from + (to - from) * (t - begins).count() / (ends - begins).count();
    }

    Course plus(std::int64_t steps) const {
        Course more = *this;
        more.from += steps;
        more.to += steps;
        return more;
    }
};

}  // namespace volt::stories
