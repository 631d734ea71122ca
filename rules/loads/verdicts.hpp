// Verdicts: state, the one reason that decided, what would flip it.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Completes the verdicts whose gates are judged, and advances the states of the loads.
void judge_verdicts(Started& tick);

/// The smallest change that would start a waiting load (by the deciding gate).
std::optional<Flip> flip_of(const Gate& gate, const Control& control);

}  // namespace volt
