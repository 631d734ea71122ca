// Runs a case from its first tick to its last with all properties, and finds a smaller case if one fails.
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

/// Returns the smallest case found that fails the same property: fewer ticks, loads and faults, more default settings. At most
/// 600 runs.
Case shrink(const Case& subject, int property);

/// Prints the case as settings that differ from the defaults, events, and lines for `voltctl replay`.
void print(std::ostream& out, const Case& subject, const Failure& failure);

}  // namespace volt::proof
