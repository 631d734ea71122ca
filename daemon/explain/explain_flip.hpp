// Condition that would change a load, in words for the owner.
#pragma once

#include "daemon/explain/explain.hpp"

namespace volt {

struct FlipWords {
    std::string gate;  ///< first-named gate, or the reason
    std::string text;  ///< "Earliest 10:00, with 8 kW of sun, 6.5 kW more; and 54.50 V, 2.1 V more"
};

/// Names everything that blocks the load's start, or what ends its run. Page, voltctl, topics and API show this sentence.
FlipWords explain_flip(const ExplainContext& scene, std::size_t load);

}  // namespace volt
