// The settings whose result is judged: the rows as they are shipped, and what `voltctl init` writes for such a bank.
#pragma once

#include "tests/bench/control_rules.hpp"

namespace volt::control {

/// The shipped rows with size and curve of the bank. `times`: the size written is so many times the true one; `own_curve`:
/// else the curve of the other kind of bank.
std::function<void(Policy&, const Week&)> shipped_rows(double times = 1, bool own_curve = true);

/// Settings that `voltctl init` writes: the bank's preset and the rows of both miners. `sized`: the capacity is known.
std::function<void(Policy&, const Week&)> init_rows(bool sized = true, double times = 1, bool own_curve = true);

}  // namespace volt::control
