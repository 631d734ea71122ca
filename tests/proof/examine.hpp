// A case from its first tick to its last: all properties, and a smaller case where one fails.
#pragma once

#include <iosfwd>

#include "tests/proof/proof.hpp"

namespace volt::proof {

struct Finding {
    std::optional<Failure> failure;
    std::map<int, long> judged;
    long starts = 0;
};

/// Runs a case until its end or its first failure.
Finding examine(const Case& subject);

/// The smallest case found that fails the same property: fewer ticks, loads, faults, settings at their defaults.
/// At most 600 runs.
Case shrink(const Case& subject, int property);

/// The case as settings that are not the defaults, what happened, and lines for `voltctl replay`.
void print(std::ostream& out, const Case& subject, const Failure& failure);

}  // namespace volt::proof
