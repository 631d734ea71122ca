// Verdicts: state, deciding reason, and the change that would flip the verdict.
#pragma once

#include "rules/tick.hpp"

namespace volt {

/// Completes the verdicts whose gates are judged, and advances the states of the loads.
void judge_verdicts(Started& tick);

/// Returns the smallest change that would start a waiting load, based on the deciding gate.
std::optional<Flip> flip_of(const Gate& gate, const Control& control);

}  // namespace volt
