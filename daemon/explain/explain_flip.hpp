// What would change a load, as an owner needs it.
#pragma once

#include "daemon/explain/explain.hpp"

namespace volt {

struct FlipWords {
    std::string gate;  ///< name of the gate, or of the reason
    std::string text;  ///< "2.5 K less: Heat Room must be below 40.0 °C"
};

/// For every load: by number where one tells it, else what has to happen or to be done.
FlipWords explain_flip(const Scene& scene, std::size_t load);

}  // namespace volt
