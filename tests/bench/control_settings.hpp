// Settings under test: the shipped rows, and the output of `voltctl init` for such a bank.
#pragma once

#include "tests/bench/control_rules.hpp"

namespace volt::control {

/// Returns the shipped rows with size and curve of the bank. `times`: error factor of the size; `own_curve`: false for the curve
/// of the other kind of bank.
std::function<void(Policy&, const Week&)> shipped_rows(double times = 1, bool own_curve = true);

/// Returns the settings that `voltctl init` writes: the bank's preset and the rows of both miners. `sized`: the capacity is
/// known.
std::function<void(Policy&, const Week&)> init_rows(bool sized = true, double times = 1, bool own_curve = true);

}  // namespace volt::control
