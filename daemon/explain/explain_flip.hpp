// What would change a load, as an owner needs it.
#pragma once

#include "daemon/explain/explain.hpp"

namespace volt {

struct FlipWords {
    std::string gate;  ///< name of the gate, or of the reason
    std::string text;  ///< "2.5 K less: Heat Room must be below 40.0 °C"
};

/// For every load: a number if there is one, else what must happen or be done.
FlipWords explain_flip(const ExplainContext& scene, std::size_t load);

}  // namespace volt
