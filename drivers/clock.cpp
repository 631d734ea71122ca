#include <chrono>

#include "drivers/source.hpp"

namespace volt {

Time monotonic_now() {
    return std::chrono::duration_cast<Time>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace volt
