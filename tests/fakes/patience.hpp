// The bound of every wait in a test.
#pragma once

#include <chrono>

namespace volt::testing {

/// Ends a hopeless wait for what must come. The longest wait takes 45 s on an idle machine, of which little is computed: a machine
/// ten times slower stays below this. A test whose subject is a time keeps a bound of its own.
constexpr std::chrono::seconds patience{300};

}  // namespace volt::testing
