#include "daemon/source_log.hpp"

#include <fmt/format.h>

namespace volt {

void SourceLog::look(const Slots& slots, Time now, Log& log) {
    std::erase_if(seen_, [&](const auto& entry) { return !slots.contains(entry.first); });
    for (const auto& [name, slot] : slots) {
        const SourceHealth& health = slot.health;
        Seen& seen = seen_[name];
        const bool failed = health.failures > seen.failures && health.fault;
        const bool complains = !health.fault && !health.last_error.empty() && health.last_error != seen.complaint;
        seen.failures = health.failures;
        if (!health.fault) seen.complaint = health.last_error;
        if (!failed && !complains) continue;
        const char* kind = failed ? name_of(*health.fault) : "complaint";
        log.write_limited(now, fmt::format("source/{}/{}", name, kind), Level::warning,
                          fmt::format("{}: {}", name, health.last_error), {{"SOURCE", name}, {"REASON", kind}});
    }
}

}  // namespace volt
