#include "drivers/source.hpp"

#include <chrono>

namespace volt {

const char* name_of(SourceState state) {
    switch (state) {
        case SourceState::ok: return "ok";
        case SourceState::stale: return "stale";
        case SourceState::absent: return "absent";
        case SourceState::failing: return "failing";
    }
    return "?";
}

Time monotonic_now() { return std::chrono::duration_cast<Time>(std::chrono::steady_clock::now().time_since_epoch()); }

Utc wall_now() { return std::chrono::duration_cast<Utc>(std::chrono::system_clock::now().time_since_epoch()); }

}  // namespace volt
