// What would change a load, as an owner needs it.
#pragma once

#include "daemon/explain/explain.hpp"

namespace volt {

struct FlipWords {
    std::string gate;  ///< name of the gate named first, or of the reason
    std::string text;  ///< "Earliest 10:00, with 8 kW of sun, 6.5 kW more; and 54.50 V, 2.1 V more"
};

/// For every load: all that blocks its start, or what ends its run. Page, voltctl, topics and API show this sentence.
FlipWords explain_flip(const ExplainContext& scene, std::size_t load);

}  // namespace volt
